#pragma once

#include <stddef.h>
#include <stdint.h>

/// How many values are above a limit, and how many at or above it; NaN is neither.
typedef struct {
    int64_t above;
    int64_t from;
} stratum_counts_around;

stratum_counts_around stratum_count_around(const double *values, size_t count, double limit);

/// The tier of each value: how many of the lower bounds it is below, or `unranked` if it is NaN.
void stratum_tier_codes(
    const double *values, size_t count, const double *bounds, size_t boundCount, uint8_t unranked, uint8_t *codes);

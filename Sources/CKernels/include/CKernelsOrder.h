#pragma once

#include <stddef.h>
#include <stdint.h>

/// How many of some values are below and at the two ends of a bracket.
struct ck_bracket_counts {
    int64_t below_lower;
    int64_t at_lower;
    int64_t at_upper;
};

/// How many of some values are numbers.
int64_t ck_count_present(const double *values, size_t count);

/// Counts `values` against the closed bracket from `lower` to `upper` and copies those strictly between, in order, to
/// `interior`, which has room for `count`. NaN is in no count. Returns how many were copied.
/// The Swift twin is `RankSieve.sieve` in VectorMath.
size_t ck_sieve(
    const double *values, size_t count, double lower, double upper, struct ck_bracket_counts *counts,
    double *interior);

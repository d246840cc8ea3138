#pragma once

#include <stddef.h>
#include <stdint.h>

/// The extremes of packed cells; `least > greatest` if all are missing.
typedef struct {
    int32_t least;
    int32_t greatest;
    size_t missing;
} stratum_extremes;

/// Extremes of 16-bit cells, of which INT16_MIN is missing.
stratum_extremes stratum_extremes_int16(const int16_t *cells, size_t count);

/// Extremes of 32-bit cells, of which INT32_MIN is missing.
stratum_extremes stratum_extremes_int32(const int32_t *cells, size_t count);

/// Narrows cells to 16 bits, INT32_MIN to INT16_MIN. Returns 0, with `narrow` in any state, if one does not fit.
int stratum_narrow_int16(const int32_t *cells, size_t count, int16_t *narrow);

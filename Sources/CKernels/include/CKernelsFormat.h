#pragma once

#include <stddef.h>
#include <stdint.h>

/// What stands for a missing value: a whole part that no number has.
enum { STRATUM_MISSING_CELL = 1000 };

/// Splits values of 0 ... 1000 into their whole part, in the lower 16 bits of a cell, and in the upper ones what follows
/// the point, as a whole number of `1 / scale`: 57.123 by 1000 is 57 and 123.
///
/// Correctly rounded on the exact binary value, the even one of two that are equally near. A missing value is NaN.
/// `scale` is 1, 10, 100 or 1000. Returns 0, with the cells in any state, if a value rounds to less than 0 or to 1000 or
/// more; it may do so for any value below 0.
int stratum_split_decimals(const double *values, size_t count, double scale, uint32_t *cells);

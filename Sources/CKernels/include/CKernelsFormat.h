#pragma once

#include <stddef.h>
#include <stdint.h>

/// Formats values of 0 ... 999.9995 with three decimals, each behind a comma, in one word of eight bytes: `,57.123`.
///
/// Correctly rounded on the exact binary value, the even one of two that are equally near. A missing value (NaN) is a
/// comma alone. `texts[i]` holds `lengths[i]` bytes, the first in the low byte. Returns 0, with both in any state, if a
/// value is out of range.
int stratum_format_thousandths(const double *values, size_t count, uint64_t *texts, uint8_t *lengths);

/// Formats two columns likewise, each value of `left` with that of `right` behind it: `texts[2 * i]` and the word behind it
/// hold the `lengths[i]` bytes of both. Returns 0, with both in any state, if a value is out of range, or if one lies so
/// near to the middle of two thousandths that the function above must look closer.
int stratum_format_thousandth_pairs(const double *left, const double *right, size_t count, uint64_t *texts,
                                    uint8_t *lengths);

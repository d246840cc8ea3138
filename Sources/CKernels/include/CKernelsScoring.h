#pragma once

#include <stddef.h>
#include <stdint.h>

// Packed cells to values: `values[i] = cells[i] / divisor`, NaN where the cell is the smallest integer.
// `divisor` is 10^0 to 10^22, exactly a power of ten; the values are correctly rounded quotients.
void stratum_decode_int16(const int16_t *cells, size_t count, double divisor, double *values);
void stratum_decode_int32(const int32_t *cells, size_t count, double divisor, double *values);

// Indicator values to 0..1, in place: `values[i]` becomes `(x - origin) * slope` clipped to 0..1, never -0.0.
// A NaN becomes `fill` and adds 1 to `missing[i]`. Returns how many were NaN.
size_t stratum_normalize_ramp(double *values, size_t count, double origin, double slope, double fill,
                              int64_t *missing);

// The same for two lines that meet in (knot, height): slope `below` left of the knot and `above` right of it.
size_t stratum_normalize_bend(double *values, size_t count, double knot, double height, double below, double above,
                              double fill, int64_t *missing);

// `present[i] += weight` where `values[i]` does not carry the sign bit (-0.0 marks a missing value).
void stratum_add_present_weight(const double *values, size_t count, double weight, double *present);

// One dimension's weighted sums to scores, in place: divided by the weight present, except where all of `full` is;
// NaN where none is. At most 100.
void stratum_finish_dimension(double *scores, size_t count, const double *present, double full);

// `scores[i]` is at most 100. For a dimension that lacks no value in the block.
void stratum_cap_dimension(double *scores, size_t count);

// `sums[i] += weight * scores[i]` and `present[i] += weight` where `scores[i]` is a number; elsewhere `absent[i] += 1`.
void stratum_add_weighted_scores(const double *scores, size_t count, double weight, double *sums, double *present,
                                 int64_t *absent);

// The outcome of each row: its missing count in 16 bits, and bit 0 of `flags` where a value is missing, bit 1 where a
// dimension is, bit 2 where the score is NaN. Other bits of `flags` stay.
void stratum_summarize_rows(const int64_t *missing, const int64_t *absent, const double *scores, size_t count,
                            uint16_t *missingCounts, uint8_t *flags);

// What a full weight of a dimension counts for in each row: its `weight`, divided by the weight present in it except where
// all of `full` is; 0 where none is.
void stratum_dimension_factors(const double *present, size_t count, double full, double weight, double *factors);

// The factors of all dimensions, `stride` elements from one to the next, divided by the weight of the dimensions present,
// as products with its reciprocal, which takes the place of `present`; 0 where there is none.
void stratum_share_factors(double *present, size_t count, double *factors, size_t columnCount, size_t stride);

// What an indicator adds to the composite: `points` of its score times what the dimension counts for in the row, never
// -0.
void stratum_contribute(const double *scores, const double *factors, size_t count, double points,
                        double *contributions);

// The sum of the same contributions, each rounded to whole units of 2^-24 points: the same in any order.
int64_t stratum_sum_contributions(const double *scores, const double *factors, size_t count, double points);

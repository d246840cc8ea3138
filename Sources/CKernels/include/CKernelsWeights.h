#pragma once

#include <stddef.h>

// Natural logarithms for weights, to within 4 units in the last place of the true value (or 2^-53 absolute near 0).
// Sums are taken in lanes, so their last bits belong to the order that is stated with each.

// Of `count` values of 0..1, -0.0 being a missing one: adds the number of those present, their sum, the sum of their
// squares and that of x ln x, where 0 ln 0 = 0, to `sums`; each in 8 lanes, added up in order. Beside it
// `logs[i] = ln(1 + values[i])`.
void stratum_add_column(const double *values, size_t count, double *logs, double *sums);

// Of `columnCount` columns of such logarithms, `stride` elements from one to the next, T their sum in a row: adds the
// sum over rows of ln(1 + T / columnCount) to `sums[0]`, and with T less column c to `sums[1 + c]`. As logarithms of
// products of up to 64 rows in each of 8 lanes.
void stratum_add_log_removals(const double *logs, size_t stride, size_t columnCount, size_t count, double *sums);

// Over rows in which neither value has the sign bit (-0.0 is a missing one): adds their number, the sum of `values`
// and the sum of their squares to `sums`.
void stratum_add_paired(const double *values, const double *others, size_t count, double *sums);

// Adds the sums over rows of the products of each two of `columnCount` columns, `stride` elements from one to the next,
// to `products`, columnCount x columnCount.
void stratum_add_products(const double *values, size_t stride, size_t columnCount, size_t count, double *products);

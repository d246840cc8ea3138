#pragma once

#include <stddef.h>

// Natural logarithms for weights, to within 4 units in the last place of the true value (or 2^-53 absolute near 0).
// Sums are taken in lanes, so their last bits belong to the order that is stated with each.

// The sum of x ln x over `count` values of 0..1, where 0 ln 0 = 0 and -0.0 counts as 0: in 8 lanes, added up in order.
double stratum_sum_x_log_x(const double *values, size_t count);

// `logs[i] = ln(1 + values[i])` for values of 0..1.
void stratum_log_one_plus(const double *values, size_t count, double *logs);

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

#pragma once

#include <stddef.h>

// Natural logarithms for weights, to within 4 units in the last place of the true value (or 2^-53 absolute near 0).
// Sums are taken in lanes, so their last bits belong to the order that is stated with each.

// The sum of x ln x over `count` values of 0..1, where 0 ln 0 = 0 and -0.0 counts as 0: in 8 lanes, added up in order.
double stratum_sum_x_log_x(const double *values, size_t count);

// `logs[i] = ln(1 + values[i])` for values of 0..1, and `totals[i] += logs[i]`.
void stratum_log_one_plus(const double *values, size_t count, double *logs, double *totals);

// The sum of ln(1 + (totals[i] - logs[i]) * share), the arguments 1 or more: as logarithms of products of 8 lanes.
// `logs` may be null: then the sum of ln(1 + totals[i] * share).
double stratum_sum_log_removal(const double *totals, const double *logs, size_t count, double share);

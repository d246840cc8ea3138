#pragma once

#include <stddef.h>

// Terms of the likelihood of histories with one number of purchases under a model with beta-geometric dropout.
//
// recency, age, weight: `count` histories; recency <= age. `shape` is r + k x and `logOdds` ln (a / (b + ...)), or
// STRATUM_LIFETIME_NOBODY_LEFT. stage, stageSlope: `stageCount` (k, 1 to 64) coefficients of the polynomial
// S(w), w = (age - recency) / (alpha + age), and of its derivative by shape; stage[0] is 1.
//
// sums[0..3] receive the weighted sums of: the logarithm -shape ln(alpha + age) + ln S + ln(1 + odds of having left),
// its derivatives by shape and by alpha, and the probability of having left. Eight partial sums, the same whatever
// vectors the machine has.
#define STRATUM_LIFETIME_NOBODY_LEFT (-1e9)

void stratum_lifetime_terms(const double *recency, const double *age, const double *weight, size_t count, double alpha,
                            double shape, double logOdds, const double *stage, const double *stageSlope,
                            size_t stageCount, double *sums);

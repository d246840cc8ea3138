// The loops of scoring over one block of rows. The Swift twins are in Tests/ScoringTests/KernelTwins.swift and
// compared bit for bit, so no multiplication and addition may be contracted into one rounding here.

#include "CKernelsScoring.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// m / 10^k, correctly rounded, by the rounded reciprocal and one correction: a division costs five times as much.
// Before its rounding the corrected value is off by at most 3 * 2^-54 units in the last place; with |m| < 2^31 and
// k <= 22 the quotient, unless exact, lies 1 / (2 * 5^k) > 3 * 2^-54 of them or more from a tie, so both round alike.
// (Markstein, "Computation of elementary functions on the IBM RISC System/6000 processor", 1990.)
#define QUOTIENT(m, divisor, reciprocal)                                                                               \
    ({                                                                                                                 \
        double dividend = (m);                                                                                         \
        double estimate = dividend * (reciprocal);                                                                     \
        __builtin_fma(__builtin_fma(-estimate, (divisor), dividend), (reciprocal), estimate);                          \
    })

#define DECODE(missing)                                                                                                \
    if (divisor == 1) {                                                                                                \
        for (size_t i = 0; i < count; i++) values[i] = cells[i] == (missing) ? __builtin_nan("") : cells[i];           \
    } else {                                                                                                           \
        double reciprocal = 1 / divisor;                                                                               \
        for (size_t i = 0; i < count; i++) {                                                                           \
            double value = QUOTIENT(cells[i], divisor, reciprocal);                                                    \
            values[i] = cells[i] == (missing) ? __builtin_nan("") : value;                                             \
        }                                                                                                              \
    }

CLONES
void stratum_decode_int16(const int16_t *restrict cells, size_t count, double divisor, double *restrict values) {
    DECODE(INT16_MIN)
}

CLONES
void stratum_decode_int32(const int32_t *restrict cells, size_t count, double divisor, double *restrict values) {
    DECODE(INT32_MIN)
}

CLONES
size_t stratum_normalize_ramp(double *restrict values, size_t count, double origin, double slope, double fill,
                              int64_t *restrict missing) {
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        double x = values[i];
        double y = (x - origin) * slope;
        // False for NaN and -0.0: both leave as +0.0, and this is one instruction.
        y = y > 0 ? y : 0.0;
        y = y < 1 ? y : 1.0;
        int64_t absent = x != x;
        values[i] = absent ? fill : y;
        missing[i] += absent;
        total += absent;
    }
    return (size_t)total;
}

CLONES
size_t stratum_normalize_bend(double *restrict values, size_t count, double knot, double height, double below,
                              double above, double fill, int64_t *restrict missing) {
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        double x = values[i];
        double distance = x - knot;
        double y = height + distance * (distance < 0 ? below : above);
        y = y > 0 ? y : 0.0;
        y = y < 1 ? y : 1.0;
        int64_t absent = x != x;
        values[i] = absent ? fill : y;
        missing[i] += absent;
        total += absent;
    }
    return (size_t)total;
}

CLONES
void stratum_add_present_weight(const double *restrict values, size_t count, double weight,
                                double *restrict present) {
    for (size_t i = 0; i < count; i++) {
        int64_t bits;
        memcpy(&bits, values + i, sizeof bits);
        present[i] += bits < 0 ? 0.0 : weight;
    }
}

CLONES
void stratum_finish_dimension(double *restrict scores, size_t count, const double *restrict present, double full) {
    for (size_t i = 0; i < count; i++) {
        double score = scores[i];
        double scaled = score / present[i];
        score = present[i] == full ? score : scaled;
        // Written so that NaN stays.
        scores[i] = score > 100 ? 100.0 : score;
    }
}

CLONES
void stratum_dimension_factors(const double *restrict present, size_t count, double full, double weight,
                               double *restrict factors) {
    for (size_t i = 0; i < count; i++) {
        double scaled = weight / present[i];
        factors[i] = present[i] == full ? weight : present[i] == 0 ? 0.0 : scaled;
    }
}

CLONES
void stratum_share_factors(double *restrict present, size_t count, double *restrict factors, size_t columnCount,
                           size_t stride) {
    for (size_t i = 0; i < count; i++) {
        double share = 1 / present[i];
        present[i] = present[i] > 0 ? share : 0.0;
    }
    for (size_t column = 0; column < columnCount; column++)
        for (size_t i = 0; i < count; i++) factors[column * stride + i] *= present[i];
}

CLONES
void stratum_contribute(const double *restrict scores, const double *restrict factors, size_t count, double points,
                        double *restrict contributions) {
    // + 0.0: a missing value is -0.0.
    for (size_t i = 0; i < count; i++) contributions[i] = points * scores[i] * factors[i] + 0.0;
}

// Adding it leaves a number below 2^51 rounded to a whole one in the low bits.
#define ROUNDER 0x1.8p52

CLONES
int64_t stratum_sum_contributions(const double *restrict scores, const double *restrict factors, size_t count,
                                  double points) {
    int64_t sum = 0, zero;
    const double rounder = ROUNDER;
    memcpy(&zero, &rounder, sizeof zero);
    for (size_t i = 0; i < count; i++) {
        const double units = points * scores[i] * factors[i] * 0x1p24 + ROUNDER;
        int64_t bits;
        memcpy(&bits, &units, sizeof bits);
        sum += bits - zero;
    }
    return sum;
}

CLONES
void stratum_cap_dimension(double *restrict scores, size_t count) {
    for (size_t i = 0; i < count; i++) scores[i] = scores[i] > 100 ? 100.0 : scores[i];
}

CLONES
void stratum_add_weighted_scores(const double *restrict scores, size_t count, double weight, double *restrict sums,
                                 double *restrict present, int64_t *restrict absent) {
    for (size_t i = 0; i < count; i++) {
        double score = scores[i];
        int64_t lacks = score != score;
        double product = weight * score;
        sums[i] += lacks ? 0.0 : product;
        present[i] += lacks ? 0.0 : weight;
        absent[i] += lacks;
    }
}

CLONES
void stratum_summarize_rows(const int64_t *restrict missing, const int64_t *restrict absent,
                            const double *restrict scores, size_t count, uint16_t *restrict missingCounts,
                            uint8_t *restrict flags) {
    for (size_t i = 0; i < count; i++) {
        missingCounts[i] = (uint16_t)missing[i];
        uint8_t bits = (uint8_t)((missing[i] > 0 ? 1 : 0) | (absent[i] > 0 ? 2 : 0) | (scores[i] != scores[i] ? 4 : 0));
        flags[i] |= bits;
    }
}

// The loop of the beta-geometric likelihoods. Its Swift twin is in Tests/LifetimeValueTests/KernelTwin.swift. Logarithm
// and exponential are written out, since calls would keep the loop from being vectorized; no contraction, and a fixed
// number of partial sums, so that every machine gives the same bits.

#include "CKernelsLifetime.h"

#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// 2^52 + 2^51: adding and subtracting it rounds to an integer, whose low bits stand in the significand meanwhile.
#define ROUNDER 0x1.8p52
#define BITS(x)                                                                                                        \
    ({                                                                                                                 \
        double number = (x);                                                                                           \
        uint64_t word;                                                                                                 \
        memcpy(&word, &number, sizeof word);                                                                           \
        word;                                                                                                          \
    })
#define NUMBER(x)                                                                                                      \
    ({                                                                                                                 \
        uint64_t word_ = (x);                                                                                          \
        double number_;                                                                                                \
        memcpy(&number_, &word_, sizeof number_);                                                                      \
        number_;                                                                                                       \
    })

// ln x for normal x over 0, below 1 unit in the last place: x = 2^e m with m in sqrt(1/2)...sqrt(2), f = m - 1,
// s = f / (2 + f), ln m = 2 atanh s by its series to s^21, in the order of fdlibm's log.
#define LN(x)                                                                                                          \
    ({                                                                                                                 \
        uint64_t bits = BITS(x);                                                                                       \
        uint64_t shifted = bits - 0x3fe6a09e667f3bcdu + (1023ull << 52);                                               \
        uint64_t exponent = shifted >> 52;                                                                             \
        double e = NUMBER(exponent | 0x4330000000000000u) - (0x1p52 + 1023);                                           \
        double f = NUMBER(bits - ((exponent - 1023) << 52)) - 1;                                                       \
        double s = f / (2 + f);                                                                                        \
        double z = s * s;                                                                                              \
        double series = 2.0 / 21;                                                                                      \
        series = series * z + 2.0 / 19;                                                                                \
        series = series * z + 2.0 / 17;                                                                                \
        series = series * z + 2.0 / 15;                                                                                \
        series = series * z + 2.0 / 13;                                                                                \
        series = series * z + 2.0 / 11;                                                                                \
        series = series * z + 2.0 / 9;                                                                                 \
        series = series * z + 2.0 / 7;                                                                                 \
        series = series * z + 2.0 / 5;                                                                                 \
        series = series * z + 2.0 / 3;                                                                                 \
        double half = 0.5 * f * f;                                                                                     \
        e * 0x1.62e42feep-1 - ((half - (s * (half + series * z) + e * 0x1.a39ef35793c76p-33)) - f);                    \
    })

// e^x for x in -708...0: x = n ln 2 + t, e^t by its series to t^13.
#define EXP(x)                                                                                                         \
    ({                                                                                                                 \
        double argument = (x);                                                                                         \
        double rounded = argument * 0x1.71547652b82fep0 + ROUNDER;                                                     \
        double n = rounded - ROUNDER;                                                                                  \
        double t = (argument - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;                                       \
        double power = 1.0 / 6227020800;                                                                               \
        power = power * t + 1.0 / 479001600;                                                                           \
        power = power * t + 1.0 / 39916800;                                                                            \
        power = power * t + 1.0 / 3628800;                                                                             \
        power = power * t + 1.0 / 362880;                                                                              \
        power = power * t + 1.0 / 40320;                                                                               \
        power = power * t + 1.0 / 5040;                                                                                \
        power = power * t + 1.0 / 720;                                                                                 \
        power = power * t + 1.0 / 120;                                                                                 \
        power = power * t + 1.0 / 24;                                                                                  \
        power = power * t + 1.0 / 6;                                                                                   \
        power = power * t + 0.5;                                                                                       \
        power = 1 + (t + t * t * power);                                                                               \
        power * NUMBER((BITS(rounded) + 1023) << 52);                                                                  \
    })

enum { LANES = 8, BLOCK = 64 };

// Rows of a block from `start`; one that is not full is filled up with its first history, at weight 0.
#define ROW(i) (start + ((i) < length ? (i) : 0))

// The weighted terms of a block into eight partial sums each.
#define ADD_TERMS(terms, heads, partial)                                                                               \
    for (size_t term = 0; term < 4; term++)                                                                            \
        for (size_t i = 0; i < BLOCK; i += LANES)                                                                      \
            for (size_t lane = 0; lane < LANES; lane++)                                                                \
                partial[term][lane] += heads[i + lane] * terms[term][i + lane];

// Terms of a block where times between purchases have one stage and somebody may have left.
#define SINGLE_STAGE(i)                                                                                                \
    do {                                                                                                               \
        double logWhole = LN(whole[i]);                                                                                \
        double spread = logWhole - LN(seen[i]);                                                                        \
        double d = shape * spread + logOdds;                                                                           \
        double magnitude = d < 0 ? d : -d;                                                                             \
        double e = EXP(magnitude > -700 ? magnitude : -700);                                                           \
        double u = 1 + e;                                                                                              \
        double soft = LN(u) + (e - (u - 1)) / u;                                                                       \
        double gone = (d < 0 ? e : 1.0) / u;                                                                           \
        terms[0][i] = (d > 0 ? d : 0) - shape * logWhole + soft;                                                       \
        terms[1][i] = gone * spread - logWhole;                                                                        \
        terms[2][i] = (gone * shape - shape) / whole[i] - gone * shape / seen[i];                                      \
        terms[3][i] = gone;                                                                                            \
    } while (0)

// The same where nobody can have left: recency does not matter.
#define NOBODY_LEFT(i)                                                                                                 \
    do {                                                                                                               \
        double logWhole = LN(whole[i]);                                                                                \
        terms[0][i] = -shape * logWhole;                                                                               \
        terms[1][i] = -logWhole;                                                                                       \
        terms[2][i] = -shape / whole[i];                                                                               \
        terms[3][i] = 0;                                                                                               \
    } while (0)

CLONES
static void single_stage_terms(const double *restrict recency, const double *restrict age, const double *restrict weight,
                               size_t count, double alpha, double shape, double logOdds, double partial[4][LANES]) {
    for (size_t start = 0; start < count; start += BLOCK) {
        size_t length = count - start < BLOCK ? count - start : BLOCK;
        double seen[BLOCK], whole[BLOCK], heads[BLOCK], terms[4][BLOCK];
        for (size_t i = 0; i < BLOCK; i++) {
            seen[i] = alpha + recency[ROW(i)];
            whole[i] = alpha + age[ROW(i)];
            heads[i] = i < length ? weight[ROW(i)] : 0;
        }
        if (logOdds < STRATUM_LIFETIME_NOBODY_LEFT / 2) {
            for (size_t i = 0; i < BLOCK; i++) NOBODY_LEFT(i);
        } else {
            for (size_t i = 0; i < BLOCK; i++) SINGLE_STAGE(i);
        }
        ADD_TERMS(terms, heads, partial)
    }
}

CLONES
static void several_stage_terms(const double *restrict recency, const double *restrict age,
                                const double *restrict weight, size_t count, double alpha, double shape, double logOdds,
                                const double *restrict stage, const double *restrict stageSlope, size_t stageCount,
                                double partial[4][LANES]) {
    for (size_t start = 0; start < count; start += BLOCK) {
        size_t length = count - start < BLOCK ? count - start : BLOCK;
        double seen[BLOCK], whole[BLOCK], heads[BLOCK], gap[BLOCK], s[BLOCK], byShape[BLOCK], byGap[BLOCK];
        for (size_t i = 0; i < BLOCK; i++) {
            size_t j = ROW(i);
            seen[i] = alpha + recency[j];
            whole[i] = alpha + age[j];
            heads[i] = i < length ? weight[j] : 0;
            gap[i] = (age[j] - recency[j]) / whole[i];
            s[i] = stage[stageCount - 1];
            byShape[i] = stageSlope[stageCount - 1];
            byGap[i] = 0;
        }
        for (size_t k = stageCount - 1; k-- > 0;) {
            for (size_t i = 0; i < BLOCK; i++) {
                byGap[i] = byGap[i] * gap[i] + s[i];
                s[i] = s[i] * gap[i] + stage[k];
                byShape[i] = byShape[i] * gap[i] + stageSlope[k];
            }
        }
        double terms[4][BLOCK];
        for (size_t i = 0; i < BLOCK; i++) {
            double logWhole = LN(whole[i]);
            double spread = logWhole - LN(seen[i]);
            double logStages = LN(s[i]);
            double d = shape * spread + logOdds - logStages;
            double magnitude = d < 0 ? d : -d;
            double e = EXP(magnitude > -700 ? magnitude : -700);
            double u = 1 + e;
            double soft = LN(u) + (e - (u - 1)) / u;
            double gone = (d < 0 ? e : 1.0) / u;
            double here = (d < 0 ? 1.0 : e) / u;
            terms[0][i] = logStages - shape * logWhole + (d > 0 ? d : 0) + soft;
            terms[1][i] = gone * spread - logWhole + here * byShape[i] / s[i];
            double pull = here * byGap[i] * gap[i] / s[i];
            terms[2][i] = (gone * shape - shape - pull) / whole[i] - gone * shape / seen[i];
            terms[3][i] = gone;
        }
        ADD_TERMS(terms, heads, partial)
    }
}

void stratum_lifetime_terms(const double *recency, const double *age, const double *weight, size_t count, double alpha,
                            double shape, double logOdds, const double *stage, const double *stageSlope,
                            size_t stageCount, double *sums) {
    double partial[4][LANES] = {{0}};
    if (stageCount == 1) {
        single_stage_terms(recency, age, weight, count, alpha, shape, logOdds, partial);
    } else {
        several_stage_terms(recency, age, weight, count, alpha, shape, logOdds, stage, stageSlope, stageCount, partial);
    }
    for (size_t term = 0; term < 4; term++) {
        double *p = partial[term];
        sums[term] = ((p[0] + p[4]) + (p[1] + p[5])) + ((p[2] + p[6]) + (p[3] + p[7]));
    }
}

// Which indicators set a customer apart: the loops over one block of rows. The Swift twins are in Tests/ScoringTests.

#include "CKernelsReasons.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// Adding it leaves a number below 2^51 rounded to a whole one, half to even, in the low bits.
#define ROUNDING 0x1.8p52

CLONES
void stratum_reason_keys(const double *restrict contributions, const double *restrict scores, size_t count,
                         double mean, int32_t rank, int32_t *restrict up, int32_t *restrict down) {
    int64_t zero;
    double rounding = ROUNDING;
    memcpy(&zero, &rounding, sizeof zero);
    for (size_t i = 0; i < count; i++) {
        double tenths = (contributions[i] - mean) * 10;
        tenths = tenths < 1000 ? tenths : 1000.0;
        tenths = tenths > -1000 ? tenths : -1000.0;
        tenths += ROUNDING;
        int64_t bits, score;
        memcpy(&bits, &tenths, sizeof bits);
        memcpy(&score, scores + i, sizeof score);
        // A missing value without a score is -0.0 or NaN, and no reason.
        int32_t whole = (int32_t)(bits - zero);
        whole = score < 0 || scores[i] != scores[i] ? 0 : whole;
        up[i] = whole * 65536 + rank;
        down[i] = -whole * 65536 + rank;
    }
}

CLONES
void stratum_insert_keys(int32_t *restrict keys, size_t count, int32_t *restrict slots, size_t slotCount,
                         size_t stride) {
    for (size_t slot = 0; slot < slotCount; slot++) {
        int32_t *restrict kept = slots + slot * stride;
        for (size_t i = 0; i < count; i++) {
            int32_t old = kept[i], key = keys[i];
            kept[i] = old > key ? old : key;
            keys[i] = old > key ? key : old;
        }
    }
}

// Logarithms of whole columns for entropy and MEREC weights. The Swift twins are in Tests/ScoringTests; they call the
// C library's log and are compared within the stated error.

#include "CKernelsWeights.h"

#include <stdint.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define LANES 8
typedef double lanes __attribute__((ext_vector_type(LANES)));
typedef double lanes_unaligned __attribute__((ext_vector_type(LANES), aligned(8)));
typedef int64_t lanes64 __attribute__((ext_vector_type(LANES)));

#define LN2_HIGH 0x1.62e42fefa39efp-1
#define LN2_LOW 0x1.abc9e3b39803fp-56

// ln of positive normal values: x = m 2^e with m in sqrt(1/2)..sqrt(2), s = (m - 1) / (m + 1), and
// ln m = 2 s (1 + s^2 / 3 + s^4 / 5 + ...), whose term s^20 / 21 is below 2^-54 for |s| <= 0.1716.
#define LOG(x)                                                                                                         \
    ({                                                                                                                 \
        const lanes64 bits = (lanes64)(x) - 0x3fe6a09e667f3bcdLL;                                                      \
        const lanes64 whole = bits >> 52;                                                                              \
        const lanes m = (lanes)((lanes64)(x) - (whole << 52));                                                         \
        const lanes s = (m - 1) / (m + 1), z = s * s;                                                                  \
        lanes p = z * (1.0 / 21) + 1.0 / 19;                                                                           \
        p = p * z + 1.0 / 17;                                                                                          \
        p = p * z + 1.0 / 15;                                                                                          \
        p = p * z + 1.0 / 13;                                                                                          \
        p = p * z + 1.0 / 11;                                                                                          \
        p = p * z + 1.0 / 9;                                                                                           \
        p = p * z + 1.0 / 7;                                                                                           \
        p = p * z + 1.0 / 5;                                                                                           \
        p = p * z + 1.0 / 3;                                                                                           \
        const lanes e = __builtin_convertvector(whole, lanes);                                                         \
        e * LN2_HIGH + (2 * s + (2 * s * z * p + e * LN2_LOW));                                                        \
    })

static inline double scalar_sum(const double *parts) {
    double sum = 0;
    for (size_t lane = 0; lane < LANES; lane++) sum += parts[lane];
    return sum;
}

// The next `LANES` values, those past the end replaced by `filler`.
#define LOAD(values, start, count, filler)                                                                             \
    ({                                                                                                                 \
        lanes loaded;                                                                                                  \
        if ((start) + LANES <= (count)) {                                                                              \
            loaded = *(const lanes_unaligned *)((values) + (start));                                                   \
        } else {                                                                                                       \
            double rest[LANES];                                                                                        \
            for (size_t lane = 0; lane < LANES; lane++)                                                                \
                rest[lane] = (start) + lane < (count) ? (values)[(start) + lane] : (filler);                           \
            loaded = *(const lanes_unaligned *)rest;                                                                   \
        }                                                                                                              \
        loaded;                                                                                                        \
    })

CLONES
double stratum_sum_x_log_x(const double *values, size_t count) {
    lanes sum = 0;
    for (size_t i = 0; i < count; i += LANES) {
        const lanes x = LOAD(values, i, count, 1.0);
        // 0 and what is too small to matter count as 1, whose logarithm is 0.
        const lanes safe = x >= 0x1p-1022 ? x : (lanes)(1.0);
        sum += safe * LOG(safe);
    }
    double parts[LANES];
    *(lanes_unaligned *)parts = sum;
    return scalar_sum(parts);
}

CLONES
void stratum_log_one_plus(const double *values, size_t count, double *logs, double *totals) {
    for (size_t i = 0; i < count; i += LANES) {
        const lanes x = LOAD(values, i, count, 0.0) + 1;
        const lanes y = LOG(x);
        if (i + LANES <= count) {
            *(lanes_unaligned *)(logs + i) = y;
            *(lanes_unaligned *)(totals + i) += y;
        } else {
            double rest[LANES];
            *(lanes_unaligned *)rest = y;
            for (size_t lane = 0; i + lane < count; lane++) {
                logs[i + lane] = rest[lane];
                totals[i + lane] += rest[lane];
            }
        }
    }
}

CLONES
double stratum_sum_log_removal(const double *totals, const double *logs, size_t count, double share) {
    lanes sum = 0, product = (lanes)(1.0);
    size_t pending = 0;
    for (size_t i = 0; i < count; i += LANES) {
        lanes total = LOAD(totals, i, count, 0.0);
        if (logs) total -= LOAD(logs, i, count, 0.0);
        product *= 1 + total * share;
        // A factor is 1 + the mean of logarithms of 1..2^1022, so below 2^10, and 64 of them stay finite.
        if (++pending == 64) {
            sum += LOG(product);
            product = (lanes)(1.0);
            pending = 0;
        }
    }
    sum += LOG(product);
    double parts[LANES];
    *(lanes_unaligned *)parts = sum;
    return scalar_sum(parts);
}

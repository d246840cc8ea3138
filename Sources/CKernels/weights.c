// Sums over whole columns for weights found from data: of logarithms (entropy, MEREC) and of pairs with gaps. The Swift
// twins are in Tests/ScoringTests; they call the C library's log and are compared within the stated error.

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

// A positive normal value is m 2^e with m in sqrt(1/2)..sqrt(2).
#define EXPONENT(x) (((lanes64)(x) - 0x3fe6a09e667f3bcdLL) >> 52)
#define SIGNIFICAND(x, exponent) ((lanes)((lanes64)(x) - ((exponent) << 52)))

// ln of such a value, where s = (m - 1) / (m + 1) and |s| <= 0.1716: ln m = 2 s (1 + z p(z)) with z = s^2, p of degree 6
// through (artanh(s) / s - 1) / z at the zeros of the Chebyshev polynomial on 0..0.0295; off by 2^-57.5 of ln m at most.
#define LOG_OF(s, exponent)                                                                                            \
    ({                                                                                                                 \
        const lanes z = (s) * (s);                                                                                     \
        lanes p = z * 0x1.2b584add1c619p-4 + 0x1.39fe60617ce73p-4;                                                     \
        p = p * z + 0x1.7462b4ab4c062p-4;                                                                              \
        p = p * z + 0x1.c71c62e57fa3fp-4;                                                                              \
        p = p * z + 0x1.2492492df1492p-3;                                                                              \
        p = p * z + 0x1.99999999952e2p-3;                                                                              \
        p = p * z + 0x1.5555555555558p-2;                                                                              \
        const lanes e = __builtin_convertvector((exponent), lanes);                                                    \
        e * LN2_HIGH + (2 * (s) + (2 * (s) * z * p + e * LN2_LOW));                                                    \
    })

#define LOG(x)                                                                                                         \
    ({                                                                                                                 \
        const lanes64 exponent = EXPONENT(x);                                                                          \
        const lanes m = SIGNIFICAND(x, exponent);                                                                      \
        const lanes s = (m - 1) / (m + 1);                                                                             \
        LOG_OF(s, exponent);                                                                                           \
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
void stratum_add_column(const double *values, size_t count, double *logs, double *sums) {
    lanes total = 0, squares = 0, products = 0;
    lanes64 counts = 0;
    for (size_t i = 0; i < count; i += LANES) {
        // Behind the last value as if there were none: -0.0.
        const lanes x = LOAD(values, i, count, -0.0);
        counts -= (lanes64)x >= 0;
        total += x;
        squares += x * x;
        // 0 and what is too small to matter count as 1, whose logarithm is 0.
        const lanes safe = x >= 0x1p-1022 ? x : (lanes)(1.0), next = x + 1;
        const lanes64 safeExponent = EXPONENT(safe), nextExponent = EXPONENT(next);
        const lanes m = SIGNIFICAND(safe, safeExponent), n = SIGNIFICAND(next, nextExponent);
        // One division for both logarithms: it costs as much as all else of one.
        const lanes inverse = 1 / ((m + 1) * (n + 1));
        const lanes s = (m - 1) * ((n + 1) * inverse), t = (n - 1) * ((m + 1) * inverse);
        products += safe * LOG_OF(s, safeExponent);
        const lanes y = LOG_OF(t, nextExponent);
        if (i + LANES <= count) {
            *(lanes_unaligned *)(logs + i) = y;
        } else {
            double rest[LANES];
            *(lanes_unaligned *)rest = y;
            for (size_t lane = 0; i + lane < count; lane++) logs[i + lane] = rest[lane];
        }
    }
    const lanes all[4] = {__builtin_convertvector(counts, lanes), total, squares, products};
    for (size_t number = 0; number < 4; number++) {
        double parts[LANES];
        *(lanes_unaligned *)parts = all[number];
        sums[number] += scalar_sum(parts);
    }
}

// A factor is 1 + the mean of logarithms of 1..2, so below 2, and as many of them stay finite.
#define FACTORS 64

CLONES
void stratum_add_log_removals(const double *logs, size_t stride, size_t columnCount, size_t count, double *sums) {
    const double share = 1 / (double)columnCount;
    for (size_t start = 0; start < count; start += FACTORS * LANES) {
        lanes totals[FACTORS], product = (lanes)(1.0);
        double parts[LANES];
        const size_t vectors = count - start < FACTORS * LANES ? (count - start + LANES - 1) / LANES : FACTORS;
        for (size_t v = 0; v < vectors; v++) {
            totals[v] = 0;
            for (size_t column = 0; column < columnCount; column++)
                totals[v] += LOAD(logs + column * stride, start + v * LANES, count, 0.0);
            product *= 1 + totals[v] * share;
        }
        *(lanes_unaligned *)parts = LOG(product);
        sums[0] += scalar_sum(parts);
        // Four columns at a time: one product waits for its last factor. Behind the last column they repeat it.
        for (size_t column = 0; column < columnCount; column += 4) {
            const double *place[4];
            lanes products[4];
            for (size_t k = 0; k < 4; k++) {
                place[k] = logs + (column + k < columnCount ? column + k : columnCount - 1) * stride;
                products[k] = (lanes)(1.0);
            }
            for (size_t v = 0; v < vectors; v++) {
                for (size_t k = 0; k < 4; k++)
                    products[k] *= 1 + (totals[v] - LOAD(place[k], start + v * LANES, count, 0.0)) * share;
            }
            for (size_t k = 0; k < 4 && column + k < columnCount; k++) {
                *(lanes_unaligned *)parts = LOG(products[k]);
                sums[1 + column + k] += scalar_sum(parts);
            }
        }
    }
}

CLONES
void stratum_add_paired(const double *values, const double *others, size_t count, double *sums) {
    lanes sum = 0, squares = 0;
    lanes64 counts = 0;
    for (size_t i = 0; i < count; i += LANES) {
        const lanes64 x = (lanes64)LOAD(values, i, count, -0.0), y = (lanes64)LOAD(others, i, count, -0.0);
        const lanes64 both = (x | y) >= 0;
        const lanes value = (lanes)(x & both);
        counts -= both;
        sum += value;
        squares += value * value;
    }
    double parts[LANES];
    *(lanes_unaligned *)parts = __builtin_convertvector(counts, lanes);
    sums[0] += scalar_sum(parts);
    *(lanes_unaligned *)parts = sum;
    sums[1] += scalar_sum(parts);
    *(lanes_unaligned *)parts = squares;
    sums[2] += scalar_sum(parts);
}

#define SIDE 4

// Adds the products of SIDE columns with SIDE others; columns behind the last repeat it and are not stored.
#define ADD_SQUARE(row, column)                                                                                        \
    do {                                                                                                               \
        const double *left[SIDE], *right[SIDE];                                                                        \
        lanes cells[SIDE][SIDE];                                                                                       \
        for (size_t k = 0; k < SIDE; k++) {                                                                            \
            left[k] = values + ((row) + k < columnCount ? (row) + k : columnCount - 1) * stride;                       \
            right[k] = values + ((column) + k < columnCount ? (column) + k : columnCount - 1) * stride;                \
            for (size_t l = 0; l < SIDE; l++) cells[k][l] = (lanes)(0.0);                                              \
        }                                                                                                              \
        for (size_t i = 0; i < count; i += LANES) {                                                                    \
            lanes x[SIDE];                                                                                             \
            for (size_t k = 0; k < SIDE; k++) x[k] = LOAD(left[k], i, count, 0.0);                                     \
            for (size_t l = 0; l < SIDE; l++) {                                                                        \
                const lanes y = LOAD(right[l], i, count, 0.0);                                                         \
                for (size_t k = 0; k < SIDE; k++) cells[k][l] += x[k] * y;                                             \
            }                                                                                                          \
        }                                                                                                              \
        for (size_t k = 0; k < SIDE && (row) + k < columnCount; k++) {                                                 \
            for (size_t l = 0; l < SIDE && (column) + l < columnCount; l++) {                                          \
                double parts[LANES];                                                                                   \
                *(lanes_unaligned *)parts = cells[k][l];                                                               \
                const double sum = scalar_sum(parts);                                                                  \
                products[((column) + l) * columnCount + (row) + k] += sum;                                             \
                if ((row) != (column)) products[((row) + k) * columnCount + (column) + l] += sum;                      \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

CLONES
void stratum_add_products(const double *values, size_t stride, size_t columnCount, size_t count, double *products) {
    for (size_t column = 0; column < columnCount; column += SIDE)
        for (size_t row = 0; row <= column; row += SIDE) ADD_SQUARE(row, column);
}

// The loops of k-means. What must change together: the tile layout (here, FeatureMatrix.swift, the packing in
// Centroids.swift) and the order of arithmetic (here and in the twins of the tests).
// Vector types stay inside one function each: a clone must not pass them to a function built for another target.
#include "CKernelsKMeans.h"

#include <math.h>
#include <stdbool.h>

#if defined(__clang__)
#pragma STDC FP_CONTRACT ON
#endif

#if defined(__x86_64__)
// Without min_vector_width clang cuts 512-bit vectors in two in the v4 clone.
#define CLONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), min_vector_width(512)))
#else
#define CLONED
#endif

typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef int32_t i32x16 __attribute__((ext_vector_type(16)));
typedef uint16_t u16x16 __attribute__((ext_vector_type(16)));
typedef int64_t i64x16 __attribute__((ext_vector_type(16)));
typedef double f64x16 __attribute__((ext_vector_type(16)));
typedef double f64x16u __attribute__((ext_vector_type(16), aligned(8)));
typedef uint16_t u16x16u __attribute__((ext_vector_type(16), aligned(2)));
typedef bool b16 __attribute__((ext_vector_type(16)));

#define ROWS STRATUM_TILE_ROWS

#ifndef AHEAD
#define AHEAD 512
#endif
#define PREFETCH(tile, feature_count)                                                                                  \
    for (size_t feature = 0; feature < (feature_count); feature++) {                                                   \
        __builtin_prefetch((tile) + AHEAD + feature * ROWS);                                  \
    }

// Squared distances of 16 rows to the 4 centroids at c; `d0` to `d3` must be declared.
#define DISTANCES_TO_GROUP(tile, feature_count, c)                                                                     \
    do {                                                                                                               \
        d0 = d1 = d2 = d3 = (f32x16)(0);                                                                               \
        for (size_t feature = 0; feature < (feature_count); feature++) {                                               \
            const f32x16 x = ((const f32x16 *)(tile))[feature];                                                        \
            const float *at = (c) + 4 * feature;                                                                       \
            const f32x16 e0 = x - at[0], e1 = x - at[1], e2 = x - at[2], e3 = x - at[3];                               \
            d0 += e0 * e0;                                                                                             \
            d1 += e1 * e1;                                                                                             \
            d2 += e2 * e2;                                                                                             \
            d3 += e3 * e3;                                                                                             \
        }                                                                                                              \
    } while (0)

// Keeps the lower of `best` and `d` with its index; strict, so the lower index stays on ties.
#define KEEP_NEARER(d, number)                                                                                         \
    do {                                                                                                               \
        const i32x16 nearer = (d) < best;                                                                              \
        best = nearer ? (d) : best;                                                                                    \
        index = nearer ? (i32x16)((int32_t)(number)) : index;                                                          \
    } while (0)

// One step of four that turn 16 features x 16 rows into 16 rows x 16 features: lines i and i + 8 are interleaved.
#define INTERLEAVE_LINES(from, to)                                                                                     \
    _Pragma("clang loop unroll(full)") for (size_t line = 0; line < 8; line++) {                                       \
        (to)[2 * line] = __builtin_shufflevector((from)[line], (from)[line + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, \
                                                 21, 6, 22, 7, 23);                                                    \
        (to)[2 * line + 1] = __builtin_shufflevector((from)[line], (from)[line + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, \
                                                     28, 13, 29, 14, 30, 15, 31);                                      \
    }

CLONED
size_t stratum_kmeans_assign(const float *tiles, size_t row_count, size_t feature_count, const float *centroids,
                             size_t group_count, const double *magic, uint16_t *labels, double *sums, int64_t *counts) {
    const u16x16 lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const size_t stride = STRATUM_SUM_STRIDE(feature_count);
    size_t changed = 0;
    for (size_t row = 0; row < row_count; row += ROWS) {
        const float *tile = tiles + row * feature_count;
        PREFETCH(tile, feature_count);
        f32x16 best = INFINITY;
        i32x16 index = 0;
        f32x16 d0, d1, d2, d3;
        for (size_t group = 0; group < group_count; group++) {
            DISTANCES_TO_GROUP(tile, feature_count, centroids + group * 4 * feature_count);
            KEEP_NEARER(d0, 4 * group);
            KEEP_NEARER(d1, 4 * group + 1);
            KEEP_NEARER(d2, 4 * group + 2);
            KEEP_NEARER(d3, 4 * group + 3);
        }
        const u16x16 before = *(const u16x16 *)(labels + row);
        const size_t left = row_count - row;
        const u16x16 inside = (u16x16)(lane_numbers < (u16x16)((uint16_t)(left < ROWS ? left : ROWS)));
        const u16x16 after = inside ? __builtin_convertvector(index, u16x16) : before;
        const b16 moved = __builtin_convertvector(after != before, b16);
        const uint32_t moved_bits = *(const uint16_t *)&moved;
        if (moved_bits == 0) continue;
        changed += (size_t)__builtin_popcount(moved_bits);
        *(u16x16 *)(labels + row) = after;
        if (!sums) continue;

        uint16_t old_labels[ROWS], new_labels[ROWS];
        *(u16x16u *)old_labels = before;
        *(u16x16u *)new_labels = after;
        for (uint32_t bits = moved_bits; bits; bits &= bits - 1) {
            const size_t lane = (size_t)__builtin_ctz(bits);
            counts[new_labels[lane]]++;
            if (old_labels[lane] != STRATUM_NO_LABEL) counts[old_labels[lane]]--;
        }
        for (size_t first = 0; first < feature_count; first += 16) {
            f32x16 a[16], b[16];
            for (size_t line = 0; line < 16; line++) {
                a[line] = first + line < feature_count ? ((const f32x16 *)tile)[first + line] : (f32x16)(0);
            }
            INTERLEAVE_LINES(a, b);
            INTERLEAVE_LINES(b, a);
            INTERLEAVE_LINES(a, b);
            INTERLEAVE_LINES(b, a);
            const f64x16 grid = *(const f64x16u *)(magic + first);
            for (uint32_t bits = moved_bits; bits; bits &= bits - 1) {
                const size_t lane = (size_t)__builtin_ctz(bits);
                const f64x16 x = (__builtin_convertvector(a[lane], f64x16) + grid) - grid;
                *(f64x16u *)(sums + new_labels[lane] * stride + first) += x;
                if (old_labels[lane] != STRATUM_NO_LABEL) *(f64x16u *)(sums + old_labels[lane] * stride + first) -= x;
            }
        }
    }
    return changed;
}

CLONED
void stratum_kmeans_seed(const float *tiles, size_t tile_count, size_t feature_count, const float *chosen,
                         float *nearest, const float *candidates, size_t group_count, double *potentials) {
    f64x16 total = 0;
    f64x16 totals[4 * STRATUM_SEED_GROUP_LIMIT];
    for (size_t j = 0; j < 4 * group_count; j++) totals[j] = 0;
    for (size_t number = 0; number < tile_count; number++) {
        const float *tile = tiles + number * ROWS * feature_count;
        PREFETCH(tile, feature_count);
        f32x16 d0 = 0, d1, d2, d3;
        for (size_t feature = 0; feature < feature_count; feature++) {
            const f32x16 e0 = ((const f32x16 *)tile)[feature] - chosen[feature];
            d0 += e0 * e0;
        }
        const f32x16 before = ((const f32x16 *)nearest)[number];
        const f32x16 now = d0 < before ? d0 : before;
        ((f32x16 *)nearest)[number] = now;
        total += __builtin_convertvector(now, f64x16);
        for (size_t group = 0; group < group_count; group++) {
            DISTANCES_TO_GROUP(tile, feature_count, candidates + group * 4 * feature_count);
            totals[4 * group] += __builtin_convertvector(d0 < now ? d0 : now, f64x16);
            totals[4 * group + 1] += __builtin_convertvector(d1 < now ? d1 : now, f64x16);
            totals[4 * group + 2] += __builtin_convertvector(d2 < now ? d2 : now, f64x16);
            totals[4 * group + 3] += __builtin_convertvector(d3 < now ? d3 : now, f64x16);
        }
    }
    potentials[0] = 0;
    for (size_t lane = 0; lane < ROWS; lane++) potentials[0] += total[lane];
    for (size_t j = 0; j < 4 * group_count; j++) {
        potentials[1 + j] = 0;
        for (size_t lane = 0; lane < ROWS; lane++) potentials[1 + j] += totals[j][lane];
    }
}

CLONED
void stratum_kmeans_survey(const float *tiles, size_t tile_count, size_t feature_count, double *sums, double *squares,
                           float *largest) {
    // By 16 features, so that the sums of 16 rows each stay in the nearest cache.
    for (size_t first = 0; first < feature_count; first += 16) {
        const size_t count = feature_count - first < 16 ? feature_count - first : 16;
        f64x16 lane_sums[16], lane_squares[16];
        f32x16 lane_largest[16];
        for (size_t j = 0; j < count; j++) {
            lane_sums[j] = lane_squares[j] = 0;
            lane_largest[j] = 0;
        }
        for (size_t number = 0; number < tile_count; number++) {
            const f32x16 *tile = (const f32x16 *)(tiles + number * ROWS * feature_count) + first;
            for (size_t j = 0; j < count; j++) {
                const f32x16 x = tile[j];
                const f64x16 wide = __builtin_convertvector(x, f64x16);
                lane_sums[j] += wide;
                lane_squares[j] += wide * wide;
                const f32x16 size = __builtin_elementwise_abs(x);
                lane_largest[j] = size > lane_largest[j] ? size : lane_largest[j];
            }
        }
        for (size_t j = 0; j < count; j++) {
            double sum = 0, square = 0;
            float size = 0;
            for (size_t lane = 0; lane < ROWS; lane++) {
                sum += lane_sums[j][lane];
                square += lane_squares[j][lane];
                size = lane_largest[j][lane] > size ? lane_largest[j][lane] : size;
            }
            sums[first + j] = sum;
            squares[first + j] = square;
            largest[first + j] = size;
        }
    }
}

// One value as stratum_kmeans_store states it; `missing` and `limited` are counted up.
static inline float scaled_value(double value, double center, double scale, double limit, uint64_t *missing,
                                 uint64_t *limited) {
    if (value != value) {
        *missing += 1;
        return 0;
    }
    const double x = (value - center) * scale;
    if (x >= -limit && x <= limit) return (float)x;
    // A product of infinity and 0 is NaN: such a column is constant as far as it is finite.
    if (x != x) return 0;
    *limited += 1;
    return (float)(x < 0 ? -limit : limit);
}

CLONED
uint64_t stratum_kmeans_store(float *column, size_t tile_stride, size_t first_lane, const double *values, size_t count,
                              double center, double scale, double limit) {
    uint64_t missing = 0, limited = 0;
    size_t done = 0;
    if (first_lane > 0) {
        for (; first_lane + done < ROWS && done < count; done++) {
            column[first_lane + done] = scaled_value(values[done], center, scale, limit, &missing, &limited);
        }
        column += tile_stride;
    }
    for (; done + ROWS <= count; done += ROWS, column += tile_stride) {
        const f64x16 x = (*(const f64x16u *)(values + done) - center) * scale;
        const i64x16 fits = (x >= -limit) & (x <= limit);
        if (__builtin_reduce_and(fits) != 0) {
            *(f32x16 *)column = __builtin_convertvector(x, f32x16);
        } else {
            for (size_t lane = 0; lane < ROWS; lane++) {
                column[lane] = scaled_value(values[done + lane], center, scale, limit, &missing, &limited);
            }
        }
    }
    for (size_t lane = 0; done < count; done++, lane++) {
        column[lane] = scaled_value(values[done], center, scale, limit, &missing, &limited);
    }
    return limited << 32 | missing;
}

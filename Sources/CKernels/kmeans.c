// The loops of k-means. What must change together: the tile layout (here, FeatureMatrix.swift, the packing in
// Centroids.swift) and the order of arithmetic (here and in the twins of the tests).
// Vector types stay inside one function each: a clone must not pass them to a function built for another target.
#include "CKernelsKMeans.h"

#include "kmeans_vectors.h"

#ifndef AHEAD
#define AHEAD 512
#endif
#define PREFETCH(tile, feature_count)                                                                                  \
    for (size_t feature = 0; feature < (feature_count); feature++) {                                                   \
        __builtin_prefetch((tile) + AHEAD + feature * ROWS);                                  \
    }

CLONED
void stratum_kmeans_assign(const float *tiles, size_t row_count, size_t feature_count, const float *centroids,
                           size_t group_count, uint16_t *labels) {
    const u16x16 lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
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
        const size_t left = row_count - row;
        const u16x16 inside = (u16x16)(lane_numbers < (u16x16)((uint16_t)(left < ROWS ? left : ROWS)));
        const u16x16 before = *(const u16x16 *)(labels + row);
        *(u16x16 *)(labels + row) = inside ? __builtin_convertvector(index, u16x16) : before;
    }
}

CLONED
void stratum_kmeans_seed(const float *tiles, size_t tile_count, size_t feature_count, const float *weights,
                         const float *chosen, float *nearest, const float *candidates, size_t group_count,
                         double *potentials) {
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
        const f64x16 weight = weights ? __builtin_convertvector(((const f32x16 *)weights)[number], f64x16) : 1.0;
        total += __builtin_convertvector(now, f64x16) * weight;
        for (size_t group = 0; group < group_count; group++) {
            DISTANCES_TO_GROUP(tile, feature_count, candidates + group * 4 * feature_count);
            totals[4 * group] += __builtin_convertvector(d0 < now ? d0 : now, f64x16) * weight;
            totals[4 * group + 1] += __builtin_convertvector(d1 < now ? d1 : now, f64x16) * weight;
            totals[4 * group + 2] += __builtin_convertvector(d2 < now ? d2 : now, f64x16) * weight;
            totals[4 * group + 3] += __builtin_convertvector(d3 < now ? d3 : now, f64x16) * weight;
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
void stratum_kmeans_lower(const float *tiles, size_t tile_count, size_t feature_count, const float *centroids,
                          size_t group_count, int32_t first_number, float *nearest, int32_t *owners) {
    for (size_t number = 0; number < tile_count; number++) {
        const float *tile = tiles + number * ROWS * feature_count;
        PREFETCH(tile, feature_count);
        f32x16 best = ((const f32x16 *)nearest)[number];
        i32x16 index = ((const i32x16 *)owners)[number];
        f32x16 d0, d1, d2, d3;
        for (size_t group = 0; group < group_count; group++) {
            DISTANCES_TO_GROUP(tile, feature_count, centroids + group * 4 * feature_count);
            const int32_t at = first_number + (int32_t)(4 * group);
            KEEP_NEARER(d0, at);
            KEEP_NEARER(d1, at + 1);
            KEEP_NEARER(d2, at + 2);
            KEEP_NEARER(d3, at + 3);
        }
        ((f32x16 *)nearest)[number] = best;
        ((i32x16 *)owners)[number] = index;
    }
}

CLONED
void stratum_kmeans_survey(const float *tiles, size_t tile_count, size_t feature_count, const float *weights,
                           double *sums, double *squares, float *largest) {
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
            const f32x16 weight = weights ? ((const f32x16 *)weights)[number] : (f32x16)(1);
            const f64x16 wide_weight = __builtin_convertvector(weight, f64x16);
            for (size_t j = 0; j < count; j++) {
                const f32x16 x = weight > (f32x16)(0) ? tile[j] : (f32x16)(0);
                const f64x16 wide = __builtin_convertvector(x, f64x16);
                const f64x16 weighted = wide * wide_weight;
                lane_sums[j] += weighted;
                lane_squares[j] += weighted * wide;
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

CLONED
void stratum_kmeans_norms(const float *tiles, size_t tile_count, size_t feature_count, const float *weights,
                          double coarse, double fine, float *radii, double *squares) {
    f64x16 high_sums = 0, low_sums = 0;
    for (size_t number = 0; number < tile_count; number++) {
        const f32x16 *tile = (const f32x16 *)(tiles + number * ROWS * feature_count);
        const f64x16 weight = weights ? __builtin_convertvector(((const f32x16 *)weights)[number], f64x16) : 1.0;
        f32x16 norm = 0;
        for (size_t feature = 0; feature < feature_count; feature++) {
            norm += tile[feature] * tile[feature];
            const f64x16 wide = __builtin_convertvector(tile[feature], f64x16);
            const f64x16 square = wide * wide, high = (square + coarse) - coarse;
            const f64x16 low = ((square - high) + fine) - fine;
            high_sums += weights ? (high * weight + coarse) - coarse : high;
            low_sums += weights ? (low * weight + fine) - fine : low;
        }
        float largest = 0;
        for (size_t lane = 0; lane < ROWS; lane++) largest = norm[lane] > largest ? norm[lane] : largest;
        radii[number] = sqrtf(largest) * (1 + ((float)feature_count + 8) * 0x1p-23f) + 0x1p-60f;
    }
    squares[0] = squares[1] = 0;
    for (size_t lane = 0; lane < ROWS; lane++) {
        squares[0] += high_sums[lane];
        squares[1] += low_sums[lane];
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

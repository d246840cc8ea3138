// How well rows lie with their centroids. What must change together: the tile layout (as in kmeans.c) and the order of
// arithmetic (here and in the twin of the tests).
// Vector types stay inside one function each: a clone must not pass them to a function built for another target.
#include "CKernelsQuality.h"

#include "kmeans_vectors.h"

typedef float f32x16u __attribute__((ext_vector_type(16), aligned(4)));

// Keeps the two lowest distances with their numbers; strict, so the lower number stays on ties.
#define KEEP_TWO_NUMBERED(d, number)                                                                                   \
    do {                                                                                                               \
        const i32x16 is_best = (d) < best, is_second = (d) < second;                                                   \
        const i32x16 this_one = (i32x16)((int32_t)(number));                                                           \
        second_index = is_best ? best_index : is_second ? this_one : second_index;                                     \
        second = is_best ? best : is_second ? (d) : second;                                                            \
        best_index = is_best ? this_one : best_index;                                                                  \
        best = is_best ? (d) : best;                                                                                   \
    } while (0)

// Squared distances of 16 rows to all centroids, the two lowest kept; declares best, second and their numbers.
#define TWO_NEAREST(tile, feature_count, centroids, group_count)                                                       \
    f32x16 best = INFINITY, second = INFINITY;                                                                         \
    i32x16 best_index = 0, second_index = 0;                                                                           \
    for (size_t group = 0; group < (group_count); group++) {                                                           \
        f32x16 d0, d1, d2, d3;                                                                                         \
        DISTANCES_TO_GROUP(tile, feature_count, (centroids) + group * 4 * (feature_count));                            \
        KEEP_TWO_NUMBERED(d0, 4 * group);                                                                              \
        KEEP_TWO_NUMBERED(d1, 4 * group + 1);                                                                          \
        KEEP_TWO_NUMBERED(d2, 4 * group + 2);                                                                          \
        KEEP_TWO_NUMBERED(d3, 4 * group + 3);                                                                          \
    }

CLONED
void stratum_kmeans_two_nearest(const float *tiles, size_t tile_count, size_t feature_count, const float *centroids,
                                size_t group_count, uint16_t *labels, uint16_t *next_labels, float *own, float *next) {
    for (size_t number = 0; number < tile_count; number++) {
        const float *tile = tiles + number * ROWS * feature_count;
        TWO_NEAREST(tile, feature_count, centroids, group_count);
        *(u16x16u *)(labels + number * ROWS) = __builtin_convertvector(best_index, u16x16);
        *(u16x16u *)(next_labels + number * ROWS) = __builtin_convertvector(second_index, u16x16);
        *(f32x16u *)(own + number * ROWS) = __builtin_elementwise_sqrt(best);
        *(f32x16u *)(next + number * ROWS) = __builtin_elementwise_sqrt(second);
    }
}

CLONED
void stratum_kmeans_quality(const float *tiles, size_t row_count, size_t feature_count, const float *centroids,
                            size_t group_count, const float *weights, double *sums) {
    for (size_t row = 0; row < row_count; row += ROWS) {
        const float *tile = tiles + row * feature_count;
        TWO_NEAREST(tile, feature_count, centroids, group_count);
        const f32x16 a = __builtin_elementwise_sqrt(best), b = __builtin_elementwise_sqrt(second);
        const f32x16 s = b > 0 ? 1 - a / b : (f32x16)(0);
        int32_t labels[ROWS] __attribute__((aligned(64)));
        float distances[ROWS] __attribute__((aligned(64))), silhouettes[ROWS] __attribute__((aligned(64)));
        *(i32x16 *)labels = best_index;
        *(f32x16 *)distances = a;
        *(f32x16 *)silhouettes = s;
        const size_t left = row_count - row, count = left < ROWS ? left : ROWS;
        for (size_t lane = 0; lane < count; lane++) {
            const double weight = weights ? (double)weights[row + lane] : 1;
            double *line = sums + (size_t)labels[lane] * STRATUM_QUALITY_SUMS;
            line[0] += weight;
            line[1] += weight * (double)distances[lane];
            line[2] += weight * (double)silhouettes[lane];
        }
    }
}

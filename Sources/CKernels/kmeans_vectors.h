// Vector types and macros that the loops of k-means share. Vectors never cross from a function built for one target to
// one built for another, so what is shared by clones is a macro.
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

// Keeps the two lowest of `best`, `second` and `d`, and the index of the lowest; strict as above.
#define KEEP_TWO_NEAREST(d, number)                                                                                    \
    do {                                                                                                               \
        const f32x16 higher = (d) < best ? best : (d);                                                                 \
        second = higher < second ? higher : second;                                                                    \
        KEEP_NEARER(d, number);                                                                                        \
    } while (0)

// One step of four that turn 16 features x 16 rows into 16 rows x 16 features: lines i and i + 8 are interleaved.
#define INTERLEAVE_LINES(from, to)                                                                                     \
    _Pragma("clang loop unroll(full)") for (size_t line = 0; line < 8; line++) {                                       \
        (to)[2 * line] = __builtin_shufflevector((from)[line], (from)[line + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, \
                                                 21, 6, 22, 7, 23);                                                    \
        (to)[2 * line + 1] = __builtin_shufflevector((from)[line], (from)[line + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, \
                                                     28, 13, 29, 14, 30, 15, 31);                                      \
    }

// The pass of k-means in three forms: x86-64-v4 (AVX-512), x86-64-v3 (AVX2 with fused multiply-add) and portable.
// Not by target_clones, since the forms keep different numbers of scores in registers and tests choose among them.
#include "CKernelsKMeans.h"
#include "kmeans_vectors.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define LANE_NUMBERS _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#endif

// Functions that pass vectors by value are always inlined into callers of their own form, so no call has that shape.
#pragma clang diagnostic ignored "-Wpsabi"

// Tiles between the one that is worked on and the one that is fetched; 6 was as good, 8 and 16 were not.
#define AHEAD_TILES 4
#define FAR_SCORE 0x1p126f

// A task beside the arrays that a call hands in.
typedef struct {
    stratum_kmeans_task task;
    const float *centroids, *lines;
    // Null where no tile may be skipped.
    const float *drifts;
    const float *now;
    const double *magic;
    double *sums, *totals;
    int64_t *counts;
} pass_arguments;

#define INLINE static inline __attribute__((always_inline))
#define NEVER_INLINE __attribute__((noinline))
#define UNROLL _Pragma("clang loop unroll(full)")

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define FORM(name) name##_v4
#define GROUPS 3
#define LOWER(a, b) ((f32x16)_mm512_min_ps((__m512)(a), (__m512)(b)))
#define HIGHER(a, b) ((f32x16)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define GATHER(start, present)                                                                                         \
    (f32x16) _mm512_mask_i32gather_ps(_mm512_setzero_ps(), (__mmask16)(present),                                       \
                                      _mm512_mullo_epi32(_mm512_set1_epi32(ROWS), LANE_NUMBERS), (start), 4)
#define GATHER_AT(start, offsets) ((f32x16)_mm512_i32gather_ps((__m512i)(offsets), (start), 4))
#include "kmeans_pass_body.h"
#undef GATHER
#undef GATHER_AT
#undef LOWER
#undef HIGHER
#undef FORM
#undef GROUPS
#pragma clang attribute pop

#endif

#define LOWER(a, b) ((a) < (b) ? (a) : (b))
#define HIGHER(a, b) ((a) > (b) ? (a) : (b))

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define FORM(name) name##_v3
#define GROUPS 1
#include "kmeans_pass_body.h"
#undef FORM
#undef GROUPS
#pragma clang attribute pop
#endif

#define FORM(name) name##_portable
#define GROUPS 1
#include "kmeans_pass_body.h"

int stratum_kmeans_best_form(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return STRATUM_FORM_V4;
    if (__builtin_cpu_supports("x86-64-v3")) return STRATUM_FORM_V3;
#endif
    return STRATUM_FORM_PORTABLE;
}

void stratum_kmeans_run_pass(const stratum_kmeans_task *task, const float *centroids, const float *lines,
                             const float *drift, const double *magic, double *sums, double *totals, int64_t *counts,
                             int form, stratum_kmeans_found *found) {
    const pass_arguments pass = {
        .task = *task,
        .centroids = centroids,
        .lines = lines,
        .drifts = task->may_skip ? drift : 0,
        .now = drift + task->bound_count,
        .magic = magic,
        .sums = sums,
        .totals = totals,
        .counts = counts,
    };
    *found = (stratum_kmeans_found){0, 0, 0};
#if defined(__x86_64__)
    if (form == STRATUM_FORM_V4) return pass_v4(&pass, found);
    if (form == STRATUM_FORM_V3) return pass_v3(&pass, found);
#endif
    pass_portable(&pass, found);
}

#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CKernelsKMeans.h"

// Doubles of one cluster in the sums of stratum_kmeans_quality: rows (or their weights), distances, silhouettes.
#define STRATUM_QUALITY_SUMS 3

// Nearest and second nearest centroid of each row; tiles and packed centroids as in CKernelsKMeans.h.
// `own`, `next`: 16 a tile, the distances (not squared) to the two; `labels`, `next_labels`: their numbers, the lower
// one first on ties. With one centroid `next` is infinite and `next_labels` 0.
void stratum_kmeans_two_nearest(const float *tiles, size_t tile_count, size_t feature_count, const float *centroids,
                                size_t group_count, uint16_t *labels, uint16_t *next_labels, float *own, float *next);

// Adds the rows to the sums of their nearest centroid, in row order, each value times the row's weight (null: 1):
// 1, the distance `own`, and the simplified silhouette 1 - own / next (0 where `next` is 0), which is
// (next - own) / max(own, next) for own <= next.
// `sums`: STRATUM_QUALITY_SUMS doubles for each centroid, which are kept and added to.
void stratum_kmeans_quality(const float *tiles, size_t row_count, size_t feature_count, const float *centroids,
                            size_t group_count, const float *weights, double *sums);

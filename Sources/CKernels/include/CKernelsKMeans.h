#pragma once

#include <stddef.h>
#include <stdint.h>

// Loops over a feature matrix in tiles: 16 rows x feature_count columns of float, column by column, 64-byte aligned.
// Centroids come packed: groups of 4, inside a group feature by feature, the last group filled up with +infinity.
// All arithmetic has one stated order, so that the AVX-512 and AVX2 forms give the same bits; the portable form has no
// fused multiply-add and may differ from them in the last place of a distance.

// Rows of one tile.
#define STRATUM_TILE_ROWS 16
// The label of a row that has not been assigned yet.
#define STRATUM_NO_LABEL 0xFFFF
// Packed groups of 4 candidates that stratum_kmeans_seed takes at most.
#define STRATUM_SEED_GROUP_LIMIT 4
// Doubles from the sums of one cluster to those of the next.
#define STRATUM_SUM_STRIDE(feature_count) (((feature_count) + 15) / 16 * 16)

// Writes min(max((x - center) * scale, -limit), limit) as float for `count` values into the lanes of one column, from
// lane `first_lane` of the tile at `column`; consecutive tiles are `tile_stride` floats apart. NaN becomes 0.
// Returns the count of NaN in the low 32 bits and of values past the limit in the high 32; `count` is below 2^32.
uint64_t stratum_kmeans_store(float *column, size_t tile_stride, size_t first_lane, const double *values, size_t count,
                              double center, double scale, double limit);

// Sums, sums of squares and largest absolute values of each feature over `tile_count` tiles.
// `sums`, `squares`: feature_count doubles; `largest`: feature_count floats. Rows that pad a tile must be 0.
void stratum_kmeans_survey(const float *tiles, size_t tile_count, size_t feature_count, double *sums, double *squares,
                           float *largest);

// Gives each row the index of its nearest centroid (lowest index on ties) and carries its values to that cluster.
// `labels`: 16 a tile, in: the labels before, out: the new ones; rows from `row_count` on are left alone.
// `sums` (a line of STRATUM_SUM_STRIDE doubles per cluster) and `counts`: changed by each row whose label changed: taken
// from the old cluster, added to the new. A value goes in as (x + magic[feature]) - magic[feature], which rounds it to a
// grid on which double sums are exact; `magic` has STRATUM_SUM_STRIDE values. `sums` may be null: labels only.
// Returns the number of rows whose label changed.
size_t stratum_kmeans_assign(const float *tiles, size_t row_count, size_t feature_count, const float *centroids,
                             size_t group_count, const double *magic, uint16_t *labels, double *sums, int64_t *counts);

// One round of k-means++: `nearest` (16 a tile, squared distances, 0 for rows that pad a tile) is lowered by the
// distance to the feature_count values at `chosen`; `potentials[0]` gets the sum of `nearest`, and potentials[1 + j]
// the sum it would have with candidate j of the `group_count` packed groups added.
void stratum_kmeans_seed(const float *tiles, size_t tile_count, size_t feature_count, const float *chosen,
                         float *nearest, const float *candidates, size_t group_count, double *potentials);

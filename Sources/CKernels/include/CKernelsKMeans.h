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
// `sums`, `squares`: feature_count doubles; `largest`: feature_count floats. Rows that pad a tile must be 0. `weights`,
// 16 a tile, may be null; rows of weight 0 do not count for `largest`.
void stratum_kmeans_survey(const float *tiles, size_t tile_count, size_t feature_count, const float *weights,
                           double *sums, double *squares, float *largest);

// Gives each row the index of its nearest centroid (lowest index on ties), plainly.
// `labels`: 16 a tile; rows from `row_count` on are left alone.
void stratum_kmeans_assign(const float *tiles, size_t row_count, size_t feature_count, const float *centroids,
                           size_t group_count, uint16_t *labels);

// One round of k-means++: `nearest` (16 a tile, squared distances, 0 for rows that pad a tile) is lowered by the
// distance to the feature_count values at `chosen`; `potentials[0]` gets the sum of `nearest`, and potentials[1 + j]
// the sum it would have with candidate j of the `group_count` packed groups added. `weights`, 16 a tile, may be null;
// they multiply what is summed.
void stratum_kmeans_seed(const float *tiles, size_t tile_count, size_t feature_count, const float *weights,
                         const float *chosen, float *nearest, const float *candidates, size_t group_count,
                         double *potentials);

// Lowers `nearest` by the distances to all centroids; where one is nearer, the row's `owner` becomes `first_number`
// plus its index. `nearest` and `owners` have 16 a tile.
void stratum_kmeans_lower(const float *tiles, size_t tile_count, size_t feature_count, const float *centroids,
                          size_t group_count, int32_t first_number, float *nearest, int32_t *owners);

// Forms of stratum_kmeans_run_pass; they agree in every label where the machine has fused multiply-add.
#define STRATUM_FORM_PORTABLE 0
#define STRATUM_FORM_V3 1
#define STRATUM_FORM_V4 2
// The most tiles one call takes, and the most bound groups.
#define STRATUM_PASS_TILES 4096
#define STRATUM_BOUND_GROUP_LIMIT 48

// What one call of stratum_kmeans_run_pass works on.
typedef struct {
    // Rows, and their features in tiles; for each tile at least the norm of each of its rows.
    const float *tiles, *radii;
    size_t row_count, feature_count;
    // Packed groups of centroids, and at least the norm of each centroid.
    size_t group_count;
    float reach;
    // Scores |c|^2/2 - x . c that differ by more than tie * (radius + reach)^2 are in the order of the distances that
    // the plain algorithm finds in float; `relative` bounds twice the relative error of such a distance.
    float tie, relative;
    // Bounds are kept for groups of `bound_span` packed groups; there are `bound_count` of them, 1 where none are kept.
    size_t bound_count, bound_span;
    // For each tile and bound group the drift up to which no row of the tile can leave for it; null: none are kept.
    float *deadlines;
    // Whether deadlines are known from a pass before and tiles may be skipped.
    int32_t may_skip;
    // Null where each row counts once.
    const float *weights;
    // 16 a tile, in: the labels before, out: the new ones; rows from row_count on are left alone.
    uint16_t *labels;
} stratum_kmeans_task;

// What a pass did: rows whose label changed, rows for which nothing was computed, bound groups scored over all tiles.
typedef struct {
    size_t moved, skipped, scored;
} stratum_kmeans_found;

// The best form that this machine runs.
int stratum_kmeans_best_form(void);

// Gives each row the label of its nearest centroid by plain squared distances in float (features in order, lowest index
// on ties), whatever is left out or computed otherwise on the way, and carries its values to that cluster.
// `centroids`: packed as above; `lines`: packed likewise, 1 + feature_count each: |c|^2 / 2, then -c; 2^126 and 0 where
// there is none. `drift`: of each bound group so far, rounded up, then the same rounded down; used with deadlines only.
// `sums` (a line of STRATUM_SUM_STRIDE doubles per cluster), `counts` and, with weights, `totals` are changed by each
// row whose label changed: taken from the old cluster, added to the new. A value goes in as (x + magic[feature]) -
// magic[feature], which rounds it to a grid on which double sums are exact; so does its product with the weight.
// `magic` has STRATUM_SUM_STRIDE values.
void stratum_kmeans_run_pass(const stratum_kmeans_task *task, const float *centroids, const float *lines,
                             const float *drift, const double *magic, double *sums, double *totals, int64_t *counts,
                             int form, stratum_kmeans_found *found);

// A norm that no row of a tile exceeds, and the sum of weight * |x|^2 in two parts, each exact on a grid as above:
// `squares[0]` on that of `coarse`, `squares[1]`, what is left of each square, on that of `fine`. `weights` may be
// null.
void stratum_kmeans_norms(const float *tiles, size_t tile_count, size_t feature_count, const float *weights,
                          double coarse, double fine, float *radii, double *squares);

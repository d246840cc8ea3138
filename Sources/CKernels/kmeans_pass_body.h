// One pass of k-means over the tiles of a task, written once and compiled for each form by kmeans_pass.c, which defines
// FORM(name), GROUPS (groups of 4 centroids whose scores stay in registers at once) and, where there are any, gathers.
// What must change together: the tile layout (FeatureMatrix.swift), the packing (Centroids.swift), the error bounds
// (`tie` and `relative` in PassCentroids.swift) and the order of arithmetic here and in the twins of the tests.

#include "kmeans_scores_body.h"

// Takes the rows in `moved` out of the sums of their old clusters and into those of the new ones.
static NEVER_INLINE void FORM(carry)(const pass_arguments *pass, const float *tile, size_t row, uint32_t moved,
                                     const uint16_t *before, const uint16_t *after) {
    const size_t feature_count = pass->task.feature_count, stride = STRATUM_SUM_STRIDE(feature_count);
    float weights[ROWS];
    for (uint32_t bits = moved; bits; bits &= bits - 1) {
        const size_t lane = (size_t)__builtin_ctz(bits);
        pass->counts[after[lane]]++;
        if (before[lane] != STRATUM_NO_LABEL) pass->counts[before[lane]]--;
        if (!pass->task.weights) continue;
        weights[lane] = pass->task.weights[row + lane];
        pass->totals[after[lane]] += (double)weights[lane];
        if (before[lane] != STRATUM_NO_LABEL) pass->totals[before[lane]] -= (double)weights[lane];
    }
    for (size_t first = 0; first < feature_count; first += 16) {
        const f64x16 grid = *(const f64x16u *)(pass->magic + first);
#ifdef GATHER
        const uint32_t present = feature_count - first < 16 ? (1u << (feature_count - first)) - 1 : 0xFFFF;
#define VALUES_OF(lane) GATHER(tile + first * ROWS + (lane), present)
#else
        f32x16 a[16], b[16];
        for (size_t line = 0; line < 16; line++) {
            a[line] = first + line < feature_count ? ((const f32x16 *)tile)[first + line] : (f32x16)(0);
        }
        INTERLEAVE_LINES(a, b);
        INTERLEAVE_LINES(b, a);
        INTERLEAVE_LINES(a, b);
        INTERLEAVE_LINES(b, a);
#define VALUES_OF(lane) a[lane]
#endif
        for (uint32_t bits = moved; bits; bits &= bits - 1) {
            const size_t lane = (size_t)__builtin_ctz(bits);
            f64x16 x = (__builtin_convertvector(VALUES_OF(lane), f64x16) + grid) - grid;
            if (pass->task.weights) x = (x * (double)weights[lane] + grid) - grid;
            *(f64x16u *)(pass->sums + after[lane] * stride + first) += x;
            if (before[lane] != STRATUM_NO_LABEL) *(f64x16u *)(pass->sums + before[lane] * stride + first) -= x;
        }
#undef VALUES_OF
    }
}

// Labels the rows of one tile; returns how many changed their label.
INLINE size_t FORM(label)(const pass_arguments *pass, const float *tile, size_t number, i32x16 index) {
    const u16x16 lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const size_t row = number * ROWS, left = pass->task.row_count - row;
    const u16x16 before = *(const u16x16 *)(pass->task.labels + row);
    const u16x16 inside = (u16x16)(lane_numbers < (u16x16)((uint16_t)(left < ROWS ? left : ROWS)));
    const u16x16 after = inside ? __builtin_convertvector(index, u16x16) : before;
    const b16 changed = __builtin_convertvector(after != before, b16);
    const uint32_t moved = *(const uint16_t *)&changed;
    if (moved == 0) return 0;
    *(u16x16 *)(pass->task.labels + row) = after;
    uint16_t old_labels[ROWS], new_labels[ROWS];
    *(u16x16u *)old_labels = before;
    *(u16x16u *)new_labels = after;
    FORM(carry)(pass, tile, row, moved, old_labels, new_labels);
    return (size_t)__builtin_popcount(moved);
}

INLINE f32x16 FORM(squared_norms)(const float *tile, size_t feature_count) {
    const f32x16 *x = (const f32x16 *)tile;
    f32x16 even = x[0] * x[0], odd = 0;
    for (size_t feature = 1; feature < feature_count; feature += 2) {
        odd += x[feature] * x[feature];
        if (feature + 1 < feature_count) even += x[feature + 1] * x[feature + 1];
    }
    return even + odd;
}

// Until which drift no centroid of the group can come nearer to a row of the tile than the row's own centroid.
INLINE float FORM(deadline)(const pass_arguments *pass, f32x16 own, f32x16 other, float error, float drift) {
    const f32x16 none = 0;
    const f32x16 low = other - error, high = own + error;
    const f32x16 lower = __builtin_elementwise_sqrt(low > none ? low : none);
    const f32x16 upper = __builtin_elementwise_sqrt(high > none ? high : none);
    const f32x16 gaps = (lower - upper) - pass->task.relative * (lower + upper);
    // As integers, floats above 0 keep their order and the others stay below.
    const int32_t lowest = __builtin_reduce_min((i32x16)gaps);
    float gap;
    __builtin_memcpy(&gap, &lowest, sizeof(gap));
    gap -= 0x1p-45f;
    return gap > 0 ? (gap + drift) * (1 - 0x1p-21f) : -1;
}

// What is known before the groups in `wanted` are scored: the own score of rows whose centroid is in another group.
static NEVER_INLINE void FORM(begin_with_own)(const pass_arguments *pass, const float *tile, size_t number,
                                              uint64_t wanted, FORM(nearest) * all) {
    const i32x16 stored = __builtin_convertvector(*(const u16x16 *)(pass->task.labels + number * ROWS), i32x16);
    // What pads the last tile has no label; any will do, since its rows only make bounds stricter.
    const i32x16 labels = stored == STRATUM_NO_LABEL ? (i32x16)(0) : stored;
    const f32x16 own = FORM(own_scores)(pass, tile, labels);
    const int32_t width = (int32_t)(4 * pass->task.bound_span);
    for (size_t lane = 0; lane < ROWS; lane++) {
        const bool is_scored = wanted >> (labels[lane] / width) & 1;
        all->best[lane] = is_scored ? FAR_SCORE : own[lane];
    }
    all->second = (f32x16)(FAR_SCORE);
    all->index = labels;
}

// Bounds of groups that are not scored leave out each row's own centroid; where a row has left it, they no longer hold.
static NEVER_INLINE void FORM(drop_bounds)(const pass_arguments *pass, size_t number, uint64_t wanted,
                                           i32x16 index) {
    for (size_t lane = 0; lane < ROWS; lane++) {
        const uint16_t label = pass->task.labels[number * ROWS + lane];
        const size_t group = label / (4 * pass->task.bound_span);
        if (label == STRATUM_NO_LABEL || index[lane] == label || wanted >> group & 1) continue;
        pass->task.deadlines[number * pass->task.bound_count + group] = -1;
    }
}

// Lists the tiles that some centroid may win rows of, and for each the bound groups that may.
static size_t FORM(list_tiles)(const pass_arguments *pass, size_t tile_count, uint16_t *listed, uint64_t *wanted) {
    const size_t bound_count = pass->task.bound_count;
    const uint64_t every = ((uint64_t)1 << bound_count) - 1;
    size_t count = 0;
    for (size_t number = 0; number < tile_count; number++) {
        uint64_t due = every;
        if (pass->drifts) {
            const float *deadlines = pass->task.deadlines + number * bound_count;
            due = 0;
            for (size_t group = 0; group < bound_count; group++) {
                due |= (uint64_t)!(deadlines[group] > pass->drifts[group]) << group;
            }
        }
        listed[count] = (uint16_t)number;
        wanted[count] = due;
        count += due != 0;
    }
    listed[count] = listed[count > 0 ? count - 1 : 0];
    wanted[count] = 0;
    return count;
}

static void FORM(pass)(const pass_arguments *pass, stratum_kmeans_found *found) {
    const size_t feature_count = pass->task.feature_count, tile_stride = feature_count * ROWS;
    const size_t tile_count = (pass->task.row_count + ROWS - 1) / ROWS, bound_count = pass->task.bound_count;
    const uint64_t every = ((uint64_t)1 << bound_count) - 1;
    uint16_t listed[STRATUM_PASS_TILES + 1];
    uint64_t due[STRATUM_PASS_TILES + 1];
    const size_t count = FORM(list_tiles)(pass, tile_count, listed, due);
    // The rows of the last tile may be fewer.
    found->skipped = (tile_count - count) * ROWS;
    if (tile_count > 0 && (count == 0 || listed[count - 1] != tile_count - 1)) {
        found->skipped -= tile_count * ROWS - pass->task.row_count;
    }
    for (size_t at = 0; at < count; at += 2) {
        const size_t ahead = at + AHEAD_TILES < count ? at + AHEAD_TILES : count - 1;
        const float *tiles[2] = {pass->task.tiles + listed[at] * tile_stride,
                                 pass->task.tiles + listed[at + 1] * tile_stride};
        const float *later[2] = {pass->task.tiles + listed[ahead] * tile_stride,
                                 pass->task.tiles + listed[ahead + 1] * tile_stride};
        __builtin_prefetch(pass->task.labels + listed[ahead] * ROWS);
        FORM(nearest) all[2], groups[2][STRATUM_BOUND_GROUP_LIMIT];
        uint64_t wanted = due[at] | due[at + 1];
        if (wanted != every) {
            if (2 * __builtin_popcountll(wanted) > (int)bound_count) wanted = every;
            for (size_t t = 0; t < 2 && wanted != every; t++) {
                FORM(begin_with_own)(pass, tiles[t], listed[at + t], wanted, &all[t]);
            }
        }
        for (uint64_t rest = wanted; rest; rest &= rest - 1) {
            const size_t group = (size_t)__builtin_ctzll(rest);
            FORM(score_bound_group)(pass, tiles, later, group, &groups[0][group], &groups[1][group]);
            for (size_t t = 0; t < 2; t++) {
                const FORM(nearest) *one = &groups[t][group];
                if (group == 0 && wanted == every) all[t] = *one;
                else FORM(keep_lower)(&all[t], one->best, one->second, one->index);
            }
        }
        for (size_t t = 0; t < 2 && at + t < count; t++) {
            const size_t number = listed[at + t];
            uint64_t scored = wanted;
            found->scored += (size_t)__builtin_popcountll(wanted);
            const float reach = pass->task.radii[number] + pass->task.reach;
            const float error = pass->task.tie * reach * reach + 0x1p-100f;
            const b16 close = __builtin_convertvector(all[t].second - all[t].best <= error, b16);
            const bool is_measured = *(const uint16_t *)&close != 0;
            if (is_measured) {
                all[t].best = all[t].second = (f32x16)(INFINITY);
                all[t].index = (i32x16)(0);
                scored = every;
                for (size_t group = 0; group < bound_count; group++) {
                    FORM(nearest) *one = &groups[t][group];
                    FORM(measure_bound_group)(pass, tiles[t], group, one);
                    FORM(keep_lower)(&all[t], one->best, one->second, one->index);
                }
            }
            if (scored != every) FORM(drop_bounds)(pass, number, scored, all[t].index);
            found->moved += FORM(label)(pass, tiles[t], number, all[t].index);
            if (!pass->task.deadlines) continue;
            const f32x16 squares = is_measured ? (f32x16)(0) : FORM(squared_norms)(tiles[t], feature_count);
            const float factor = is_measured ? 1 : 2;
            const f32x16 own = squares + factor * all[t].best;
            for (; scored; scored &= scored - 1) {
                const size_t group = (size_t)__builtin_ctzll(scored);
                const FORM(nearest) *one = &groups[t][group];
                const f32x16 other = one->index == all[t].index ? one->second : one->best;
                pass->task.deadlines[number * bound_count + group] =
                    FORM(deadline)(pass, own, squares + factor * other, error, pass->now[group]);
            }
        }
    }
}

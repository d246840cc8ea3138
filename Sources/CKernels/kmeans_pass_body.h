// One pass of k-means over the tiles of a task, written once and compiled for each form by kmeans_pass.c, which defines
// FORM(name), GROUPS (groups of 4 centroids whose scores stay in registers at once) and GATHER where the machine has it.
// What must change together: the tile layout (FeatureMatrix.swift), the packing (Centroids.swift), the error bounds
// (`tie` and `relative` in PassConstants.swift) and the order of arithmetic here and in the twins of the tests.

// The two lowest scores of a row in each block of centroids, for two tiles side by side.
typedef struct {
    f32x16 best[2], second[2];
} FORM(block_scores);

// Merges the two lowest of one set of scores into those of another.
#define MERGE_TWO_LOWEST(best, second, other_best, other_second)                                                       \
    do {                                                                                                               \
        second = LOWER(LOWER(second, other_second), HIGHER(best, other_best));                                         \
        best = LOWER(best, other_best);                                                                                \
    } while (0)

// Scores |c|^2/2 - x . c of two tiles for `group_count` groups of centroids. The number of a centroid in its block
// replaces the low 4 bits of its score, so that the lowest score brings its owner along. On the way the tiles at
// `ahead` are fetched, a line for each feature.
INLINE void FORM(score_block)(const float *const tiles[2], const float *const ahead[2], size_t feature_count,
                              const float *lines, size_t group_count, FORM(block_scores) * out) {
    const size_t group_stride = 4 * (feature_count + 1);
    const float *tile0 = tiles[0], *tile1 = tiles[1];
    const float *ahead0 = ahead[0], *ahead1 = ahead[1];
    f32x16 score[2][4 * GROUPS], higher[2][4 * GROUPS];
    UNROLL for (size_t j = 0; j < 4 * group_count; j++) {
        score[0][j] = score[1][j] = (f32x16)(lines[j / 4 * group_stride + j % 4]);
    }
    for (size_t at = 0; at < feature_count * ROWS; at += ROWS) {
        const f32x16 x0 = *(const f32x16 *)(tile0 + at), x1 = *(const f32x16 *)(tile1 + at);
        __builtin_prefetch(ahead0 + at);
        __builtin_prefetch(ahead1 + at);
        lines += 4;
        UNROLL for (size_t j = 0; j < 4 * group_count; j++) {
            const f32x16 c = (f32x16)(lines[j / 4 * group_stride + j % 4]);
            score[0][j] += x0 * c;
            score[1][j] += x1 * c;
        }
    }
    UNROLL for (size_t t = 0; t < 2; t++) {
        UNROLL for (size_t j = 0; j < 4 * group_count; j++) {
            score[t][j] = (f32x16)(((i32x16)score[t][j] & ~15) | (int32_t)j);
        }
        UNROLL for (size_t j = 0; j < 4 * group_count; j += 2) {
            higher[t][j] = HIGHER(score[t][j], score[t][j + 1]);
            score[t][j] = LOWER(score[t][j], score[t][j + 1]);
        }
        UNROLL for (size_t j = 0; j < 4 * group_count; j += 4) {
            MERGE_TWO_LOWEST(score[t][j], higher[t][j], score[t][j + 2], higher[t][j + 2]);
        }
        UNROLL for (size_t j = 4; j < 4 * group_count; j += 4) {
            MERGE_TWO_LOWEST(score[t][0], higher[t][0], score[t][j], higher[t][j]);
        }
        out->best[t] = score[t][0];
        out->second[t] = higher[t][0];
    }
}

INLINE void FORM(score)(const float *const tiles[2], const float *const ahead[2], size_t feature_count,
                        const float *lines, size_t group_count, FORM(block_scores) * out) {
    switch (group_count) {
#if GROUPS > 2
    case 3: FORM(score_block)(tiles, ahead, feature_count, lines, 3, out); break;
#endif
#if GROUPS > 1
    case 2: FORM(score_block)(tiles, ahead, feature_count, lines, 2, out); break;
#endif
    default: FORM(score_block)(tiles, ahead, feature_count, lines, 1, out); break;
    }
}

// What is known of one bound group for one tile: the two lowest scores (or squared distances) and the lowest's centroid.
typedef struct {
    f32x16 best, second;
    i32x16 index;
} FORM(nearest);

INLINE void FORM(keep_lower)(FORM(nearest) * all, f32x16 best, f32x16 second, i32x16 index) {
    const i32x16 lower = best < all->best;
    all->second = LOWER(LOWER(all->second, second), HIGHER(all->best, best));
    all->best = LOWER(all->best, best);
    all->index = lower ? index : all->index;
}

// The lowest scores of two tiles among the centroids of one bound group.
INLINE void FORM(score_bound_group)(const pass_arguments *pass, const float *const tiles[2],
                                    const float *const ahead[2], size_t bound_group,
                                    FORM(nearest) * found0, FORM(nearest) * found1) {
    const size_t group_stride = 4 * (pass->task.feature_count + 1);
    size_t group = bound_group * pass->task.bound_span;
    const size_t end = group + pass->task.bound_span < pass->task.group_count ? group + pass->task.bound_span : pass->task.group_count;
    for (bool is_first = true; group < end; is_first = false) {
        const size_t count = end - group < GROUPS ? end - group : GROUPS;
        FORM(block_scores) block;
        FORM(score)(tiles, ahead, pass->task.feature_count, pass->lines + group * group_stride, count, &block);
        const i32x16 index0 = ((i32x16)block.best[0] & 15) + (int32_t)(4 * group);
        const i32x16 index1 = ((i32x16)block.best[1] & 15) + (int32_t)(4 * group);
        group += count;
        if (is_first) {
            *found0 = (FORM(nearest)){block.best[0], block.second[0], index0};
            *found1 = (FORM(nearest)){block.best[1], block.second[1], index1};
        } else {
            FORM(keep_lower)(found0, block.best[0], block.second[0], index0);
            FORM(keep_lower)(found1, block.best[1], block.second[1], index1);
        }
    }
}

// The lowest squared distances of one tile, as the plain algorithm has them: this decides what scores cannot.
static NEVER_INLINE void FORM(measure_bound_group)(const pass_arguments *pass, const float *tile,
                                                   size_t bound_group, FORM(nearest) * found) {
    const size_t first = bound_group * pass->task.bound_span;
    const size_t end = first + pass->task.bound_span < pass->task.group_count ? first + pass->task.bound_span : pass->task.group_count;
    f32x16 best = INFINITY, second = INFINITY;
    i32x16 index = 0;
    for (size_t group = first; group < end; group++) {
        f32x16 d0, d1, d2, d3;
        DISTANCES_TO_GROUP(tile, pass->task.feature_count, pass->centroids + group * 4 * pass->task.feature_count);
        KEEP_TWO_NEAREST(d0, 4 * group);
        KEEP_TWO_NEAREST(d1, 4 * group + 1);
        KEEP_TWO_NEAREST(d2, 4 * group + 2);
        KEEP_TWO_NEAREST(d3, 4 * group + 3);
    }
    found->best = best;
    found->second = second;
    found->index = index;
}

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

// The score of each row's own centroid, by the arithmetic of score_block.
static NEVER_INLINE f32x16 FORM(own_scores)(const pass_arguments *pass, const float *tile, i32x16 labels) {
    const int32_t group_stride = (int32_t)(4 * (pass->task.feature_count + 1));
    const i32x16 offsets = (labels >> 2) * group_stride + (labels & 3);
#ifdef GATHER_AT
    f32x16 score = GATHER_AT(pass->lines, offsets);
    for (size_t feature = 0; feature < pass->task.feature_count; feature++) {
        score += ((const f32x16 *)tile)[feature] * GATHER_AT(pass->lines + 4 * (feature + 1), offsets);
    }
#else
    f32x16 score;
    for (size_t lane = 0; lane < ROWS; lane++) {
        const float *line = pass->lines + offsets[lane];
        float sum = line[0];
        for (size_t feature = 0; feature < pass->task.feature_count; feature++) {
            sum += tile[feature * ROWS + lane] * line[4 * (feature + 1)];
        }
        score[lane] = sum;
    }
#endif
    return score;
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
        const float *tiles[2] = {pass->task.tiles + listed[at] * tile_stride, pass->task.tiles + listed[at + 1] * tile_stride};
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

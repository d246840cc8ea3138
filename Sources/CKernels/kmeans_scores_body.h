// Scores and distances of tiles, compiled for each form as kmeans_pass_body.h says.

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

// What is known of a bound group for a tile: the two lowest scores (or squared distances) and the lowest's centroid.
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
    const size_t behind = group + pass->task.bound_span;
    const size_t end = behind < pass->task.group_count ? behind : pass->task.group_count;
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
    const size_t behind = first + pass->task.bound_span;
    const size_t end = behind < pass->task.group_count ? behind : pass->task.group_count;
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

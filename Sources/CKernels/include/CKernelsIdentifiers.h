#pragma once

#include <stddef.h>
#include <stdint.h>

/// How many parts a set has.
#define STRATUM_ID_PART_COUNT 64

/// One part of a set of fingerprints: open addressing with linear probing. A slot with `highs` 0 is free.
typedef struct {
    uint64_t *lows;
    uint32_t *highs;
    uint64_t capacity;
    uint64_t count;
} stratum_id_part;

/// Inserts fingerprints [from, count) into the parts; indices of those that were there before go to `seen`.
///
/// No `highs[i]` is 0. Stops before a fingerprint whose part is 90 % full, so that the caller can make it larger.
/// Returns the index it stopped at, `count` if none; `*seenCount` grows by what was written to `seen`.
size_t stratum_id_insert(
    stratum_id_part *parts, const uint64_t *lows, const uint32_t *highs, size_t from, size_t count, uint32_t *seen,
    size_t *seenCount);

/// Moves all fingerprints of `old` to the free slots of `grown`, which is larger and empty, and counts them there.
void stratum_id_move(const stratum_id_part *old, stratum_id_part *grown);

/// Which part a fingerprint belongs to, 0 ..< STRATUM_ID_PART_COUNT.
uint32_t stratum_id_part_of(uint64_t low, uint32_t high);

/// Gives an empty part its storage. Returns 0 if there is no memory.
int stratum_id_allocate(stratum_id_part *part, uint64_t capacity);

/// Frees a part's storage.
void stratum_id_free(stratum_id_part *part);

// A set of fingerprints. In C for the prefetch, which Swift has no word for: every look-up is a place of its own in memory.
// The Swift twin is the Set in IdentifierSetTests.
#include "CKernelsIdentifiers.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// The finalizer of SplitMix64 (Steele, Lea & Flood 2014) over both words.
static inline uint64_t mixed(uint64_t low, uint32_t high)
{
    uint64_t word = low ^ (uint64_t)high * 0x9E3779B97F4A7C15ULL;
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9ULL;
    word = (word ^ word >> 27) * 0x94D049BB133111EBULL;
    return word ^ word >> 31;
}

// The upper 4 bits choose the part; the others spread evenly over a capacity that is no power of two.
static inline uint64_t first_slot(uint64_t mix, uint64_t capacity)
{
    return (uint64_t)(((unsigned __int128)(mix << 4) * capacity) >> 64);
}

// The slot that holds the fingerprint, or the free one where it belongs.
static inline uint64_t place(const stratum_id_part *part, uint64_t mix, uint64_t low, uint32_t high)
{
    uint64_t slot = first_slot(mix, part->capacity);
    while (part->highs[slot] != 0 && !(part->lows[slot] == low && part->highs[slot] == high)) {
        if (++slot == part->capacity) slot = 0;
    }
    return slot;
}

size_t stratum_id_insert(
    stratum_id_part *parts, const uint64_t *lows, const uint32_t *highs, size_t from, size_t count, uint32_t *seen,
    size_t *seenCount)
{
    enum { ahead = 16 };
    for (size_t i = from; i < count; i++) {
        if (i + ahead < count) {
            const uint64_t later = mixed(lows[i + ahead], highs[i + ahead]);
            const stratum_id_part *part = parts + (later >> 60);
            const uint64_t slot = part->capacity == 0 ? 0 : first_slot(later, part->capacity);
            __builtin_prefetch(part->lows + slot, 1);
            __builtin_prefetch(part->highs + slot, 1);
        }
        const uint64_t mix = mixed(lows[i], highs[i]);
        stratum_id_part *part = parts + (mix >> 60);
        if (part->count * 100 >= part->capacity * 88) return i;
        const uint64_t slot = place(part, mix, lows[i], highs[i]);
        if (part->highs[slot] != 0) {
            seen[(*seenCount)++] = (uint32_t)i;
        } else {
            part->lows[slot] = lows[i];
            part->highs[slot] = highs[i];
            part->count++;
        }
    }
    return count;
}

void stratum_id_move(const stratum_id_part *old, stratum_id_part *grown)
{
    for (uint64_t slot = 0; slot < old->capacity; slot++) {
        if (old->highs[slot] == 0) continue;
        const uint64_t mix = mixed(old->lows[slot], old->highs[slot]);
        const uint64_t to = place(grown, mix, old->lows[slot], old->highs[slot]);
        grown->lows[to] = old->lows[slot];
        grown->highs[to] = old->highs[slot];
        grown->count++;
    }
}

uint32_t stratum_id_part_of(uint64_t low, uint32_t high)
{
    return (uint32_t)(mixed(low, high) >> 60);
}

int stratum_id_allocate(stratum_id_part *part, uint64_t capacity)
{
    enum { huge = 2 << 20 };
    const size_t lowBytes = capacity * sizeof *part->lows, highBytes = capacity * sizeof *part->highs;
    const size_t alignment = lowBytes >= huge ? huge : 64;
    void *lows = 0, *highs = 0;
    if (posix_memalign(&lows, alignment, lowBytes) != 0) return 0;
    if (posix_memalign(&highs, alignment, highBytes) != 0) {
        free(lows);
        return 0;
    }
    if (alignment == huge) {
        // Each look-up is a place of its own: with pages of 4 KiB it would wait for the address too.
        madvise(lows, lowBytes, MADV_HUGEPAGE);
        madvise(highs, highBytes, MADV_HUGEPAGE);
    }
    memset(highs, 0, highBytes);
    *part = (stratum_id_part){lows, highs, capacity, 0};
    return 1;
}

void stratum_id_free(stratum_id_part *part)
{
    free(part->lows);
    free(part->highs);
}

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

// The upper bits choose the part; the others spread evenly over a capacity that is no power of two, in their order: so
// a part that moves to a larger one is read and written from front to end.
enum { part_bits = 6 };
_Static_assert(1 << part_bits == STRATUM_ID_PART_COUNT, "a part for each value of the upper bits");

static inline uint32_t part_of(uint64_t mix)
{
    return (uint32_t)(mix >> (64 - part_bits));
}

static inline uint64_t first_slot(uint64_t mix, uint64_t capacity)
{
    return (uint64_t)(((unsigned __int128)(mix << part_bits) * capacity) >> 64);
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
            const stratum_id_part *part = parts + part_of(later);
            const uint64_t slot = part->capacity == 0 ? 0 : first_slot(later, part->capacity);
            __builtin_prefetch(part->lows + slot, 1);
            __builtin_prefetch(part->highs + slot, 1);
        }
        const uint64_t mix = mixed(lows[i], highs[i]);
        stratum_id_part *part = parts + part_of(mix);
        if (part->count * 100 >= part->capacity * 90) return i;
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
    return part_of(mixed(low, high));
}

// One room for both arrays, the lows first.
static inline size_t room_bytes(uint64_t capacity)
{
    return capacity * (sizeof(uint64_t) + sizeof(uint32_t));
}

enum { mapped_bytes = 64 << 10, huge_page = 2 << 20 };

// Whole pages from the system, and given back to it: parts that grow one after the other would leave holes in a heap.
static void *map_pages(size_t bytes)
{
    if (bytes < huge_page) {
        void *pages = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return pages == MAP_FAILED ? 0 : pages;
    }
    char *pages = mmap(0, bytes + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return 0;
    const size_t before = (size_t)(-(uintptr_t)pages & (huge_page - 1));
    const size_t kept = (bytes + 4095) & ~(size_t)4095;
    if (before > 0) munmap(pages, before);
    if (before + kept < bytes + huge_page) munmap(pages + before + kept, bytes + huge_page - before - kept);
    // Each look-up is a place of its own: with pages of 4 KiB it would wait for the address too.
    madvise(pages + before, bytes, MADV_HUGEPAGE);
    return pages + before;
}

int stratum_id_allocate(stratum_id_part *part, uint64_t capacity)
{
    const size_t bytes = room_bytes(capacity);
    void *room = bytes < mapped_bytes ? calloc(1, bytes) : map_pages(bytes);
    if (room == 0) return 0;
    uint64_t *lows = room;
    *part = (stratum_id_part){lows, (uint32_t *)(lows + capacity), capacity, 0};
    return 1;
}

void stratum_id_free(stratum_id_part *part)
{
    if (part->lows == 0) return;
    const size_t bytes = room_bytes(part->capacity);
    if (bytes < mapped_bytes) free(part->lows);
    else munmap(part->lows, bytes);
}

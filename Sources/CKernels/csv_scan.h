// The scan of CSV records, 64 bytes at a time, over masks of the bytes that mean something: shared by its forms, which
// differ in how they make the masks and how they write out the places of set bits.
#pragma once

#include "CKernelsCSV.h"

/// For each of 64 bytes a bit, the first byte's lowest.
typedef struct {
    uint64_t delimiters, feeds, carriages, quotes, zeros;
    /// Not 0 if a byte is 0x80 or above.
    uint64_t high;
} csv_masks;

typedef csv_masks (*csv_mask_maker)(const uint8_t *bytes, uint8_t delimiter);
/// Writes `base` plus the place of each set bit; may write up to 64 elements in all.
typedef void (*csv_place_writer)(uint64_t bits, uint32_t base, uint32_t *out);

/// Checks that every columnCount-th separator is a line end, cuts CRs off, and writes the records' starts.
stratum_csv_run csv_finish_run(
    const uint8_t *data, size_t from, uint32_t columnCount, uint32_t capacity, uint32_t byteLimit,
    stratum_csv_fields fields, uint32_t separatorCount, uint32_t lineCount, int carriageReturns, int special,
    stratum_csv_run found);

/// Of each bit the parity of the bits up to it: 1 from an odd quote up to the byte before the next one.
static inline uint64_t csv_running_parity(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
}

static inline __attribute__((always_inline)) stratum_csv_run csv_index_by(
    csv_mask_maker makeMasks, csv_place_writer writePlaces, const uint8_t *data, size_t from, size_t length,
    uint8_t delimiter, uint32_t columnCount, uint32_t capacity, uint32_t byteLimit, stratum_csv_fields fields)
{
    const uint32_t room = capacity * columnCount;
    uint32_t separators = 0, lines = 0, sawQuotes = 0;
    uint64_t high = 0;
    int returns = 0, special = 0;
    // All ones while the byte before this one is inside quotes; and whether a quote may open a field here.
    uint64_t inside = 0, mayOpen = 1;
    for (size_t at = from; at < length && separators < room && lines < capacity; at += 64) {
        csv_masks found = makeMasks(data + at, delimiter);
        if (__builtin_expect(at + 64 > length, 0)) {
            // What is beyond the end means nothing.
            const uint64_t there = ~(~0ULL << (length - at));
            found.delimiters &= there;
            found.feeds &= there;
            found.carriages &= there;
            found.quotes &= there;
            found.zeros &= there;
        }
        high |= found.high;
        uint64_t feeds = found.feeds;
        uint64_t ends = found.delimiters | feeds;
        uint64_t odd = found.zeros;
        const uint64_t quotes = found.quotes, carriages = found.carriages;
        if (__builtin_expect(carriages != 0, 0)) {
            const uint64_t beyond = (at + 64 < length && data[at + 64] == '\n') ? 1ULL << 63 : 0;
            odd |= carriages & ~((feeds >> 1) | beyond);
            returns = 1;
        }
        if (quotes | inside) {
            sawQuotes = 1;
            // A quote opens a field or comes right after one that closed (two stand for one); after a closing one the
            // field is over. A record with any other quote, or with a line end inside quotes, is left to the machine.
            const uint64_t quoted = csv_running_parity(quotes) ^ inside;
            const uint64_t opening = quotes & quoted, closing = quotes & ~quoted;
            const uint64_t after = ends | carriages | opening;
            const uint8_t beyond = at + 64 < length ? data[at + 64] : 'x';
            const uint64_t last = beyond == delimiter || beyond == '\n' || beyond == '\r' || beyond == '"';
            odd |= opening & ~(((ends | closing) << 1) | mayOpen);
            odd |= closing & ~((after >> 1) | (last << 63));
            odd |= (feeds | carriages) & quoted;
            ends &= ~quoted;
            feeds &= ~quoted;
            mayOpen = (ends | closing) >> 63;
            inside = (uint64_t)((int64_t)quoted >> 63);
        } else {
            mayOpen = ends >> 63;
        }
        if (__builtin_expect(odd != 0, 0)) {
            const uint64_t before = (odd & (0 - odd)) - 1;
            feeds &= before;
            ends &= before;
            special = 1;
        }
        writePlaces(ends, (uint32_t)at, fields.ends + separators);
        separators += (uint32_t)__builtin_popcountll(ends);
        while (feeds) {
            fields.lines[lines++] = (uint32_t)at + (uint32_t)__builtin_ctzll(feeds);
            feeds &= feeds - 1;
        }
        if (special) break;
    }
    const stratum_csv_run found = {.high = high != 0, .quoted = sawQuotes};
    return csv_finish_run(
        data, from, columnCount, capacity, byteLimit, fields, separators, lines, returns, special, found);
}

#if defined(__x86_64__)
stratum_csv_run csv_index_avx2(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    uint32_t byteLimit, stratum_csv_fields fields);
stratum_csv_run csv_index_avx512(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    uint32_t byteLimit, stratum_csv_fields fields);
#endif

// The scan of CSV records in two variants that give the same results: portable C, which leaves every quote to the record
// machine, and AVX-512. The Swift twin of both is RecordMachine in TableIO.
#include "CKernelsCSV.h"

#include "csv_variants.h"

// Checks that every columnCount-th separator is a line end, cuts CRs off, and writes the records' starts.
static stratum_csv_run finish_run(
    const uint8_t *data, size_t from, uint32_t columnCount, uint32_t capacity, uint32_t byteLimit,
    stratum_csv_fields fields, uint32_t separatorCount, uint32_t lineCount, int carriageReturns, int special,
    uint32_t high, uint32_t quoted)
{
    const int full = lineCount >= capacity || separatorCount >= capacity * columnCount;
    uint32_t candidates = lineCount < capacity ? lineCount : capacity;
    if (separatorCount / columnCount < candidates) candidates = separatorCount / columnCount;
    uint32_t count = 0;
    size_t start = from;
    while (count < candidates) {
        const uint32_t line = fields.lines[count];
        uint32_t *last = fields.ends + (size_t)count * columnCount + (columnCount - 1);
        if (*last != line) break;
        uint32_t end = line;
        if (carriageReturns && end > start && data[end - 1] == '\r') end--;
        if (end - start > byteLimit || (columnCount == 1 && end == start)) break;
        *last = end;
        fields.starts[count] = (uint32_t)start;
        start = (size_t)line + 1;
        count++;
    }
    stratum_csv_run run;
    run.count = count;
    run.next = start;
    // What is left over after a line end, or in spite of a full scratch, is a record with another number of fields.
    run.irregular = (count < capacity && (count < lineCount || special || full)) ? 1 : 0;
    run.high = high;
    run.quoted = quoted;
    return run;
}

static stratum_csv_run index_portable(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    uint32_t byteLimit, stratum_csv_fields fields)
{
    const uint32_t room = capacity * columnCount;
    uint32_t separators = 0, lines = 0, high = 0;
    int returns = 0, special = 0;
    for (size_t i = from; i < length && separators < room && lines < capacity; i++) {
        const uint8_t c = data[i];
        high |= c;
        if (c == delimiter) {
            fields.ends[separators++] = (uint32_t)i;
        } else if (c == '\n') {
            fields.ends[separators++] = (uint32_t)i;
            fields.lines[lines++] = (uint32_t)i;
        } else if (c == '"' || c == 0) {
            special = 1;
            break;
        } else if (c == '\r') {
            if (i + 1 >= length || data[i + 1] != '\n') {
                special = 1;
                break;
            }
            returns = 1;
        }
    }
    return finish_run(
        data, from, columnCount, capacity, byteLimit, fields, separators, lines, returns, special,
        (high & 0x80) ? 1 : 0, 0);
}

#if defined(__x86_64__)
#include <immintrin.h>

// Of each bit the parity of the bits up to it: 1 from an odd quote up to the byte before the next one.
static inline uint64_t running_parity(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
}

WIDE static stratum_csv_run index_wide(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    uint32_t byteLimit, stratum_csv_fields fields)
{
    const uint32_t room = capacity * columnCount;
    uint32_t separators = 0, lines = 0;
    int returns = 0, special = 0;
    const __m512i comma = _mm512_set1_epi8((char)delimiter);
    const __m512i feed = _mm512_set1_epi8('\n');
    const __m512i carriage = _mm512_set1_epi8('\r');
    const __m512i quote = _mm512_set1_epi8('"');
    const __m512i iota = _mm512_set_epi8(
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36,
        35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7,
        6, 5, 4, 3, 2, 1, 0);
    __m512i seen = _mm512_setzero_si512();
    // All ones while the byte before this one is inside quotes; and whether a quote may open a field here.
    uint64_t inside = 0, mayOpen = 1;
    uint32_t sawQuotes = 0;
    for (size_t at = from; at < length && separators < room && lines < capacity; at += 64) {
        __m512i bytes;
        if (at + 64 <= length) {
            bytes = _mm512_loadu_si512(data + at);
        } else {
            // Past the end stands 'x', which means nothing here.
            const __mmask64 there = _bzhi_u64(~0ULL, (unsigned)(length - at));
            bytes = _mm512_mask_loadu_epi8(_mm512_set1_epi8('x'), there, data + at);
        }
        seen = _mm512_or_si512(seen, bytes);
        uint64_t feeds = _mm512_cmpeq_epi8_mask(bytes, feed);
        uint64_t ends = _mm512_cmpeq_epi8_mask(bytes, comma) | feeds;
        uint64_t odd = _mm512_testn_epi8_mask(bytes, bytes);
        const uint64_t quotes = _mm512_cmpeq_epi8_mask(bytes, quote);
        const uint64_t carriages = _mm512_cmpeq_epi8_mask(bytes, carriage);
        if (__builtin_expect(carriages != 0, 0)) {
            const uint64_t beyond = (at + 64 < length && data[at + 64] == '\n') ? 1ULL << 63 : 0;
            odd |= carriages & ~((feeds >> 1) | beyond);
            returns = 1;
        }
        if (quotes | inside) {
            sawQuotes = 1;
            // A quote opens a field or comes right after one that closed (two stand for one); after a closing one the
            // field is over. A record with any other quote, or with a line end inside quotes, is left to the machine.
            const uint64_t quoted = running_parity(quotes) ^ inside;
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
            const uint64_t before = _blsmsk_u64(odd) >> 1;
            feeds &= before;
            ends &= before;
            special = 1;
        }
        const uint32_t endCount = (uint32_t)_mm_popcnt_u64(ends);
        const __m512i places = _mm512_maskz_compress_epi8(ends, iota);
        const __m512i base = _mm512_set1_epi32((int)at);
        uint32_t *out = fields.ends + separators;
        _mm512_storeu_si512(out, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(places))));
        if (endCount > 16) {
            _mm512_storeu_si512(
                out + 16, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 1))));
            if (endCount > 32) {
                _mm512_storeu_si512(
                    out + 32, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 2))));
                _mm512_storeu_si512(
                    out + 48, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 3))));
            }
        }
        separators += endCount;
        while (feeds) {
            fields.lines[lines++] = (uint32_t)(at + _tzcnt_u64(feeds));
            feeds = _blsr_u64(feeds);
        }
        if (special) break;
    }
    const uint32_t high = _mm512_movepi8_mask(seen) != 0;
    return finish_run(
        data, from, columnCount, capacity, byteLimit, fields, separators, lines, returns, special, high,
        sawQuotes);
}
#endif

stratum_csv_run stratum_csv_index(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    uint32_t byteLimit, stratum_csv_fields fields)
{
#if defined(__x86_64__)
    if (csv_variant() == 1) return index_wide(data, from, length, delimiter, columnCount, capacity, byteLimit, fields);
#endif
    return index_portable(data, from, length, delimiter, columnCount, capacity, byteLimit, fields);
}

// The scan of CSV records: what its forms share, the portable one, and the choice. The Swift twin is RecordMachine in
// TableIO.
#include "csv_scan.h"

#include <string.h>

#include "csv_variants.h"

stratum_csv_run csv_finish_run(
    const uint8_t *data, size_t from, uint32_t columnCount, uint32_t capacity, uint32_t byteLimit,
    stratum_csv_fields fields, uint32_t separatorCount, uint32_t lineCount, int carriageReturns, int special,
    stratum_csv_run found)
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
    found.count = count;
    found.next = start;
    // What is left over after a line end, or in spite of a full scratch, is a record with another number of fields.
    found.irregular = (count < capacity && (count < lineCount || special || full)) ? 1 : 0;
    return found;
}

#define EVERY_BYTE(byte) (0x0101010101010101ULL * (byte))

// The highest bit of each byte that is 0; no byte disturbs another.
static inline uint64_t zero_bytes(uint64_t word)
{
    const uint64_t low = EVERY_BYTE(0x7F);
    return ~(((word & low) + low) | word | low);
}

// The highest bits of eight bytes side by side, the first byte's lowest.
static inline uint64_t gather_bits(uint64_t highest)
{
    return ((highest >> 7) * 0x0102040810204080ULL) >> 56;
}

static inline csv_masks masks_portable(const uint8_t *bytes, uint8_t delimiter)
{
    csv_masks masks = {0, 0, 0, 0, 0, 0};
    for (int step = 0; step < 64; step += 8) {
        const uint64_t word = csv_load_eight(bytes + step);
        masks.delimiters |= gather_bits(zero_bytes(word ^ EVERY_BYTE(delimiter))) << step;
        masks.feeds |= gather_bits(zero_bytes(word ^ EVERY_BYTE('\n'))) << step;
        // The others are rare: their bits are put side by side only where there are any.
        const uint64_t carriages = zero_bytes(word ^ EVERY_BYTE('\r'));
        const uint64_t quotes = zero_bytes(word ^ EVERY_BYTE('"'));
        const uint64_t zeros = zero_bytes(word);
        if (__builtin_expect((carriages | quotes | zeros) != 0, 0)) {
            masks.carriages |= gather_bits(carriages) << step;
            masks.quotes |= gather_bits(quotes) << step;
            masks.zeros |= gather_bits(zeros) << step;
        }
        masks.high |= word & EVERY_BYTE(0x80);
    }
    return masks;
}

static inline void write_places(uint64_t bits, uint32_t base, uint32_t *out)
{
    while (bits) {
        *out++ = base + (uint32_t)__builtin_ctzll(bits);
        bits &= bits - 1;
    }
}

stratum_csv_run stratum_csv_index(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    uint32_t byteLimit, stratum_csv_fields fields)
{
#if defined(__x86_64__)
    if (csv_variant() == CSV_AVX512)
        return csv_index_avx512(data, from, length, delimiter, columnCount, capacity, byteLimit, fields);
    if (csv_variant() == CSV_AVX2)
        return csv_index_avx2(data, from, length, delimiter, columnCount, capacity, byteLimit, fields);
#endif
    return csv_index_by(
        masks_portable, write_places, data, from, length, delimiter, columnCount, capacity, byteLimit, fields);
}

// Ids out of indexed CSV fields, and whether they rise.
#include "CKernelsCSV.h"

#include <string.h>

#include "csv_fields.h"

uint32_t stratum_csv_copy_column(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    uint8_t *bytes, uint32_t base, uint32_t *ends, uint32_t *exceptions)
{
    uint32_t exceptionCount = 0, at = base;
    for (uint32_t record = 0; record < count; record++) {
        const uint32_t start = field_start(fields, columnCount, column, record);
        uint32_t length = fields.ends[(size_t)record * columnCount + column] - start;
        const uint8_t *text = data + start;
        int escaped = 0;
        if (fields.quoted && length >= 2 && text[0] == '"') {
            text++;
            length -= 2;
            escaped = memchr(text, '"', length) != 0;
        }
        if (__builtin_expect(length <= 16, 1))
            memcpy(bytes + at, text, 16);
        else
            memcpy(bytes + at, text, length);
        if (__builtin_expect(length == 0 || escaped, 0)) exceptions[exceptionCount++] = record;
        at += length;
        ends[record] = at;
    }
    return exceptionCount;
}

static inline uint64_t first_eight(const uint8_t *bytes, uint32_t length)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
    word = __builtin_bswap64(word);
    return length >= 8 ? word : length == 0 ? 0 : word & (~0ULL << (64 - 8 * length));
}

int stratum_ids_rise(const uint8_t *bytes, const uint32_t *ends, size_t count)
{
    uint32_t start = 0;
    for (size_t row = 1; row < count; row++) {
        const uint32_t end = ends[row - 1], next = ends[row];
        const uint32_t length = end - start, nextLength = next - end;
        const uint8_t *a = bytes + start, *b = bytes + end;
        uint64_t wordA = first_eight(a, length), wordB = first_eight(b, nextLength);
        if (wordA == wordB) {
            const uint32_t shorter = length < nextLength ? length : nextLength;
            const int order = memcmp(a, b, shorter);
            if (order > 0 || (order == 0 && length >= nextLength)) return 0;
        } else if (wordA > wordB) {
            return 0;
        }
        start = end;
    }
    return 1;
}

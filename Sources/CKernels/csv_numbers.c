// The number parse of indexed CSV fields: the portable form and the choice. The Swift twin of all forms is NumberText
// in TableIO.
#include "csv_numbers.h"

#include "csv_fields.h"
#include "csv_variants.h"

const uint64_t csv_powers_of_ten[10] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
};

#define EVERY_BYTE(byte) (0x0101010101010101ULL * (byte))

// Writes `value` with `decimals` of its digits after the point; 0 if it does not fit.
static inline int write_cell(uint64_t value, uint32_t decimals, int negative, int32_t scale, int32_t *cell)
{
    if (decimals > (uint32_t)scale || value > INT32_MAX) return 0;
    value *= csv_powers_of_ten[(uint32_t)scale - decimals];
    if (value > INT32_MAX) return 0;
    *cell = negative ? -(int32_t)value : (int32_t)value;
    return 1;
}

// A field of 1 to 8 bytes in one word, its last byte highest; not 0 if it was plain.
static inline int parse_short(const uint8_t *end, uint32_t length, int32_t scale, int32_t *cell)
{
    uint32_t unused = 64 - 8 * length;
    uint64_t text = csv_load_eight(end - 8) >> unused << unused;
    const int negative = ((text >> unused) & 0xFF) == '-';
    if (negative) {
        text ^= (uint64_t)'-' << unused;
        unused += 8;
    }
    // The lowest bit is that of the first dot; above it a bit may be wrong.
    const uint64_t apart = text ^ EVERY_BYTE('.');
    const uint64_t dots = (apart - EVERY_BYTE(1)) & ~apart & EVERY_BYTE(0x80);
    uint32_t decimals = 0;
    if (dots) {
        // The digits before the dot move up by one byte.
        const uint64_t upto = dots ^ (dots - 1), before = upto >> 8;
        decimals = 7 - (uint32_t)__builtin_ctzll(dots) / 8;
        text = (text & ~upto) | (text & before) << 8;
        unused += 8;
    }
    if (unused >= 64) return 0;
    // A byte above 9 carries into its highest bit or has it set.
    uint64_t digits = text ^ (EVERY_BYTE('0') >> unused << unused);
    if (((digits + EVERY_BYTE(0x76)) | digits) & EVERY_BYTE(0x80)) return 0;
    digits = digits * 10 + (digits >> 8);
    const uint64_t upper = (digits & 0x000000FF000000FFULL) * ((1000000ULL << 32) + 100);
    const uint64_t lower = ((digits >> 16) & 0x000000FF000000FFULL) * ((10000ULL << 32) + 1);
    return write_cell((upper + lower) >> 32, decimals, negative, scale, cell);
}

// One field, byte by byte; not 0 if it was plain.
static int parse_long(const uint8_t *text, uint32_t length, int32_t scale, int32_t *cell)
{
    uint32_t i = 0;
    const int negative = text[0] == '-';
    if (negative) i = 1;
    uint64_t value = 0;
    uint32_t digits = 0, decimals = 0;
    for (; i < length; i++) {
        const uint32_t digit = (uint32_t)text[i] - '0';
        if (digit > 9) break;
        value = value * 10 + digit;
        digits++;
    }
    if (i < length && text[i] == '.') {
        for (i++; i < length; i++) {
            const uint32_t digit = (uint32_t)text[i] - '0';
            if (digit > 9) break;
            value = value * 10 + digit;
            digits++;
            decimals++;
        }
    }
    if (i < length || digits == 0) return 0;
    return write_cell(value, decimals, negative, scale, cell);
}

uint32_t csv_parse_column_portable(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t from,
    uint32_t count, int32_t scale, int32_t *cells, uint32_t *exceptions, uint32_t exceptionCount)
{
    for (uint32_t record = from; record < count; record++) {
        uint32_t start = field_start(fields, columnCount, column, record);
        uint32_t end = fields.ends[(size_t)record * columnCount + column];
        if (end - start >= 2 && data[start] == '"') {
            start++;
            end--;
        }
        const uint32_t length = end - start;
        int32_t *cell = cells + record;
        *cell = 0;
        if (length == 0) {
            *cell = INT32_MIN;
        } else if (__builtin_expect(length <= 8, 1)) {
            if (!parse_short(data + end, length, scale, cell)) exceptions[exceptionCount++] = record;
        } else if (length > 16 || !parse_long(data + start, length, scale, cell)) {
            exceptions[exceptionCount++] = record;
        }
    }
    return exceptionCount;
}

uint32_t stratum_csv_parse_column(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    int32_t scale, int32_t *cells, uint32_t *exceptions)
{
#if defined(__x86_64__)
    if (csv_variant() == CSV_AVX512)
        return csv_parse_column_avx512(data, fields, columnCount, column, count, scale, cells, exceptions);
    if (csv_variant() == CSV_AVX2)
        return csv_parse_column_avx2(data, fields, columnCount, column, count, scale, cells, exceptions);
#endif
    return csv_parse_column_portable(data, fields, columnCount, column, 0, count, scale, cells, exceptions, 0);
}

// The scan and the number parse of plain CSV records, in two variants that give the same results: portable C, and
// AVX-512 (F, BW, DQ, VL, CD, VBMI2). The Swift twins are RecordMachine and FixedNumber in TableIO.
#include "CKernelsCSV.h"

#include <string.h>

static const uint64_t powers_of_ten[10] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

// Portable ------------------------------------------------------------------------------------------------------------

// Checks that every columnCount-th separator is a line end, cuts CRs off, and writes the records' starts.
static stratum_csv_run finish_run(
    const uint8_t *data, size_t from, uint32_t columnCount, uint32_t capacity, stratum_csv_fields fields,
    uint32_t separatorCount, uint32_t lineCount, int carriageReturns, int special, uint32_t high)
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
        if (columnCount == 1 && end == start) break;
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
    return run;
}

static stratum_csv_run index_portable(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    stratum_csv_fields fields)
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
        data, from, columnCount, capacity, fields, separators, lines, returns, special, (high & 0x80) ? 1 : 0);
}

// One field; not 0 if it was plain.
static inline int parse_field(const uint8_t *text, uint32_t length, int32_t scale, int32_t *cell)
{
    if (length == 0) {
        *cell = INT32_MIN;
        return 1;
    }
    *cell = 0;
    if (length > 16) return 0;
    uint32_t i = 0;
    const int negative = text[0] == '-';
    if (negative) i = 1;
    uint64_t value = 0;
    uint32_t digits = 0;
    int32_t decimals = 0;
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
    if (i < length || digits == 0 || decimals > scale || value > INT32_MAX) return 0;
    value *= powers_of_ten[scale - decimals];
    if (value > INT32_MAX) return 0;
    *cell = negative ? -(int32_t)value : (int32_t)value;
    return 1;
}

static inline uint32_t field_start(stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t record)
{
    return column == 0 ? fields.starts[record] : fields.ends[(size_t)record * columnCount + column - 1] + 1;
}

static uint32_t parse_column_portable(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t from,
    uint32_t count, int32_t scale, int32_t *cells, uint32_t *exceptions, uint32_t exceptionCount)
{
    for (uint32_t record = from; record < count; record++) {
        const uint32_t start = field_start(fields, columnCount, column, record);
        const uint32_t end = fields.ends[(size_t)record * columnCount + column];
        if (!parse_field(data + start, end - start, scale, cells + record)) exceptions[exceptionCount++] = record;
    }
    return exceptionCount;
}

// AVX-512 -------------------------------------------------------------------------------------------------------------

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,bmi,bmi2,popcnt,lzcnt")))

WIDE static stratum_csv_run index_wide(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    stratum_csv_fields fields)
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
    for (size_t at = from; at < length && separators < room && lines < capacity; at += 64) {
        __m512i bytes;
        if (at + 64 <= length) {
            bytes = _mm512_loadu_si512(data + at);
        } else {
            // Past the end stands 'x', which means nothing here.
            const __mmask64 inside = _bzhi_u64(~0ULL, (unsigned)(length - at));
            bytes = _mm512_mask_loadu_epi8(_mm512_set1_epi8('x'), inside, data + at);
        }
        seen = _mm512_or_si512(seen, bytes);
        uint64_t feeds = _mm512_cmpeq_epi8_mask(bytes, feed);
        uint64_t ends = _mm512_cmpeq_epi8_mask(bytes, comma) | feeds;
        uint64_t odd = _mm512_cmpeq_epi8_mask(bytes, quote) | _mm512_testn_epi8_mask(bytes, bytes);
        const uint64_t carriages = _mm512_cmpeq_epi8_mask(bytes, carriage);
        if (__builtin_expect(carriages != 0, 0)) {
            const uint64_t beyond = (at + 64 < length && data[at + 64] == '\n') ? 1ULL << 63 : 0;
            odd |= carriages & ~((feeds >> 1) | beyond);
            returns = 1;
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
    return finish_run(data, from, columnCount, capacity, fields, separators, lines, returns, special, high);
}

// The text of eight fields, right-aligned, as two halves of eight bytes; zero bytes to the left of the text.
typedef struct {
    __m512i low, high;
} wide_text;

// Bytes to keep at the upper end of a lane, 0...8, as a mask over its bytes.
#define UPPER_BYTES(n) \
    _mm512_sllv_epi64(_mm512_set1_epi64(-1), _mm512_slli_epi64(_mm512_sub_epi64(_mm512_set1_epi64(8), (n)), 3))

// Four ASCII digits a step: eight digit bytes of each lane to a number below 10^8.
#define EIGHT_DIGITS(z, out)                                                                                       \
    do {                                                                                                           \
        const __m512i pairs = _mm512_maddubs_epi16((z), _mm512_set1_epi16(0x010A));                                \
        const __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));                             \
        (out) = _mm512_add_epi64(                                                                                  \
            _mm512_mul_epu32(fours, _mm512_set1_epi64(10000)), _mm512_srli_epi64(fours, 32));                      \
    } while (0)

// Lanes with a dot lose it: the bytes before it move up by one. `decimals` receives the bytes after it.
#define DROP_DOT(text, carry, dots, decimals)                                                                      \
    do {                                                                                                           \
        const __mmask8 has = _mm512_test_epi64_mask((dots), (dots));                                               \
        const __m512i lowest =                                                                                     \
            _mm512_and_si512((dots), _mm512_sub_epi64(_mm512_setzero_si512(), (dots)));                            \
        const __m512i before = _mm512_maskz_sub_epi64(has, lowest, _mm512_set1_epi64(1));                          \
        const __m512i upto =                                                                                       \
            _mm512_maskz_sub_epi64(has, _mm512_slli_epi64(lowest, 8), _mm512_set1_epi64(1));                       \
        const __m512i moved = _mm512_or_si512(_mm512_slli_epi64(_mm512_and_si512((text), before), 8), (carry));    \
        (text) = _mm512_mask_mov_epi64(                                                                            \
            (text), has, _mm512_or_si512(moved, _mm512_andnot_si512(upto, (text))));                               \
        (decimals) = _mm512_maskz_srli_epi64(has, _mm512_lzcnt_epi64(lowest), 3);                                  \
    } while (0)

WIDE static uint32_t parse_column_wide(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    int32_t scale, int32_t *cells, uint32_t *exceptions)
{
    uint32_t exceptionCount = 0;
    const __m512i zero = _mm512_setzero_si512();
    const __m512i eight = _mm512_set1_epi64(8);
    const __m512i ascii_zero = _mm512_set1_epi8('0');
    const __m512i nine = _mm512_set1_epi8(9);
    const __m512i minus = _mm512_set1_epi8('-');
    const __m512i dot = _mm512_set1_epi8('.');
    const __m512i limit = _mm512_set1_epi64(INT32_MAX);
    const __m512i powersLow = _mm512_loadu_si512(powers_of_ten);
    const __m512i powersHigh = _mm512_set_epi64(0, 0, 0, 0, 0, 0, 1000000000, 100000000);
    const __m512i scales = _mm512_set1_epi64(scale);
    const __m256i strides =
        _mm256_mullo_epi32(_mm256_set1_epi32((int)columnCount), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
    uint32_t record = 0;
    for (; record + 8 <= count; record += 8) {
        const uint32_t *firstEnd = fields.ends + (size_t)record * columnCount + column;
        const __m256i ends = _mm256_i32gather_epi32((const int *)firstEnd, strides, 4);
        const __m256i starts =
            column == 0 ? _mm256_loadu_si256((const __m256i *)(fields.starts + record))
                        : _mm256_add_epi32(
                              _mm256_i32gather_epi32((const int *)(firstEnd - 1), strides, 4), _mm256_set1_epi32(1));
        const __m512i length = _mm512_cvtepu32_epi64(_mm256_sub_epi32(ends, starts));
        const __mmask8 empty = _mm512_testn_epi64_mask(length, length);
        const __mmask8 beyond8 = _mm512_cmpgt_epi64_mask(length, eight);
        __mmask8 bad;
        __m512i value, decimals = zero;
        __mmask8 negative = 0;
        if (beyond8 == 0) {
            const __m512i keep = UPPER_BYTES(length);
            __m512i text =
                _mm512_and_si512(keep, _mm512_i32gather_epi64(ends, (const long long *)(data - 8), 1));
            __m512i digits = length;
            const __mmask64 minuses = _mm512_cmpeq_epi8_mask(text, minus);
            if (minuses) {
                const __m512i first = _mm512_andnot_si512(_mm512_slli_epi64(keep, 8), keep);
                const __m512i sign = _mm512_and_si512(_mm512_movm_epi8(minuses), first);
                negative = _mm512_test_epi64_mask(sign, sign);
                text = _mm512_andnot_si512(sign, text);
                digits = _mm512_mask_sub_epi64(digits, negative, digits, _mm512_set1_epi64(1));
            }
            const __mmask64 dotMask = _mm512_cmpeq_epi8_mask(text, dot);
            if (dotMask) {
                const __m512i dots = _mm512_movm_epi8(dotMask);
                digits = _mm512_mask_sub_epi64(
                    digits, _mm512_test_epi64_mask(dots, dots), digits, _mm512_set1_epi64(1));
                DROP_DOT(text, zero, dots, decimals);
            }
            const __m512i occupied = UPPER_BYTES(digits);
            const __m512i z = _mm512_xor_si512(text, _mm512_and_si512(occupied, ascii_zero));
            const __m512i wrong = _mm512_movm_epi8(_mm512_cmpgt_epu8_mask(z, nine));
            bad = _mm512_test_epi64_mask(wrong, wrong) | _mm512_testn_epi64_mask(digits, digits);
            EIGHT_DIGITS(z, value);
        } else {
            const __m512i lengthLow = _mm512_min_epu64(length, eight);
            const __m512i lengthHigh = _mm512_min_epu64(_mm512_sub_epi64(length, lengthLow), eight);
            const __m512i keepLow = UPPER_BYTES(lengthLow);
            const __m512i keepHigh = UPPER_BYTES(lengthHigh);
            __m512i low =
                _mm512_and_si512(keepLow, _mm512_i32gather_epi64(ends, (const long long *)(data - 8), 1));
            __m512i high = _mm512_mask_i32gather_epi64(zero, beyond8, ends, (const long long *)(data - 16), 1);
            high = _mm512_and_si512(keepHigh, high);
            __m512i digits = length;
            const __m512i one = _mm512_set1_epi64(1);
            const __mmask64 minusesLow = _mm512_cmpeq_epi8_mask(low, minus);
            const __mmask64 minusesHigh = _mm512_cmpeq_epi8_mask(high, minus);
            if (minusesLow | minusesHigh) {
                const __m512i firstLow = _mm512_maskz_andnot_epi64(
                    (__mmask8)~beyond8, _mm512_slli_epi64(keepLow, 8), keepLow);
                const __m512i firstHigh = _mm512_andnot_si512(_mm512_slli_epi64(keepHigh, 8), keepHigh);
                const __m512i signLow = _mm512_and_si512(_mm512_movm_epi8(minusesLow), firstLow);
                const __m512i signHigh = _mm512_and_si512(_mm512_movm_epi8(minusesHigh), firstHigh);
                negative = _mm512_test_epi64_mask(signLow, signLow) | _mm512_test_epi64_mask(signHigh, signHigh);
                low = _mm512_andnot_si512(signLow, low);
                high = _mm512_andnot_si512(signHigh, high);
                digits = _mm512_mask_sub_epi64(digits, negative, digits, one);
            }
            const __m512i dotsLow = _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(low, dot));
            const __m512i dotsHigh = _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(high, dot));
            const __mmask8 inLow = _mm512_test_epi64_mask(dotsLow, dotsLow);
            const __mmask8 inHigh = _mm512_test_epi64_mask(dotsHigh, dotsHigh);
            if (inLow) {
                // The upper half's last byte slides down into the lower half, and the upper half moves along.
                const __m512i carry = _mm512_srli_epi64(high, 56);
                DROP_DOT(low, carry, dotsLow, decimals);
                high = _mm512_mask_slli_epi64(high, inLow, high, 8);
            }
            if (inHigh) {
                __m512i before8;
                DROP_DOT(high, zero, dotsHigh, before8);
                decimals = _mm512_mask_add_epi64(decimals, inHigh, before8, eight);
            }
            // A second dot is left in the text and is no digit; a lane with dots in both halves is refused here.
            digits = _mm512_mask_sub_epi64(digits, inLow | inHigh, digits, one);
            const __m512i digitsLow = _mm512_min_epu64(digits, eight);
            const __m512i digitsHigh = _mm512_min_epu64(_mm512_sub_epi64(digits, digitsLow), eight);
            const __m512i zLow =
                _mm512_xor_si512(low, _mm512_and_si512(UPPER_BYTES(digitsLow), ascii_zero));
            const __m512i zHigh =
                _mm512_xor_si512(high, _mm512_and_si512(UPPER_BYTES(digitsHigh), ascii_zero));
            const __m512i wrong = _mm512_movm_epi8(_mm512_cmpgt_epu8_mask(_mm512_max_epu8(zLow, zHigh), nine));
            bad = _mm512_test_epi64_mask(wrong, wrong) | _mm512_testn_epi64_mask(digits, digits) | (inLow & inHigh)
                | _mm512_cmpgt_epi64_mask(length, _mm512_set1_epi64(16));
            __m512i upper;
            EIGHT_DIGITS(zLow, value);
            EIGHT_DIGITS(zHigh, upper);
            value = _mm512_add_epi64(value, _mm512_mul_epu32(upper, _mm512_set1_epi64(100000000)));
            bad |= _mm512_cmpgt_epi64_mask(value, limit);
        }
        if (scale != 0 || _mm512_test_epi64_mask(decimals, decimals)) {
            bad |= _mm512_cmpgt_epi64_mask(decimals, scales);
            const __m512i missing = _mm512_sub_epi64(scales, decimals);
            value = _mm512_mul_epu32(value, _mm512_permutex2var_epi64(powersLow, missing, powersHigh));
            bad |= _mm512_cmpgt_epi64_mask(value, limit);
        }
        value = _mm512_mask_sub_epi64(value, negative, zero, value);
        bad &= (__mmask8)~empty;
        value = _mm512_mask_mov_epi64(value, bad, zero);
        value = _mm512_mask_mov_epi64(value, empty, _mm512_set1_epi64(INT32_MIN));
        _mm256_storeu_si256((__m256i *)(cells + record), _mm512_cvtepi64_epi32(value));
        uint32_t left = bad;
        while (__builtin_expect(left != 0, 0)) {
            exceptions[exceptionCount++] = record + (uint32_t)_tzcnt_u32(left);
            left &= left - 1;
        }
    }
    return parse_column_portable(
        data, fields, columnCount, column, record, count, scale, cells, exceptions, exceptionCount);
}
#endif

// Selection -----------------------------------------------------------------------------------------------------------

static int selected = -1;

int stratum_csv_best(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd")
        && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2"))
        return 1;
#endif
    return 0;
}

void stratum_csv_select(int variant)
{
    __atomic_store_n(&selected, variant <= stratum_csv_best() ? variant : stratum_csv_best(), __ATOMIC_RELAXED);
}

static int variant(void)
{
    int chosen = __atomic_load_n(&selected, __ATOMIC_RELAXED);
    if (chosen < 0) {
        chosen = stratum_csv_best();
        __atomic_store_n(&selected, chosen, __ATOMIC_RELAXED);
    }
    return chosen;
}

stratum_csv_run stratum_csv_index(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    stratum_csv_fields fields)
{
#if defined(__x86_64__)
    if (variant() == 1) return index_wide(data, from, length, delimiter, columnCount, capacity, fields);
#endif
    return index_portable(data, from, length, delimiter, columnCount, capacity, fields);
}

uint32_t stratum_csv_parse_column(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    int32_t scale, int32_t *cells, uint32_t *exceptions)
{
#if defined(__x86_64__)
    if (variant() == 1)
        return parse_column_wide(data, fields, columnCount, column, count, scale, cells, exceptions);
#endif
    return parse_column_portable(data, fields, columnCount, column, 0, count, scale, cells, exceptions, 0);
}

uint32_t stratum_csv_copy_column(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    uint8_t *bytes, uint32_t base, uint32_t *ends, uint32_t *exceptions)
{
    uint32_t exceptionCount = 0, at = base;
    for (uint32_t record = 0; record < count; record++) {
        const uint32_t start = field_start(fields, columnCount, column, record);
        const uint32_t length = fields.ends[(size_t)record * columnCount + column] - start;
        const uint8_t *text = data + start;
        if (__builtin_expect(length <= 16, 1))
            memcpy(bytes + at, text, 16);
        else
            memcpy(bytes + at, text, length);
        if (__builtin_expect(length == 0 || text[0] == '"', 0)) exceptions[exceptionCount++] = record;
        at += length;
        ends[record] = at;
    }
    return exceptionCount;
}

#if defined(__x86_64__)
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
int stratum_narrow_int16(const int32_t *cells, size_t count, int16_t *narrow)
{
    uint32_t misfit = 0;
    for (size_t i = 0; i < count; i++) {
        const int32_t cell = cells[i];
        const int32_t small = cell == INT32_MIN ? INT16_MIN : cell;
        narrow[i] = (int16_t)small;
        // INT16_MIN itself stands for a missing cell, so a value of -32768 does not fit.
        misfit |= (uint32_t)(cell != INT32_MIN) & (uint32_t)(cell < -INT16_MAX || cell > INT16_MAX);
    }
    return misfit == 0;
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

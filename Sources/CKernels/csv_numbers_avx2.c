// The number parse of indexed CSV fields by AVX2: four records of a column at once. Four fields of which one has over
// eight bytes are left to the portable form.
#include "csv_fields.h"
#include "csv_numbers.h"
#include "csv_variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Bytes to keep at the upper end of a lane, 0...8, as a mask over its bytes.
#define UPPER_BYTES(n) \
    _mm256_sllv_epi64(all, _mm256_slli_epi64(_mm256_sub_epi64(_mm256_set1_epi64x(8), (n)), 3))

// All ones in the lanes that are not 0.
#define NOT_ZERO(lanes) _mm256_xor_si256(_mm256_cmpeq_epi64((lanes), zero), all)

#define EACH(byte) _mm256_set1_epi8((char)(byte))

// Lanes with a dot lose it: the bytes before it move up by one. `decimals` receives the number of bytes after it.
#define DROP_DOT(text, dots, has, decimals)                                                                        \
    do {                                                                                                           \
        const __m256i lowest = _mm256_and_si256((dots), _mm256_sub_epi64(zero, (dots)));                           \
        const __m256i before = _mm256_add_epi64(lowest, all);                                                      \
        const __m256i upto = _mm256_add_epi64(_mm256_slli_epi64(lowest, 8), all);                                  \
        const __m256i moved = _mm256_or_si256(                                                                     \
            _mm256_slli_epi64(_mm256_and_si256((text), before), 8), _mm256_andnot_si256(upto, (text)));            \
        (text) = _mm256_blendv_epi8((text), moved, (has));                                                         \
        (decimals) = _mm256_sad_epu8(_mm256_andnot_si256(upto, EACH(1)), zero);                                    \
    } while (0)

// Eight digit bytes of each lane to a number below 10^8.
#define EIGHT_DIGITS(digits, out)                                                                                  \
    do {                                                                                                           \
        const __m256i pairs = _mm256_maddubs_epi16((digits), _mm256_set1_epi16(0x010A));                           \
        const __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064));                             \
        (out) = _mm256_add_epi64(                                                                                  \
            _mm256_mul_epu32(fours, _mm256_set1_epi64x(10000)), _mm256_srli_epi64(fours, 32));                     \
    } while (0)

AVX2 uint32_t csv_parse_column_avx2(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    int32_t scale, int32_t *cells, uint32_t *exceptions)
{
    uint32_t exceptionCount = 0;
    const __m256i zero = _mm256_setzero_si256(), all = EACH(0xFF);
    const __m256i limit = _mm256_set1_epi64x(INT32_MAX), scales = _mm256_set1_epi64x(scale);
    uint32_t record = 0;
    for (; record + 4 <= count; record += 4) {
        uint64_t lengths[4], words[4];
        uint64_t longest = 0;
        for (uint32_t lane = 0; lane < 4; lane++) {
            uint32_t start = field_start(fields, columnCount, column, record + lane);
            uint32_t end = fields.ends[(size_t)(record + lane) * columnCount + column];
            if (fields.quoted && end - start >= 2 && data[start] == '"') {
                start++;
                end--;
            }
            lengths[lane] = end - start;
            words[lane] = csv_load_eight(data + end - 8);
            longest = lengths[lane] > longest ? lengths[lane] : longest;
        }
        if (__builtin_expect(longest > 8, 0)) {
            exceptionCount = csv_parse_column_portable(
                data, fields, columnCount, column, record, record + 4, scale, cells, exceptions, exceptionCount);
            continue;
        }
        const __m256i length = _mm256_loadu_si256((const __m256i *)lengths);
        const __m256i empty = _mm256_cmpeq_epi64(length, zero);
        const __m256i keep = UPPER_BYTES(length);
        __m256i text = _mm256_and_si256(keep, _mm256_loadu_si256((const __m256i *)words));
        __m256i digitCount = length, negative = zero, decimals = zero, value;
        const __m256i minuses = _mm256_cmpeq_epi8(text, EACH('-'));
        if (!_mm256_testz_si256(minuses, minuses)) {
            // The sign's byte: the lowest one kept.
            const __m256i first = _mm256_andnot_si256(_mm256_slli_epi64(keep, 8), keep);
            const __m256i sign = _mm256_and_si256(minuses, first);
            negative = NOT_ZERO(sign);
            text = _mm256_andnot_si256(sign, text);
            digitCount = _mm256_add_epi64(digitCount, negative);
        }
        const __m256i dots = _mm256_cmpeq_epi8(text, EACH('.'));
        if (!_mm256_testz_si256(dots, dots)) {
            const __m256i has = NOT_ZERO(dots);
            digitCount = _mm256_add_epi64(digitCount, has);
            DROP_DOT(text, dots, has, decimals);
        }
        const __m256i digits =
            _mm256_xor_si256(text, _mm256_and_si256(UPPER_BYTES(digitCount), EACH('0')));
        // A byte above 9 is not its own minimum with 9.
        const __m256i right = _mm256_cmpeq_epi8(_mm256_min_epu8(digits, EACH(9)), digits);
        __m256i bad = _mm256_or_si256(_mm256_xor_si256(_mm256_cmpeq_epi64(right, all), all),
                                      _mm256_cmpeq_epi64(digitCount, zero));
        EIGHT_DIGITS(digits, value);
        if (scale != 0 || !_mm256_testz_si256(decimals, decimals)) {
            bad = _mm256_or_si256(bad, _mm256_cmpgt_epi64(decimals, scales));
            const __m256i missing = _mm256_andnot_si256(bad, _mm256_sub_epi64(scales, decimals));
            value = _mm256_mul_epu32(
                value, _mm256_i64gather_epi64((const long long *)csv_powers_of_ten, missing, 8));
            bad = _mm256_or_si256(bad, _mm256_cmpgt_epi64(value, limit));
        }
        value = _mm256_sub_epi64(_mm256_xor_si256(value, negative), negative);
        bad = _mm256_andnot_si256(empty, bad);
        value = _mm256_andnot_si256(bad, value);
        value = _mm256_blendv_epi8(value, _mm256_set1_epi64x(INT32_MIN), empty);
        const __m256i low =
            _mm256_permutevar8x32_epi32(value, _mm256_set_epi32(7, 7, 7, 7, 6, 4, 2, 0));
        _mm_storeu_si128((__m128i *)(cells + record), _mm256_castsi256_si128(low));
        uint32_t left = (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(bad));
        while (__builtin_expect(left != 0, 0)) {
            exceptions[exceptionCount++] = record + (uint32_t)_tzcnt_u32(left);
            left &= left - 1;
        }
    }
    return csv_parse_column_portable(
        data, fields, columnCount, column, record, count, scale, cells, exceptions, exceptionCount);
}
#endif

// The number parse of indexed CSV fields by AVX-512: eight records of a column at once, sixteen where all fields have
// at most four bytes and no dot, as counts have.
#include "csv_numbers.h"
#include "csv_variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

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

#define UPPER_BYTES_OF_FOUR(n) \
    _mm512_sllv_epi32(_mm512_set1_epi32(-1), _mm512_slli_epi32(_mm512_sub_epi32(_mm512_set1_epi32(4), (n)), 3))

// Sixteen records; 0 and nothing written if one has a longer field or a dot. 10^scale times 9999 fits 31 bits.
AVX512 static inline int parse_sixteen(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t record,
    int32_t scale, int32_t *cells, uint32_t *exceptions, uint32_t *exceptionCount)
{
    const __m512i strides = _mm512_mullo_epi32(
        _mm512_set1_epi32((int)columnCount),
        _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    const uint32_t *firstEnd = fields.ends + (size_t)record * columnCount + column;
    const __m512i ends = _mm512_i32gather_epi32(strides, firstEnd, 4);
    const __m512i starts = column == 0 ? _mm512_loadu_si512(fields.starts + record)
                                       : _mm512_add_epi32(_mm512_i32gather_epi32(strides, firstEnd - 1, 4),
                                                          _mm512_set1_epi32(1));
    const __m512i length = _mm512_sub_epi32(ends, starts);
    if (_mm512_cmpgt_epu32_mask(length, _mm512_set1_epi32(4))) return 0;
    const __m512i keep = UPPER_BYTES_OF_FOUR(length);
    __m512i text = _mm512_and_si512(keep, _mm512_i32gather_epi32(ends, data - 4, 1));
    if (_mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('.'))) return 0;
    const __mmask16 empty = _mm512_testn_epi32_mask(length, length);
    __mmask16 negative = 0;
    __m512i digits = length;
    const __mmask64 minuses = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('-'));
    if (minuses) {
        const __m512i first = _mm512_andnot_si512(_mm512_slli_epi32(keep, 8), keep);
        const __m512i sign = _mm512_and_si512(_mm512_movm_epi8(minuses), first);
        negative = _mm512_test_epi32_mask(sign, sign);
        text = _mm512_andnot_si512(sign, text);
        digits = _mm512_mask_sub_epi32(digits, negative, digits, _mm512_set1_epi32(1));
    }
    const __m512i z = _mm512_xor_si512(
        text, _mm512_and_si512(UPPER_BYTES_OF_FOUR(digits), _mm512_set1_epi8('0')));
    const __m512i wrong = _mm512_movm_epi8(_mm512_cmpgt_epu8_mask(z, _mm512_set1_epi8(9)));
    const __mmask16 bad =
        (_mm512_test_epi32_mask(wrong, wrong) | _mm512_testn_epi32_mask(digits, digits)) & (__mmask16)~empty;
    const __m512i pairs = _mm512_maddubs_epi16(z, _mm512_set1_epi16(0x010A));
    __m512i value = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));
    if (scale != 0) value = _mm512_mullo_epi32(value, _mm512_set1_epi32((int)csv_powers_of_ten[scale]));
    value = _mm512_mask_sub_epi32(value, negative, _mm512_setzero_si512(), value);
    value = _mm512_mask_mov_epi32(value, empty, _mm512_set1_epi32(INT32_MIN));
    _mm512_storeu_si512(cells + record, _mm512_mask_mov_epi32(value, bad, _mm512_setzero_si512()));
    uint32_t left = bad;
    while (__builtin_expect(left != 0, 0)) {
        exceptions[(*exceptionCount)++] = record + (uint32_t)_tzcnt_u32(left);
        left &= left - 1;
    }
    return 1;
}

AVX512 uint32_t csv_parse_column_avx512(
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
    const __m512i powersLow = _mm512_loadu_si512(csv_powers_of_ten);
    const __m512i powersHigh = _mm512_set_epi64(0, 0, 0, 0, 0, 0, 1000000000, 100000000);
    const __m512i scales = _mm512_set1_epi64(scale);
    const __m256i strides =
        _mm256_mullo_epi32(_mm256_set1_epi32((int)columnCount), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
    // How often sixteen are tried and found unfit before the rest of the column goes by eights.
    uint32_t trials = fields.quoted || scale > 5 ? 0 : 3;
    uint32_t record = 0;
    for (; record + 8 <= count; record += 8) {
        if (trials > 0 && record + 16 <= count) {
            if (parse_sixteen(
                    data, fields, columnCount, column, record, scale, cells, exceptions, &exceptionCount)) {
                record += 8;
                continue;
            }
            trials--;
        }
        const uint32_t *firstEnd = fields.ends + (size_t)record * columnCount + column;
        __m256i ends = _mm256_i32gather_epi32((const int *)firstEnd, strides, 4);
        __m256i starts =
            column == 0 ? _mm256_loadu_si256((const __m256i *)(fields.starts + record))
                        : _mm256_add_epi32(
                              _mm256_i32gather_epi32((const int *)(firstEnd - 1), strides, 4), _mm256_set1_epi32(1));
        if (fields.quoted) {
            const __m256i one = _mm256_set1_epi32(1);
            const __m256i first = _mm256_i32gather_epi32((const int *)data, starts, 1);
            const __mmask8 marked =
                _mm256_cmpeq_epi32_mask(_mm256_and_si256(first, _mm256_set1_epi32(0xFF)), _mm256_set1_epi32('"'))
                & _mm256_cmpgt_epi32_mask(_mm256_sub_epi32(ends, starts), one);
            starts = _mm256_mask_add_epi32(starts, marked, starts, one);
            ends = _mm256_mask_sub_epi32(ends, marked, ends, one);
        }
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
    return csv_parse_column_portable(
        data, fields, columnCount, column, record, count, scale, cells, exceptions, exceptionCount);
}
#endif

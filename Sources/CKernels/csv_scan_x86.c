// The scan of CSV records by AVX-512 and by AVX2.
#include "csv_scan.h"
#include "csv_variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

AVX512 static inline csv_masks masks_avx512(const uint8_t *data, uint8_t delimiter)
{
    const __m512i bytes = _mm512_loadu_si512(data);
    const csv_masks masks = {
        .delimiters = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)delimiter)),
        .feeds = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
        .carriages = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r')),
        .quotes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')),
        .zeros = _mm512_testn_epi8_mask(bytes, bytes),
        .high = _mm512_movepi8_mask(bytes),
    };
    return masks;
}

AVX512 static inline void write_places_avx512(uint64_t bits, uint32_t first, uint32_t *out)
{
    const __m512i iota = _mm512_set_epi8(
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36,
        35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7,
        6, 5, 4, 3, 2, 1, 0);
    const int count = __builtin_popcountll(bits);
    const __m512i places = _mm512_maskz_compress_epi8(bits, iota);
    const __m512i base = _mm512_set1_epi32((int)first);
    _mm512_storeu_si512(out, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(places))));
    if (count > 16) {
        const __m128i second = _mm512_extracti32x4_epi32(places, 1);
        _mm512_storeu_si512(out + 16, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(second)));
        if (count > 32) {
            const __m128i third = _mm512_extracti32x4_epi32(places, 2);
            const __m128i fourth = _mm512_extracti32x4_epi32(places, 3);
            _mm512_storeu_si512(out + 32, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(third)));
            _mm512_storeu_si512(out + 48, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(fourth)));
        }
    }
}

AVX512 stratum_csv_run csv_index_avx512(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    uint32_t byteLimit, stratum_csv_fields fields)
{
    return csv_index_by(
        masks_avx512, write_places_avx512, data, from, length, delimiter, columnCount, capacity, byteLimit, fields);
}

#define EQUAL_BYTES(byte)                                                                                          \
    ((uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, _mm256_set1_epi8((char)(byte))))              \
     | (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, _mm256_set1_epi8((char)(byte)))) << 32)

AVX2 static inline csv_masks masks_avx2(const uint8_t *bytes, uint8_t delimiter)
{
    const __m256i low = _mm256_loadu_si256((const __m256i *)bytes);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(bytes + 32));
    const csv_masks masks = {
        .delimiters = EQUAL_BYTES(delimiter),
        .feeds = EQUAL_BYTES('\n'),
        .carriages = EQUAL_BYTES('\r'),
        .quotes = EQUAL_BYTES('"'),
        .zeros = EQUAL_BYTES(0),
        .high = (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, high)),
    };
    return masks;
}

#define WRITE_EIGHT(from)                                                                                          \
    for (int place = (from); place < (from) + 8; place++) {                                                        \
        out[place] = base + (uint32_t)_tzcnt_u64(bits);                                                            \
        bits = _blsr_u64(bits);                                                                                    \
    }

// Eight places at a time, needed or not: a jump that depends on their number is guessed wrong too often.
AVX2 static inline void write_places_avx2(uint64_t bits, uint32_t base, uint32_t *out)
{
    const int count = __builtin_popcountll(bits);
    WRITE_EIGHT(0)
    if (count > 8) {
        WRITE_EIGHT(8)
        for (int next = 16; __builtin_expect(next < count, 0); next += 8) { WRITE_EIGHT(next) }
    }
}

AVX2 stratum_csv_run csv_index_avx2(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    uint32_t byteLimit, stratum_csv_fields fields)
{
    return csv_index_by(
        masks_avx2, write_places_avx2, data, from, length, delimiter, columnCount, capacity, byteLimit, fields);
}
#endif

// Scores to text, whole vectors at a time, where the general routine takes a call for each number. The Swift twin is
// FixedDecimal.
#include "CKernelsFormat.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// The nearest whole number of thousandths; `*halfway` if the product, but perhaps not the exact value, is a half.
static inline uint64_t thousandths(double value, int64_t *halfway)
{
    const double product = value * 1000;
    // Adding 2^52 rounds to an integer, half to even, and leaves it in the low bits.
    const double shifted = product + 0x1p52;
    const double rest = product - (shifted - 0x1p52);
    *halfway |= (rest == 0.5) | (rest == -0.5);
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    return bits & 0xFFFFF;
}

static inline uint64_t text_of(uint64_t units)
{
    const uint64_t whole = units * 274877907 >> 38, rest = units - whole * 1000;
    // Both halves of a word at once: no product of a half reaches the other one.
    const uint64_t both = whole | rest << 32, digit = 0xF0000000FULL;
    const uint64_t hundreds = both * 656 >> 16 & digit, below = both - hundreds * 100;
    const uint64_t tens = below * 103 >> 10 & digit, ones = below - tens * 10;
    return hundreds | tens << 8 | ones << 16;
}

// The text of a value behind a comma; `*outside` if it has none here, `*halfway` if it may be rounded the wrong way.
static inline uint64_t comma_text(double value, uint64_t *length, int64_t *outside, int64_t *halfway)
{
    const int64_t missing = value != value;
    *outside |= (value < 0) | (value >= 999.9995);
    const uint64_t units = thousandths(missing ? 0 : value, halfway);
    const uint64_t dropped = (uint64_t)(units < 100000) + (uint64_t)(units < 10000);
    *length = missing ? 1 : 8 - dropped;
    return (text_of(units) | 0x3030302E303030ULL) >> (8 * dropped) << 8 | ',';
}

CLONES int stratum_format_thousandth_pairs(const double *restrict left, const double *restrict right, size_t count,
                                           uint64_t *restrict texts, uint8_t *restrict lengths)
{
    int64_t halfway = 0, outside = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t kept, added;
        const uint64_t first = comma_text(left[i], &kept, &outside, &halfway);
        const uint64_t second = comma_text(right[i], &added, &outside, &halfway);
        // In two steps: a shift by 64 has no meaning in C.
        texts[2 * i] = (first & (UINT64_MAX >> (64 - 8 * kept))) | second << (8 * kept - 8) << 8;
        texts[2 * i + 1] = second >> (64 - 8 * kept);
        lengths[i] = (uint8_t)(kept + added);
    }
    return !(outside | halfway);
}

CLONES int stratum_format_thousandths(const double *values, size_t count, uint64_t *texts, uint8_t *lengths)
{
    int64_t halfway = 0, outside = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t length;
        texts[i] = comma_text(values[i], &length, &outside, &halfway);
        lengths[i] = (uint8_t)length;
    }
    if (outside) return 0;
    for (size_t i = 0; halfway && i < count; i++) {
        const double value = values[i], product = value * 1000;
        const double below = floor(product);
        if (product - below != 0.5) continue;
        // Any exact product off the half would have stayed on its side of it, so only the error of the product counts.
        const double error = fma(value, 1000, -product);
        const uint64_t even = (uint64_t)below + ((uint64_t)below & 1);
        const uint64_t units = error == 0 ? even : (uint64_t)below + (error > 0);
        const uint64_t dropped = (uint64_t)(units < 100000) + (uint64_t)(units < 10000);
        texts[i] = ((text_of(units) | 0x3030302E303030ULL) >> (8 * dropped)) << 8 | ',';
        lengths[i] = (uint8_t)(8 - dropped);
    }
    return 1;
}

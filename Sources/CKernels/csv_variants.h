// Which form of the CSV kernels runs: shared by their files.
#pragma once

#include <stdint.h>
#include <string.h>

/// The forms, each with what the processor must have; they give the same results.
enum { CSV_PORTABLE, CSV_AVX2, CSV_AVX512 };

#if defined(__x86_64__)
#define AVX512                                                                                                     \
    __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,bmi,bmi2,popcnt,lzcnt")))
#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
#endif

/// The form in use.
int csv_variant(void);

/// Eight bytes as a number, the first one lowest.
static inline uint64_t csv_load_eight(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

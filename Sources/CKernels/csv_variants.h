// Which of the variants of the CSV kernels runs: shared by csv_scan.c and csv_numbers.c.
#pragma once

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,bmi,bmi2,popcnt,lzcnt")))
#endif

/// 0 the portable one, 1 AVX-512 (F, BW, DQ, VL, CD, VBMI2).
int csv_variant(void);

// Order statistics: one bracket against one block of values.
#include "CKernelsOrder.h"
#include <string.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

enum { group = 8, block = 512 };

CLONES
int64_t ck_count_present(const double *values, size_t count) {
    int64_t present = 0;
    for (size_t i = 0; i < count; i++) present += values[i] == values[i];
    return present;
}

CLONES
size_t ck_sieve(
    const double *values, size_t count, double lower, double upper, struct ck_bracket_counts *counts,
    double *interior) {
    int64_t below_lower = 0, at_lower = 0, at_upper = 0;
    size_t kept = 0;
    for (size_t start = 0; start < count; start += block) {
        const double *v = values + start;
        size_t n = count - start < block ? count - start : block;
        uint8_t inside[block];
        // Counters as wide as the values: the loop becomes compares and subtractions of whole vectors.
        for (size_t i = 0; i < n; i++) {
            below_lower += v[i] < lower;
            at_lower += v[i] == lower;
            at_upper += v[i] == upper;
            inside[i] = (v[i] > lower) & (v[i] < upper);
        }
        // Few values are inside: eight flags are looked at together.
        size_t i = 0;
        for (; i + group <= n; i += group) {
            uint64_t flags;
            memcpy(&flags, inside + i, group);
            while (flags != 0) {
                interior[kept++] = v[i + ((size_t)__builtin_ctzll(flags) >> 3)];
                flags &= flags - 1;
            }
        }
        for (; i < n; i++) {
            if (inside[i]) interior[kept++] = v[i];
        }
    }
    *counts = (struct ck_bracket_counts){below_lower, at_lower, at_upper};
    return kept;
}

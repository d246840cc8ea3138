// Values against the cut-offs of tiers. The Swift twins are in TierKernelTests.
#include "CKernelsTiers.h"

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

CLONES stratum_counts_around stratum_count_around(const double *values, size_t count, double limit)
{
    int64_t above = 0, from = 0;
    for (size_t i = 0; i < count; i++) {
        above += values[i] > limit;
        from += values[i] >= limit;
    }
    return (stratum_counts_around){above, from};
}

// Few enough values to stay in the nearest cache while they are held against each bound.
enum { part = 1024 };

CLONES void stratum_tier_codes(
    const double *restrict values, size_t count, const double *restrict bounds, size_t boundCount, uint8_t unranked,
    uint8_t *restrict codes)
{
    for (size_t start = 0; start < count; start += part) {
        const size_t end = count - start < part ? count : start + part;
        for (size_t i = start; i < end; i++) codes[i] = values[i] != values[i] ? unranked : 0;
        for (size_t bound = 0; bound < boundCount; bound++)
            for (size_t i = start; i < end; i++) codes[i] += values[i] < bounds[bound];
    }
}

// Scores to what their texts are looked up by, whole vectors at a time. The Swift twin is FixedDecimal.
#include "CKernelsFormat.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// Adding 2^52 rounds to an integer, half to even, and leaves it in the low bits of the pattern.
#define UNITS(product)                                                                                                 \
    ({                                                                                                                 \
        const double shifted = (product) + 0x1p52;                                                                     \
        uint64_t bits;                                                                                                 \
        memcpy(&bits, &shifted, sizeof bits);                                                                          \
        bits - 0x4330000000000000ULL;                                                                                  \
    })

// whole | (units - whole x scale) << 16. Units are below 1000 x scale, so that of n x reciprocal / 2^31 the error, less
// than n / 2^31, stays below 1 / scale (Granlund and Montgomery 1994). The mask tells that 32 bits are enough.
#define CELL(units)                                                                                                    \
    ({                                                                                                                 \
        const uint64_t whole = ((units) & 0xFFFFF) * reciprocal >> 31;                                                 \
        (uint32_t)(((units) << 16) - whole * ((divisor << 16) - 1));                                                   \
    })

CLONES int stratum_split_decimals(const double *restrict values, size_t count, double scale, uint32_t *restrict cells)
{
    const uint64_t divisor = (uint32_t)scale, reciprocal = (uint32_t)(0x1p31 / scale) + 1, limit = 1000 * divisor;
    uint64_t halfway = 0, outside = 0;
    for (size_t i = 0; i < count; i++) {
        const double product = values[i] * scale;
        const uint64_t missing = product != product, units = UNITS(product);
        halfway |= fabs(product - ((product + 0x1p52) - 0x1p52)) == 0.5;
        // What does not fit, below or above, is far above as a whole number without a sign.
        outside |= !missing & (units >= limit);
        cells[i] = missing ? STRATUM_MISSING_CELL : CELL(units);
    }
    if (outside) return 0;
    for (size_t i = 0; halfway && i < count; i++) {
        const double product = values[i] * scale, below = floor(product);
        if (product - below != 0.5) continue;
        // Any exact product off the half would have stayed on its side of it, so only the error of the product counts.
        const double error = fma(values[i], scale, -product);
        const uint64_t units = error == 0 ? UNITS(product) : (uint64_t)below + (error > 0);
        if (units >= limit) return 0;
        cells[i] = CELL(units);
    }
    return 1;
}

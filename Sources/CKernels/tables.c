// Passes over packed columns. The Swift twins are in NumberColumnTests and, for narrowing, ColumnBuilder's own choice.
#include "CKernelsTables.h"

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// Cells are taken as unsigned distances from the least cell that is present: a missing one, the least of its type, wraps
// round to the greatest distance, and so the search for the least leaves it out without a choice in the loop.
// Missing cells of a part are counted in the cells' own width, so that the loop keeps whole vectors of them.
#define EXTREMES(TYPE, UNSIGNED, MISSING)                                                                              \
    TYPE greatest = MISSING;                                                                                           \
    UNSIGNED nearest = (UNSIGNED)-1;                                                                                   \
    size_t missing = 0;                                                                                                \
    for (size_t start = 0; start < count; start += 32768) {                                                            \
        const size_t end = count - start < 32768 ? count : start + 32768;                                              \
        UNSIGNED part = 0;                                                                                             \
        for (size_t i = start; i < end; i++) {                                                                         \
            const TYPE cell = cells[i];                                                                                \
            const UNSIGNED distance = (UNSIGNED)((UNSIGNED)cell - (UNSIGNED)MISSING - 1);                              \
            nearest = distance < nearest ? distance : nearest;                                                         \
            greatest = cell > greatest ? cell : greatest;                                                              \
            part += cell == MISSING;                                                                                   \
        }                                                                                                              \
        missing += part;                                                                                               \
    }                                                                                                                  \
    const TYPE least = (TYPE)(UNSIGNED)(nearest + (UNSIGNED)MISSING + 1);                                              \
    return (stratum_extremes){missing == count ? 1 : least, missing == count ? 0 : greatest, missing}

CLONES stratum_extremes stratum_extremes_int16(const int16_t *cells, size_t count)
{
    EXTREMES(int16_t, uint16_t, INT16_MIN);
}

CLONES stratum_extremes stratum_extremes_int32(const int32_t *cells, size_t count)
{
    EXTREMES(int32_t, uint32_t, INT32_MIN);
}

CLONES int stratum_narrow_int16(const int32_t *cells, size_t count, int16_t *narrow)
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

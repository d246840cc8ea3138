// Passes over packed columns. The Swift twins are in NumberColumnTests and, for narrowing, ColumnBuilder's own choice.
#include "CKernelsTables.h"

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// A missing cell is the least of its type: taking it for the greatest in the search for the least leaves it out.
// Missing cells of a part are counted in the cells' own width, so that the loop keeps whole vectors of them.
#define EXTREMES(TYPE, COUNT, MISSING, MOST)                                                                           \
    TYPE least = MOST, greatest = MISSING;                                                                             \
    size_t missing = 0;                                                                                                \
    for (size_t start = 0; start < count; start += 32768) {                                                            \
        const size_t end = count - start < 32768 ? count : start + 32768;                                              \
        COUNT part = 0;                                                                                                \
        for (size_t i = start; i < end; i++) {                                                                         \
            const TYPE cell = cells[i];                                                                                \
            const TYPE present = cell == MISSING ? MOST : cell;                                                        \
            least = present < least ? present : least;                                                                 \
            greatest = cell > greatest ? cell : greatest;                                                              \
            part += cell == MISSING;                                                                                   \
        }                                                                                                              \
        missing += part;                                                                                               \
    }                                                                                                                  \
    return (stratum_extremes){missing == count ? 1 : least, missing == count ? 0 : greatest, missing}

CLONES stratum_extremes stratum_extremes_int16(const int16_t *cells, size_t count)
{
    EXTREMES(int16_t, uint16_t, INT16_MIN, INT16_MAX);
}

CLONES stratum_extremes stratum_extremes_int32(const int32_t *cells, size_t count)
{
    EXTREMES(int32_t, uint32_t, INT32_MIN, INT32_MAX);
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

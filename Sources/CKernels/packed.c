// Integers packed to offsets from the least of them. Baseline vectors have no minimum of 64-bit lanes and no narrowing
// of them: packing 30 million order lines took 0.34 s in Swift and 0.16 s so. The Swift twins are in
// PackedIntegersTests.
#include "CKernelsOrders.h"

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

CLONES void stratum_extremes_int64(const int64_t *values, size_t count, int64_t *least, int64_t *greatest)
{
    int64_t low = values[0], high = values[0];
    for (size_t i = 1; i < count; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    *least = low;
    *greatest = high;
}

#define PACK(TYPE)                                                                                        \
    for (size_t i = 0; i < count; i++) packed[i] = (TYPE)((uint64_t)values[i] - (uint64_t)base)
#define UNPACK                                                                                            \
    for (size_t i = 0; i < count; i++) values[i] = (int64_t)((uint64_t)packed[i] + (uint64_t)base)

CLONES void stratum_pack_uint8(const int64_t *values, size_t count, int64_t base, uint8_t *packed) { PACK(uint8_t); }
CLONES void stratum_pack_uint16(const int64_t *values, size_t count, int64_t base, uint16_t *packed) { PACK(uint16_t); }
CLONES void stratum_pack_uint32(const int64_t *values, size_t count, int64_t base, uint32_t *packed) { PACK(uint32_t); }
CLONES void stratum_unpack_uint8(const uint8_t *packed, size_t count, int64_t base, int64_t *values) { UNPACK; }
CLONES void stratum_unpack_uint16(const uint16_t *packed, size_t count, int64_t base, int64_t *values) { UNPACK; }
CLONES void stratum_unpack_uint32(const uint32_t *packed, size_t count, int64_t base, int64_t *values) { UNPACK; }

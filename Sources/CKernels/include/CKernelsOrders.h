#pragma once

#include <stddef.h>
#include <stdint.h>

/// The customers of one part of an order log, by id: open addressing over records of the ids' bytes.
///
/// All zero is an empty one. A record is `uint32_t` index, `uint32_t` length, the bytes and zeros up to a multiple of 8;
/// records stand in the order of their indices. A slot is the hash's tag above the place of the record in units of 8
/// bytes plus 1; 0 is free.
typedef struct {
    uint64_t *slots;
    uint64_t slotCount;
    uint8_t *records;
    uint64_t byteCount;
    uint64_t byteCapacity;
    uint32_t count;
} stratum_customers;

/// A hash of each id: the upper bits choose a part, the 32 below bit 56 are the tag.
void stratum_customers_hash(const uint8_t *bytes, const uint32_t *ends, size_t count, uint64_t *hashes);

/// Writes the index of each id's customer to `indices`; ids that are new get the next ones.
///
/// Returns 0 if there is no memory; the ids before the failure are in.
int stratum_customers_resolve(
    stratum_customers *customers, const uint8_t *bytes, const uint32_t *ends, size_t count, const uint64_t *hashes,
    int64_t *indices);

/// Frees the slots, which only `resolve` needs.
void stratum_customers_seal(stratum_customers *customers);

/// Frees everything.
void stratum_customers_free(stratum_customers *customers);

/// The least and the greatest of one or more values.
void stratum_extremes_int64(const int64_t *values, size_t count, int64_t *least, int64_t *greatest);

/// The low bits of values - base, and base + what was packed; `packed` and `values` have `count` elements.
void stratum_pack_uint8(const int64_t *values, size_t count, int64_t base, uint8_t *packed);
void stratum_pack_uint16(const int64_t *values, size_t count, int64_t base, uint16_t *packed);
void stratum_pack_uint32(const int64_t *values, size_t count, int64_t base, uint32_t *packed);
void stratum_unpack_uint8(const uint8_t *packed, size_t count, int64_t base, int64_t *values);
void stratum_unpack_uint16(const uint16_t *packed, size_t count, int64_t base, int64_t *values);
void stratum_unpack_uint32(const uint32_t *packed, size_t count, int64_t base, int64_t *values);

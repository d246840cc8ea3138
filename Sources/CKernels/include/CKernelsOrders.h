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

/// Writes the index of each row's customer to `customers`; ids that are new get the next ones.
///
/// `bytes` and `ends` are the ids of a whole batch, `hashes` theirs, and `rows` the `count` rows asked for.
/// Returns 0 if there is no memory; the rows before the failure are in.
int stratum_customers_resolve(
    stratum_customers *customers, const uint8_t *bytes, const uint32_t *ends, uint32_t idCount,
    const uint64_t *hashes, const uint32_t *rows, size_t count, uint32_t *indices);

/// Frees the slots, which only `resolve` needs.
void stratum_customers_seal(stratum_customers *customers);

/// Frees everything.
void stratum_customers_free(stratum_customers *customers);

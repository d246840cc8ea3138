// Customers by id. In C for the prefetch, which Swift has no word for: every look-up is two places of their own in
// memory. The Swift twin is the Dictionary in SlowIndicators.
#include "CKernelsOrders.h"

#include <stdlib.h>
#include <string.h>

static inline uint64_t folded(uint64_t a, uint64_t b)
{
    const unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Up to eight bytes as a word, zeros above; `readable` bytes may be looked at.
static inline uint64_t word_of(const uint8_t *bytes, size_t count, size_t readable)
{
    uint64_t word = 0;
    if (readable >= 8) {
        memcpy(&word, bytes, 8);
        return count >= 8 ? word : count == 0 ? 0 : word & (~0ULL >> (64 - 8 * count));
    }
    memcpy(&word, bytes, count < 8 ? count : 8);
    return word;
}

void stratum_customers_hash(const uint8_t *bytes, const uint32_t *ends, size_t count, uint64_t *hashes)
{
    const size_t total = count == 0 ? 0 : ends[count - 1];
    size_t start = 0;
    for (size_t row = 0; row < count; row++) {
        const size_t length = ends[row] - start;
        uint64_t hash = 0x9E3779B97F4A7C15ULL ^ length;
        for (size_t at = 0; at < length; at += 8) {
            const uint64_t word = word_of(bytes + start + at, length - at, total - start - at);
            hash = folded(hash ^ word, 0xA0761D6478BD642FULL ^ at);
        }
        hashes[row] = folded(hash, 0xE7037ED1A0B428DBULL);
        start = ends[row];
    }
}

static inline uint32_t tag_of(uint64_t hash) { return (uint32_t)(hash >> 24); }

static inline uint64_t first_slot(uint32_t tag, uint64_t slotCount)
{
    return ((uint64_t)tag * slotCount) >> 32;
}

static int grow_slots(stratum_customers *customers)
{
    const uint64_t slotCount = customers->slotCount == 0 ? 64 : customers->slotCount * 2;
    uint64_t *slots = calloc(slotCount, sizeof *slots);
    if (slots == 0) return 0;
    for (uint64_t i = 0; i < customers->slotCount; i++) {
        const uint64_t slot = customers->slots[i];
        if (slot == 0) continue;
        uint64_t place = first_slot((uint32_t)(slot >> 32), slotCount);
        while (slots[place] != 0) place = place + 1 == slotCount ? 0 : place + 1;
        slots[place] = slot;
    }
    free(customers->slots);
    customers->slots = slots;
    customers->slotCount = slotCount;
    return 1;
}

static int grow_records(stratum_customers *customers, uint64_t needed)
{
    uint64_t capacity = customers->byteCapacity + customers->byteCapacity / 2;
    // Some room beyond the last record, which is compared by 16 bytes.
    if (capacity < needed + 4096) capacity = needed + 4096;
    // Places are 32 bits of 8-byte units.
    if (capacity / 8 >= UINT32_MAX) return 0;
    uint8_t *records = realloc(customers->records, capacity);
    if (records == 0) return 0;
    customers->records = records;
    customers->byteCapacity = capacity;
    return 1;
}

static inline int is_same(const uint8_t *record, const uint8_t *id, size_t length, size_t readable)
{
    uint32_t stored;
    memcpy(&stored, record + 4, 4);
    if (stored != length) return 0;
    for (size_t at = 0; at < length; at += 8) {
        uint64_t word;
        memcpy(&word, record + 8 + at, 8);
        if (word != word_of(id + at, length - at, readable - at)) return 0;
    }
    return 1;
}

// The same for ids of 9 to 16 bytes, which most are: two words, the second with zeros above.
static inline int is_same_pair(const uint8_t *record, uint64_t first, uint64_t second, uint32_t length)
{
    uint32_t stored;
    uint64_t words[2];
    memcpy(&stored, record + 4, 4);
    memcpy(words, record + 8, 16);
    return ((stored ^ length) | (words[0] ^ first) | (words[1] ^ second)) == 0;
}

static int add(
    stratum_customers *customers, uint64_t slot, const uint8_t *id, size_t length, uint32_t tag, int64_t *index)
{
    const uint64_t padded = (length + 7) & ~(uint64_t)7;
    const uint64_t needed = customers->byteCount + 8 + padded;
    if (needed + 16 > customers->byteCapacity && !grow_records(customers, needed)) return 0;
    uint8_t *record = customers->records + customers->byteCount;
    const uint32_t stored = (uint32_t)length;
    memcpy(record, &customers->count, 4);
    memcpy(record + 4, &stored, 4);
    if (padded > 0) memset(record + padded, 0, 8);
    memcpy(record + 8, id, length);
    customers->slots[slot] = (uint64_t)tag << 32 | (customers->byteCount / 8 + 1);
    customers->byteCount = needed;
    *index = customers->count++;
    return 1;
}

static inline int insert(
    stratum_customers *customers, const uint8_t *id, size_t length, size_t readable, uint32_t tag, int64_t *index)
{
    const int isPair = length > 8 && length <= 16;
    const uint64_t first = isPair ? word_of(id, 8, readable) : 0;
    const uint64_t second = isPair ? word_of(id + 8, length - 8, readable - 8) : 0;
    uint64_t slot = first_slot(tag, customers->slotCount);
    while (customers->slots[slot] != 0) {
        const uint64_t entry = customers->slots[slot];
        if ((uint32_t)(entry >> 32) == tag) {
            const uint8_t *record = customers->records + ((uint64_t)(uint32_t)entry - 1) * 8;
            const int isFound =
                isPair ? is_same_pair(record, first, second, (uint32_t)length) : is_same(record, id, length, readable);
            if (isFound) {
                uint32_t found;
                memcpy(&found, record, 4);
                *index = found;
                return 1;
            }
        }
        if (++slot == customers->slotCount) slot = 0;
    }
    return add(customers, slot, id, length, tag, index);
}

int stratum_customers_resolve(
    stratum_customers *customers, const uint8_t *bytes, const uint32_t *ends, size_t count, const uint64_t *hashes,
    int64_t *indices)
{
    enum { slotsAhead = 16, recordsAhead = 8 };
    const size_t total = count == 0 ? 0 : ends[count - 1];
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        if ((customers->count + 1ULL) * 2 > customers->slotCount && !grow_slots(customers)) return 0;
        if (i + slotsAhead < count)
            __builtin_prefetch(customers->slots + first_slot(tag_of(hashes[i + slotsAhead]), customers->slotCount));
        if (i + recordsAhead < count) {
            const uint64_t entry =
                customers->slots[first_slot(tag_of(hashes[i + recordsAhead]), customers->slotCount)];
            if (entry != 0) __builtin_prefetch(customers->records + ((uint64_t)(uint32_t)entry - 1) * 8);
        }
        if (!insert(customers, bytes + start, ends[i] - start, total - start, tag_of(hashes[i]), indices + i)) return 0;
        start = ends[i];
    }
    return 1;
}

void stratum_customers_seal(stratum_customers *customers)
{
    free(customers->slots);
    customers->slots = 0;
    customers->slotCount = 0;
}

void stratum_customers_free(stratum_customers *customers)
{
    free(customers->slots);
    free(customers->records);
    memset(customers, 0, sizeof *customers);
}

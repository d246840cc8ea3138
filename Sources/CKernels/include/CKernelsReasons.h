#pragma once

#include <stddef.h>
#include <stdint.h>

// For each row one key for the reasons up and one for those down: the difference of contribution and mean (or its
// negative) in tenths of a point, rounded half to even and held to -1000..1000, times 65,536, plus `rank` of 0..65,535.
// The difference is 0 where `scores[i]` is NaN or carries the sign bit: a missing value.
void stratum_reason_keys(const double *contributions, const double *scores, size_t count, double mean, int32_t rank,
                         int32_t *up, int32_t *down);

// Inserts each row's key into its falling list of `slotCount` keys: `slots[slot * stride + i]`. `keys` holds what fell
// out of the lists afterwards.
void stratum_insert_keys(int32_t *keys, size_t count, int32_t *slots, size_t slotCount, size_t stride);

// The number parse of indexed CSV fields: what its forms share.
#pragma once

#include "CKernelsCSV.h"

/// 10^0 to 10^9.
extern const uint64_t csv_powers_of_ten[10];

/// As `stratum_csv_parse_column`, for the records from `from` on; `exceptionCount` were written before.
uint32_t csv_parse_column_portable(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t from,
    uint32_t count, int32_t scale, int32_t *cells, uint32_t *exceptions, uint32_t exceptionCount);

#if defined(__x86_64__)
uint32_t csv_parse_column_avx2(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    int32_t scale, int32_t *cells, uint32_t *exceptions);
uint32_t csv_parse_column_avx512(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    int32_t scale, int32_t *cells, uint32_t *exceptions);
#endif

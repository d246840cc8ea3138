// Where an indexed field starts: shared by csv_numbers.c and csv_identifiers.c.
#pragma once

#include "CKernelsCSV.h"

static inline uint32_t field_start(stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t record)
{
    return column == 0 ? fields.starts[record] : fields.ends[(size_t)record * columnCount + column - 1] + 1;
}

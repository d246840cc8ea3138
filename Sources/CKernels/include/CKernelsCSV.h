#pragma once

#include <stddef.h>
#include <stdint.h>

// Every `data` here must be readable 64 bytes before its first and 64 bytes past its last byte.

/// Where the fields of consecutive records stand. Offsets count from `data`.
typedef struct {
    /// For each record the offset of its first byte.
    uint32_t *starts;
    /// Row-major, records x columnCount: the offset just past each field.
    uint32_t *ends;
    /// Scratch for line ends; one element a record and 64 more.
    uint32_t *lines;
    /// Not 0 if a field may be quoted.
    uint32_t quoted;
} stratum_csv_fields;

/// What a call of `stratum_csv_index` found.
typedef struct {
    /// Plain records indexed.
    uint32_t count;
    /// Offset just past the last of them, where a record starts.
    size_t next;
    /// Not 0 if the record at `next` is complete or cut but not plain: it needs the record machine.
    uint32_t irregular;
    /// Not 0 if a byte of 0x80 or above was among the bytes looked at.
    uint32_t high;
    /// Not 0 if a field among the records may be quoted.
    uint32_t quoted;
} stratum_csv_run;

/// Indexes plain records of data[from ..< length], at most `capacity` of them.
///
/// Plain: `columnCount` fields, ended by LF or CRLF, not empty and of at most `byteLimit` bytes; no NUL, no other CR,
/// and no quotes but around whole fields, with no line end between them. Stops before the first record that is not.
/// `fields.ends` has room for capacity * columnCount + 64 elements.
stratum_csv_run stratum_csv_index(
    const uint8_t *data, size_t from, size_t length, uint8_t delimiter, uint32_t columnCount, uint32_t capacity,
    uint32_t byteLimit, stratum_csv_fields fields);

/// Reads field `column` of `count` records as integers scaled by 10^scale, 0 <= scale <= 9.
///
/// A field, quotes around it left out, `-?d+(.d*)?` or `-?.d+` of at most 16 bytes with at most `scale` decimals whose
/// scaled value fits 31 bits is written to `cells`; an empty one is written as INT32_MIN. Of every other field the
/// record's index goes to `exceptions` and the cell is 0.
///
/// Returns how many exceptions were written, in rising order.
uint32_t stratum_csv_parse_column(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    int32_t scale, int32_t *cells, uint32_t *exceptions);

/// Copies field `column` of `count` records end to end to `bytes` and the running ends, from `base` on, to `ends`.
///
/// `bytes` has 16 bytes more than the fields. Quotes around a field are left out. Of empty fields and of those with
/// quotes inside quotes the records' indices go to `exceptions`, and what is copied means nothing. Returns how many
/// exceptions were written.
uint32_t stratum_csv_copy_column(
    const uint8_t *data, stratum_csv_fields fields, uint32_t columnCount, uint32_t column, uint32_t count,
    uint8_t *bytes, uint32_t base, uint32_t *ends, uint32_t *exceptions);

/// Not 0 if each id is greater, byte by byte, than the one before it. `bytes` is readable 8 bytes past its end.
int stratum_ids_rise(const uint8_t *bytes, const uint32_t *ends, size_t count);

/// Which form of the scan and of the number parse runs: 0 the portable one, 1 AVX2, 2 AVX-512, or the best that there
/// is below it. All give the same results. For tests; changes all later calls.
void stratum_csv_select(int variant);
/// The best form that this processor has, which runs unless another is selected.
int stratum_csv_best(void);

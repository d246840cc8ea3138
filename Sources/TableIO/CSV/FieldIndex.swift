internal import CKernels

/// Where the fields of a group of records stand: the tables that the kernels fill and read.
final class FieldIndex: @unchecked Sendable {
    let columnCount: Int
    /// Records that fit.
    let capacity: Int
    /// The tables of the kernels.
    private(set) var fields: stratum_csv_fields
    /// Room for the indices of records that a kernel leaves to others.
    let exceptions: UnsafeMutablePointer<UInt32>

    /// - Parameter columnCount: fields of every record.
    init(columnCount: Int) {
        self.columnCount = columnCount
        // About 24 KiB of ends, so that a group stays in the first cache level; a multiple of 8 records.
        capacity = max(16, min(512, 6144 / columnCount) & ~7)
        fields = stratum_csv_fields(
            starts: .allocate(capacity: capacity + 64), ends: .allocate(capacity: capacity * columnCount + 64),
            lines: .allocate(capacity: capacity + 64), quoted: 0)
        exceptions = .allocate(capacity: capacity)
    }

    deinit {
        fields.starts.deallocate()
        fields.ends.deallocate()
        fields.lines.deallocate()
        exceptions.deallocate()
    }

    /// Where a field of an indexed record stands.
    func range(record: Int, field: Int) -> Range<Int> {
        // SAFETY: record < capacity and field < columnCount, both written by the scan or by `append`.
        let ends = fields.ends + record * columnCount
        let start = field == 0 ? fields.starts[record] : ends[field - 1] + 1
        return Int(start)..<Int(ends[field])
    }

    /// Indexes plain records of `bytes` from `at` on, behind the `count` already here; a group begins with 0.
    func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, from at: Int, _ format: CSVFormat, behind count: Int
    ) -> stratum_csv_run {
        if count == 0 { fields.quoted = 0 }
        // SAFETY: the tables have room for capacity - count more records and the kernel's 64 elements of slack.
        let run = stratum_csv_index(
            bytes.baseAddress!, at, bytes.count, format.delimiter, UInt32(columnCount), UInt32(capacity - count),
            UInt32(clamping: format.fieldByteLimit),
            stratum_csv_fields(
                starts: fields.starts + count, ends: fields.ends + count * columnCount, lines: fields.lines,
                quoted: 0))
        fields.quoted |= run.quoted
        return run
    }

    /// Adds a record that the record machine has scanned, as number `count`.
    func append(start: Int, ends: [Int], at count: Int) {
        precondition(count < capacity && ends.count == columnCount, "no room for record \(count)")
        // It would hardly be here without a quote.
        fields.quoted = 1
        fields.starts[count] = UInt32(start)
        for (field, end) in ends.enumerated() { fields.ends[count * columnCount + field] = UInt32(end) }
    }
}

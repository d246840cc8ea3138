/// Rows of one worker that wait to be packed: for each part some records, side by side in memory, of the rest of the
/// customer's code and the fields.
///
/// SAFETY: unchecked, since a worker keeps its own and has one job at a time.
final class OrderBuckets<Word: FixedWidthInteger & SignedInteger & Sendable>: @unchecked Sendable {
    /// Records of a part: few, so that all parts together stay in the caches.
    static var rowCapacity: Int { 1_024 }

    private let partCount: Int
    private let wordCount: Int
    private let records: UnsafeMutablePointer<Word>
    private let column: UnsafeMutablePointer<Int64>
    private let counts: UnsafeMutablePointer<Int>
    private var scales: [NumberScale] = []

    init(partCount: Int, fieldCount: Int) {
        self.partCount = partCount
        wordCount = fieldCount + 1
        // SAFETY: room for all records of all parts, freed in deinit; records are written before they are read.
        records = .allocate(capacity: partCount * Self.rowCapacity * wordCount)
        column = .allocate(capacity: Self.rowCapacity)
        counts = .allocate(capacity: partCount)
        counts.initialize(repeating: 0, count: partCount)
    }

    deinit {
        records.deallocate()
        column.deallocate()
        counts.deallocate()
    }

    /// Adds the rows with a code and a day up to the limit.
    ///
    /// - Parameter cells: for each field the cells of all rows.
    func append(
        _ codes: UnsafeBufferPointer<UInt64>, _ coding: IdentifierCodes, _ days: [Int32], upTo limit: Int32,
        _ cells: [UnsafePointer<Word>], _ scales: [NumberScale], to parts: [OrderPart]
    ) throws {
        if scales != self.scales {
            try flush(to: parts)
            self.scales = scales
        }
        let (capacity, wordCount) = (Self.rowCapacity, wordCount)
        try days.withUnsafeBufferPointer { days in
            try cells.withUnsafeBufferPointer { cells in
                for row in codes.indices where codes[row] != IdentifierCodes.none && days[row] <= limit {
                    let part = coding.part(ofCode: codes[row])
                    let count = counts[part]
                    // SAFETY: a part has fewer than `capacity` records here, and a record `wordCount` words.
                    let record = records + (part &* capacity &+ count) &* wordCount
                    record[0] = Word(truncatingIfNeeded: IdentifierCodes.rest(ofCode: codes[row]))
                    for field in 0..<(wordCount &- 1) { record[field &+ 1] = cells[field][row] }
                    counts[part] = count &+ 1
                    if count &+ 1 == capacity { try flush(part, to: parts[part]) }
                }
            }
        }
    }

    /// Packs what is left.
    func flush(to parts: [OrderPart]) throws {
        for part in 0..<partCount where counts[part] > 0 { try flush(part, to: parts[part]) }
    }

    private func flush(_ number: Int, to part: OrderPart) throws {
        let count = counts[number]
        let records = records + number * Self.rowCapacity * wordCount
        let columns = try (0..<wordCount).map { word in
            for row in 0..<count { column[row] = Int64(records[row &* wordCount &+ word]) }
            return try PackedIntegers(UnsafeBufferPointer(start: column, count: count), part.spill)
        }
        part.add(OrderPart.Chunk(columns: columns, scales: scales, isCoded: true))
        counts[number] = 0
    }
}

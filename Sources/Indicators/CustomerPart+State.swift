internal import CKernels
import Tables

extension CustomerPart {
    /// The customers and rows of the part, for `OrderLog.restore`.
    ///
    /// - Throws: what the spill throws
    func encoded() throws -> [UInt8] {
        var writer = StateWriter()
        var (idEnds, rows) = (UInt32(0), UInt32(0))
        writer.write(identifiers.bytes)
        // Lengths are small where ends are not.
        try PackedIntegers(identifiers.ends.map { end in Int64(end - Self.exchange(&idEnds, end)) }).write(to: &writer)
        try PackedIntegers(rowEnds.map { end in Int64(end - Self.exchange(&rows, end)) }).write(to: &writer)
        for (field, scale) in zip(fields, scales) {
            switch scale {
            case .decimals(let count): writer.write(Int8(count))
            case .bits: writer.write(Int8(-1))
            }
            try field.write(to: &writer)
        }
        return writer.bytes
    }

    private static func exchange(_ value: inout UInt32, _ new: UInt32) -> UInt32 {
        defer { value = new }
        return value
    }

    /// The customers and rows up to a day, and how many rows come after it.
    ///
    /// - Throws: what the spill throws
    func selecting(upTo day: Int) throws -> (part: CustomerPart, leftOut: Int) {
        let rowCount = Int(rowEnds.last ?? 0)
        let days = try fields[0].decoded(0..<rowCount)
        let kept = days.indices.filter { days[$0] <= Int64(day) }
        if kept.count == rowCount { return (self, 0) }
        var ends: [UInt32] = []
        var customers: [Int] = []
        var (place, start) = (0, 0)
        for customer in rowEnds.indices {
            while place < kept.count, kept[place] < Int(rowEnds[customer]) { place += 1 }
            if place > start {
                customers.append(customer)
                ends.append(UInt32(truncatingIfNeeded: place))
            }
            start = place
        }
        let columns = try fields.map { field in
            let cells = try field.decoded(0..<rowCount)
            return try PackedIntegers(kept.map { cells[$0] })
        }
        let part = CustomerPart(
            identifiers: identifiers.selecting(customers), rowEnds: ends, fields: columns, scales: scales)
        return (part, rowCount - kept.count)
    }

    init(identifiers: Identifiers, rowEnds: [UInt32], fields: [PackedIntegers], scales: [NumberScale]) {
        self.identifiers = identifiers
        self.rowEnds = rowEnds
        self.fields = fields
        self.scales = scales
    }
}

/// A part of a stored log, checked.
struct StoredPart {
    let identifiers: Identifiers
    let rowCounts: [Int64]
    let rowCount: Int
    let columns: [(scale: NumberScale, cells: [Int64])]

    init(_ bytes: [UInt8], fieldCount: Int) throws(IndicatorsError) {
        var reader = StateReader(bytes)
        let ids = try reader.data()
        var idEnd: Int64 = 0
        var ends: [UInt32] = []
        for length in try PackedIntegers.cells(from: &reader) {
            guard length >= 0, length <= Int64(ids.count) - idEnd else { throw IndicatorsError(.brokenState) }
            idEnd += length
            guard let end = UInt32(exactly: idEnd) else { throw IndicatorsError(.brokenState) }
            ends.append(end)
        }
        rowCounts = try PackedIntegers.cells(from: &reader)
        guard idEnd == ids.count, rowCounts.count == ends.count,
            rowCounts.allSatisfy({ $0 > 0 && $0 <= Int64(UInt32.max) })
        else { throw IndicatorsError(.brokenState) }
        identifiers = Identifiers(bytes: ids, ends: ends)
        rowCount = Int(rowCounts.reduce(0, +))
        var columns: [(scale: NumberScale, cells: [Int64])] = []
        for _ in 0..<fieldCount {
            let scale: NumberScale
            switch try reader.integer(Int8.self) {
            case -1: scale = .bits
            case let count where (0...22).contains(count): scale = .decimals(Int(count))
            default: throw IndicatorsError(.brokenState)
            }
            let cells = try PackedIntegers.cells(from: &reader)
            guard cells.count == rowCount else { throw IndicatorsError(.brokenState) }
            columns.append((scale, cells))
        }
        guard reader.isAtEnd, rowCount < Int(UInt32.max) else { throw IndicatorsError(.brokenState) }
        self.columns = columns
    }
}

extension OrderPart {
    /// Brings in the rows of a stored part, which is the one with this number.
    ///
    /// - Throws: `IndicatorsError`, what the spill throws
    func restore(_ stored: StoredPart, number: Int) throws {
        let count = stored.identifiers.count
        guard count > 0 else { return }
        var indices = [Int64](repeating: 0, count: count)
        var hashes = [UInt64](repeating: 0, count: count)
        try stored.identifiers.bytes.withUnsafeBufferPointer { bytes in
            // SAFETY: there are ids, so that only their bytes may be none; all arrays have an element for each id.
            let start = bytes.baseAddress ?? UnsafePointer(noBytes)
            stratum_customers_hash(start, stored.identifiers.ends, count, &hashes)
            guard
                (0..<count).allSatisfy({
                    IdentifierCodes.part(of: UnsafeBufferPointer(rebasing: bytes[stored.identifiers.range(of: $0)]))
                        == number
                })
            else { throw IndicatorsError(.brokenState) }
            try resolve(start, stored.identifiers.ends, count, hashes, &indices)
        }
        var customers: [Int64] = []
        customers.reserveCapacity(stored.rowCount)
        for (index, rows) in zip(indices, stored.rowCounts) {
            customers.append(contentsOf: repeatElement(index, count: Int(rows)))
        }
        for first in stride(from: 0, to: stored.rowCount, by: OpenChunk.rowCapacity) {
            let rows = first..<min(stored.rowCount, first + OpenChunk.rowCapacity)
            let columns = try ([customers] + stored.columns.map(\.cells)).map { cells in
                try cells.withUnsafeBufferPointer {
                    try PackedIntegers(UnsafeBufferPointer(rebasing: $0[rows]), spill)
                }
            }
            add(Chunk(columns: columns, scales: stored.columns.map(\.scale)))
        }
    }
}

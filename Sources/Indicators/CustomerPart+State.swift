import Tables

extension CustomerPart {
    /// The customers and rows of the part, for `OrderLog.restore`.
    ///
    /// - Throws: what the spill throws
    func encoded() throws -> [UInt8] {
        var writer = StateWriter()
        writer.reserve(identifiers.bytes.count + 8 * identifiers.count + 8 * Int(rowEnds.last ?? 0) + 1024)
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

    /// A part of a stored log, checked.
    ///
    /// - Throws: `IndicatorsError` of kind `brokenState`.
    init(
        stored bytes: [UInt8], number: Int, fieldCount: Int,
        coding: (Identifiers) -> IdentifierCodes?
    ) throws {
        var reader = StateReader(bytes)
        let ids = try reader.data()
        let ends = try Self.ends(try PackedIntegers(from: &reader), least: 0)
        let rowEnds = try Self.ends(try PackedIntegers(from: &reader), least: 1)
        guard Int(ends.last ?? 0) == ids.count, rowEnds.count == ends.count else {
            throw IndicatorsError(.brokenState)
        }
        let identifiers = Identifiers(bytes: ids, ends: ends)
        guard identifiers.rise, identifiers.belong(toPart: number, coding(identifiers)) else {
            throw IndicatorsError(.brokenState)
        }
        var (fields, scales) = ([PackedIntegers](), [NumberScale]())
        for _ in 0..<fieldCount {
            switch try reader.integer(Int8.self) {
            case -1: scales.append(.bits)
            case let count where (0...22).contains(count): scales.append(.decimals(Int(count)))
            default: throw IndicatorsError(.brokenState)
            }
            let cells = try PackedIntegers(from: &reader)
            guard cells.count == Int(rowEnds.last ?? 0) else { throw IndicatorsError(.brokenState) }
            fields.append(cells)
        }
        guard reader.isAtEnd else { throw IndicatorsError(.brokenState) }
        self.init(identifiers: identifiers, rowEnds: rowEnds, fields: fields, scales: scales)
    }

    /// Where lengths end.
    private static func ends(_ lengths: PackedIntegers, least: Int64) throws -> [UInt32] {
        guard lengths.count == 0 || lengths.bounds.lowerBound >= least, lengths.bounds.upperBound <= Int64(UInt32.max)
        else { throw IndicatorsError(.brokenState) }
        var end: Int64 = 0
        return try lengths.decoded(0..<lengths.count).map { length in
            end += length
            guard let end = UInt32(exactly: end) else { throw IndicatorsError(.brokenState) }
            return end
        }
    }
}

extension Identifiers {
    /// Whether each comes before the next in the order of bytes.
    fileprivate var rise: Bool {
        bytes.withUnsafeBufferPointer { bytes in
            (1..<max(count, 1)).allSatisfy { row in
                Self.order(
                    UnsafeBufferPointer(rebasing: bytes[range(of: row - 1)]),
                    UnsafeBufferPointer(rebasing: bytes[range(of: row)])) < 0
            }
        }
    }

    fileprivate func belong(toPart part: Int, _ coding: IdentifierCodes?) -> Bool {
        var codes = [UInt64](repeating: IdentifierCodes.none, count: count)
        return bytes.withUnsafeBufferPointer { bytes in
            if let coding, let start = bytes.baseAddress {
                _ = coding.encode(start, byteCount: bytes.count, ends: ends, count: count, into: &codes)
            }
            return codes.indices.allSatisfy { row in
                if let coding, codes[row] != IdentifierCodes.none { return coding.part(ofCode: codes[row]) == part }
                return IdentifierCodes.part(bytes, range(of: row)) == part
            }
        }
    }
}

internal import CKernels

/// Integers of one column in as few bytes as their range allows: offsets from the least of them, in 0, 1, 2, 4 or 8
/// bytes, in memory or spilled.
struct PackedIntegers: Sendable {
    private enum Offsets: Sendable {
        case none
        case bytes([UInt8])
        case shorts([UInt16])
        case words([UInt32])
        case longs([Int64])
        /// Elements of so many bytes that stand at a place of the spill.
        case spilled(OrderSpill, at: Int, width: Int)
    }

    let count: Int
    private let base: Int64
    /// The least and the greatest of the values, 0 without values.
    let bounds: ClosedRange<Int64>
    private let offsets: Offsets

    /// Packs values, and spills them if need be.
    ///
    /// - Throws: what the spill throws
    init(_ values: UnsafeBufferPointer<Int64>, _ spill: OrderSpill? = nil) throws {
        count = values.count
        guard count > 0, let start = values.baseAddress else {
            (base, bounds, offsets) = (0, 0...0, .none)
            return
        }
        var least: Int64 = 0
        var greatest: Int64 = 0
        // SAFETY: the kernel reads `count` values, of which there are so many.
        stratum_extremes_int64(start, count, &least, &greatest)
        (base, bounds) = (least, least...greatest)
        let packed = Self.packed(values, least, greatest)
        offsets = if let spill, spill.isNeeded() { try Self.spilled(packed, to: spill) } else { packed }
    }

    private static func packed(_ values: UnsafeBufferPointer<Int64>, _ least: Int64, _ greatest: Int64) -> Offsets {
        func packed<Offset>(
            _ pack: (UnsafePointer<Int64>, Int, Int64, UnsafeMutablePointer<Offset>) -> Void
        ) -> [Offset] {
            [Offset](unsafeUninitializedCapacity: values.count) { room, initialized in
                // SAFETY: the kernels read and write as many elements as there are values, at least one.
                pack(values.baseAddress!, values.count, least, room.baseAddress!)
                initialized = values.count
            }
        }
        // The range modulo 2^64: none is too wide.
        return switch UInt64(bitPattern: greatest &- least) {
        case 0: .none
        case ...UInt64(UInt8.max): .bytes(packed { stratum_pack_uint8($0, $1, $2, $3) })
        case ...UInt64(UInt16.max): .shorts(packed { stratum_pack_uint16($0, $1, $2, $3) })
        case ...UInt64(UInt32.max): .words(packed { stratum_pack_uint32($0, $1, $2, $3) })
        default: .longs(Array(values))
        }
    }

    private static func spilled(_ offsets: Offsets, to spill: OrderSpill) throws -> Offsets {
        func stored<Offset>(_ elements: [Offset]) throws -> Offsets {
            .spilled(spill, at: try elements.withUnsafeBytes { try spill.store($0) }, width: MemoryLayout<Offset>.size)
        }
        return switch offsets {
        case .none, .spilled: offsets
        case .bytes(let elements): try stored(elements)
        case .shorts(let elements): try stored(elements)
        case .words(let elements): try stored(elements)
        case .longs(let elements): try stored(elements)
        }
    }

    /// Writes the values of `rows` to `values`, which has room for them.
    ///
    /// - Throws: what the spill throws
    func decode(_ rows: Range<Int>, into values: UnsafeMutablePointer<Int64>) throws {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows \(rows) of \(count)")
        guard !rows.isEmpty else { return }
        let (first, count) = (rows.lowerBound, rows.count)
        // SAFETY: the rows lie inside the offsets, as was checked, and the caller has room for as many values.
        switch offsets {
        case .none: values.update(repeating: base, count: count)
        case .bytes(let offsets):
            offsets.withUnsafeBufferPointer { stratum_unpack_uint8($0.baseAddress! + first, count, base, values) }
        case .shorts(let offsets):
            offsets.withUnsafeBufferPointer { stratum_unpack_uint16($0.baseAddress! + first, count, base, values) }
        case .words(let offsets):
            offsets.withUnsafeBufferPointer { stratum_unpack_uint32($0.baseAddress! + first, count, base, values) }
        case .longs(let numbers):
            numbers.withUnsafeBufferPointer { values.update(from: $0.baseAddress! + first, count: count) }
        case .spilled(let spill, let place, let width):
            try withUnsafeTemporaryAllocation(byteCount: count * width, alignment: 8) { room in
                try spill.load(room, place + first * width)
                let start = room.baseAddress!
                switch width {
                case 1: stratum_unpack_uint8(start.assumingMemoryBound(to: UInt8.self), count, base, values)
                case 2: stratum_unpack_uint16(start.assumingMemoryBound(to: UInt16.self), count, base, values)
                case 4: stratum_unpack_uint32(start.assumingMemoryBound(to: UInt32.self), count, base, values)
                default: values.update(from: start.assumingMemoryBound(to: Int64.self), count: count)
                }
            }
        }
    }
}

extension PackedIntegers {
    /// Packs values in memory.
    init(_ values: [Int64]) throws {
        self = try values.withUnsafeBufferPointer { try PackedIntegers($0) }
    }

    /// The values of `rows`.
    ///
    /// - Throws: what the spill throws
    func decoded(_ rows: Range<Int>) throws -> [Int64] {
        try [Int64](unsafeUninitializedCapacity: rows.count) { room, count in
            // SAFETY: without rows nothing is written; with them the room has an address and as many cells.
            if let start = room.baseAddress { try decode(rows, into: start) }
            count = rows.count
        }
    }

    /// Writes the integers as they are packed.
    ///
    /// - Throws: what the spill throws
    func write(to writer: inout StateWriter) throws {
        if case .spilled = offsets { return try PackedIntegers(try decoded(0..<count)).write(to: &writer) }
        writer.write(count)
        writer.write(base)
        switch offsets {
        case .none: writer.write(Int8(0))
        case .bytes(let elements):
            writer.write(Int8(1))
            writer.write(cells: elements)
        case .shorts(let elements):
            writer.write(Int8(2))
            writer.write(cells: elements)
        case .words(let elements):
            writer.write(Int8(4))
            writer.write(cells: elements)
        case .longs(let elements):
            writer.write(Int8(8))
            writer.write(cells: elements)
        case .spilled: preconditionFailure("spilled integers are packed in memory first")
        }
    }

    /// Reads what `write` wrote.
    ///
    /// - Throws: `IndicatorsError` of kind `brokenState`.
    init(from reader: inout StateReader) throws(IndicatorsError) {
        count = try reader.count()
        base = try reader.integer(Int64.self)
        var greatest: UInt64 = 0
        func cells<Offset: FixedWidthInteger & UnsignedInteger>(
            _: Offset.Type, _ count: Int
        ) throws(IndicatorsError) -> [Offset] {
            let cells = try reader.cells(Offset.self)
            guard cells.count == count else { throw IndicatorsError(.brokenState) }
            greatest = UInt64(cells.reduce(0) { $0 > $1 ? $0 : $1 })
            return cells
        }
        switch try reader.integer(Int8.self) {
        case 0:
            guard count <= Int(UInt32.max) else { throw IndicatorsError(.brokenState) }
            offsets = .none
        case 1: offsets = .bytes(try cells(UInt8.self, count))
        case 2: offsets = .shorts(try cells(UInt16.self, count))
        case 4: offsets = .words(try cells(UInt32.self, count))
        case 8:
            let cells = try reader.cells(Int64.self)
            guard cells.count == count, let least = cells.min(), let greatest = cells.max() else {
                throw IndicatorsError(.brokenState)
            }
            (offsets, bounds) = (.longs(cells), least...greatest)
            return
        default: throw IndicatorsError(.brokenState)
        }
        let (last, overflow) = base.addingReportingOverflow(Int64(greatest))
        if overflow { throw IndicatorsError(.brokenState) }
        bounds = base...last
    }
}

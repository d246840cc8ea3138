/// Integers of one column in as few bytes as their range allows: offsets from the least of them, in 0, 1, 2, 4 or 8 bytes.
struct PackedIntegers: Sendable {
    private enum Offsets: Sendable {
        case none
        case bytes([UInt8])
        case shorts([UInt16])
        case words([UInt32])
        case longs([UInt64])
    }

    let count: Int
    private let base: Int64
    private let offsets: Offsets

    init(_ values: UnsafeBufferPointer<Int64>) {
        count = values.count
        var least = values.first ?? 0
        var greatest = least
        for value in values {
            least = value < least ? value : least
            greatest = value > greatest ? value : greatest
        }
        base = least
        // Offsets are differences modulo 2^64: no range is too wide for them.
        let range = UInt64(bitPattern: greatest &- least)
        offsets =
            switch range {
            case 0: .none
            case ...UInt64(UInt8.max): .bytes(Self.offsets(values, from: least))
            case ...UInt64(UInt16.max): .shorts(Self.offsets(values, from: least))
            case ...UInt64(UInt32.max): .words(Self.offsets(values, from: least))
            default: .longs(Self.offsets(values, from: least))
            }
    }

    /// Bytes of storage.
    var byteCount: Int {
        switch offsets {
        case .none: 0
        case .bytes: count
        case .shorts: 2 * count
        case .words: 4 * count
        case .longs: 8 * count
        }
    }

    /// Writes the values of `rows` to `values`, which has room for them.
    func decode(_ rows: Range<Int>, into values: UnsafeMutablePointer<Int64>) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows \(rows) of \(count)")
        switch offsets {
        case .none: values.update(repeating: base, count: rows.count)
        case .bytes(let offsets): decode(offsets, rows, into: values)
        case .shorts(let offsets): decode(offsets, rows, into: values)
        case .words(let offsets): decode(offsets, rows, into: values)
        case .longs(let offsets): decode(offsets, rows, into: values)
        }
    }

    @inline(__always)
    private func decode<Offset: FixedWidthInteger & UnsignedInteger>(
        _ offsets: [Offset], _ rows: Range<Int>, into values: UnsafeMutablePointer<Int64>
    ) {
        offsets.withUnsafeBufferPointer { offsets in
            for place in 0..<rows.count {
                values[place] = base &+ Int64(truncatingIfNeeded: offsets[rows.lowerBound &+ place])
            }
        }
    }

    @inline(__always)
    private static func offsets<Offset: FixedWidthInteger & UnsignedInteger>(
        _ values: UnsafeBufferPointer<Int64>, from base: Int64
    ) -> [Offset] {
        [Offset](unsafeUninitializedCapacity: values.count) { room, count in
            // SAFETY: the capacity is the number of values.
            for place in 0..<values.count { room[place] = Offset(truncatingIfNeeded: values[place] &- base) }
            count = values.count
        }
    }
}

internal import CKernels

/// Integers of one column in as few bytes as their range allows: offsets from the least of them, in 0, 1, 2, 4 or 8 bytes.
struct PackedIntegers: Sendable {
    private enum Offsets: Sendable {
        case none
        case bytes([UInt8])
        case shorts([UInt16])
        case words([UInt32])
        case longs([Int64])
    }

    let count: Int
    private let base: Int64
    private let offsets: Offsets

    init(_ values: UnsafeBufferPointer<Int64>) {
        count = values.count
        guard count > 0, let start = values.baseAddress else {
            (base, offsets) = (0, .none)
            return
        }
        var least: Int64 = 0
        var greatest: Int64 = 0
        let count = count
        // SAFETY: every kernel reads `count` values, of which there are so many, and writes as many elements.
        stratum_extremes_int64(start, count, &least, &greatest)
        func packed<Offset>(
            _ pack: (UnsafePointer<Int64>, Int, Int64, UnsafeMutablePointer<Offset>) -> Void
        ) -> [Offset] {
            [Offset](unsafeUninitializedCapacity: count) { room, initialized in
                pack(start, count, least, room.baseAddress!)
                initialized = count
            }
        }
        base = least
        // The range modulo 2^64: none is too wide.
        offsets =
            switch UInt64(bitPattern: greatest &- least) {
            case 0: .none
            case ...UInt64(UInt8.max): .bytes(packed { stratum_pack_uint8($0, $1, $2, $3) })
            case ...UInt64(UInt16.max): .shorts(packed { stratum_pack_uint16($0, $1, $2, $3) })
            case ...UInt64(UInt32.max): .words(packed { stratum_pack_uint32($0, $1, $2, $3) })
            default: .longs(Array(values))
            }
    }

    /// Writes the values of `rows` to `values`, which has room for them.
    func decode(_ rows: Range<Int>, into values: UnsafeMutablePointer<Int64>) {
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
        }
    }
}

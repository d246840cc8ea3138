import CKernels
import Tables
import TestSupport
import Testing

@testable import Indicators

struct PackedIntegersTests {
    /// Ranges of values that take 0, 1, 2, 4 and 8 bytes, and the edges between.
    static let ranges: [(least: Int64, range: UInt64)] = [
        (-7, 0), (0, 255), (-300, 255), (5, 256), (-1, 65_535), (19_000, 65_536), (-1 << 40, 1 << 32 - 1),
        (0, 1 << 32), (.min, .max), (.max - 3, 3),
    ]

    @Test(arguments: ranges.indices) func whatIsPackedIsUnpacked(number: Int) throws {
        let (least, range) = Self.ranges[number]
        var random = RepeatableGenerator(seed: number)
        for count in [1, 2, 63, 64, 65, 1000] {
            var values = (0..<count).map { _ in
                range == .max
                    ? Int64(bitPattern: random.next()) : least &+ Int64(bitPattern: random.next() % (range + 1))
            }
            values[0] = least
            if count > 1 { values[count - 1] = least &+ Int64(bitPattern: range) }
            let packed = try values.withUnsafeBufferPointer { try PackedIntegers($0) }
            for rows in [0..<count, count / 3..<count, 0..<count / 2, count..<count] {
                var unpacked = [Int64](repeating: 99, count: rows.count + 1)
                try unpacked.withUnsafeMutableBufferPointer { try packed.decode(rows, into: $0.baseAddress!) }
                #expect(unpacked == values[rows] + [99])
            }
        }
    }

    @Test(arguments: 0..<20) func kernelsDoWhatTheLoopsSay(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        let values = (0..<random.integer(in: 1...200)).map { _ in Int64(bitPattern: random.next()) >> Int64(seed * 3) }
        var (least, greatest) = (Int64(0), Int64(0))
        stratum_extremes_int64(values, values.count, &least, &greatest)
        #expect(least == values.min() && greatest == values.max())
        var bytes = [UInt8](repeating: 0, count: values.count)
        stratum_pack_uint8(values, values.count, least, &bytes)
        #expect(bytes == values.map { UInt8(truncatingIfNeeded: $0 &- least) })
        var unpacked = values
        stratum_unpack_uint8(bytes, bytes.count, least, &unpacked)
        #expect(unpacked == bytes.map { least &+ Int64($0) })
    }

    @Test(arguments: 0..<20) func idsAreInTheOrderOfTheirBytes(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        let prefix = [UInt8](repeating: 0x41, count: random.integer(in: 0...9))
        let ids = (0..<random.integer(in: 0...300)).map { _ in
            prefix + (0..<random.integer(in: 0...20)).map { _ in UInt8(random.integer(in: 0x41...0x43)) }
        }
        let identifiers = Identifiers(
            bytes: ids.flatMap(\.self), ends: ids.reduce(into: []) { $0.append(($0.last ?? 0) + UInt32($1.count)) })
        let expected = ids.indices.sorted { one, other in
            ids[one] == ids[other] ? one < other : ids[one].lexicographicallyPrecedes(ids[other])
        }
        #expect(identifiers.rowsInOrder().map(Int.init) == expected)
    }
}

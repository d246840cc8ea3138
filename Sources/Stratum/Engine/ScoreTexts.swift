import CKernels
import Scoring

/// Texts of scores from two tables: one for the whole part, one for the decimals.
///
/// For what lies in 0..<1000 and is written with at most three decimals, as scores and percentages mostly are. A column is
/// split first, whole vectors at a time; then each row copies two ready texts. They are those of `FixedDecimal`, behind a
/// comma.
///
/// SAFETY: unchecked, since the tables are written in `init` only.
final class ScoreTexts: @unchecked Sendable {
    /// What `split` makes of a value: its whole part in the lower half, the decimals as a whole number in the upper.
    typealias Cell = UInt32

    private static let decimalLimit = 3
    /// The whole part that stands for a missing value.
    private static let missing = 1000

    private let scale: Double
    /// From a row's cell in one column to that in the next.
    private let columnStride = ScoreBlock.rowCapacity
    /// For each whole part the bytes `,57.`, the length of the whole text in byte 6 and that of the head in byte 7.
    private let heads: UnsafeMutablePointer<UInt64>
    /// For each number of decimals its digits.
    private let tails: UnsafeMutablePointer<UInt32>

    /// Tables for a count of decimals; nil for more than three.
    init?(decimals: Int) {
        guard decimals <= Self.decimalLimit else { return nil }
        let tailCount = (0..<decimals).reduce(1) { power, _ in 10 * power }
        scale = Double(tailCount)
        heads = .allocate(capacity: Self.missing + 1)
        tails = .allocate(capacity: tailCount)
        // SAFETY: a head for each whole part and for `missing`, a tail for each number below 10^decimals; freed in deinit.
        for whole in 0..<Self.missing {
            let text = Array((decimals == 0 ? ",\(whole)" : ",\(whole).").utf8)
            let lengths = UInt64(text.count) << 56 | UInt64(text.count + decimals) << 48
            (heads + whole).initialize(to: lengths | Self.word(text))
        }
        (heads + Self.missing).initialize(to: 1 << 56 | 1 << 48 | Self.word(Array(",".utf8)))
        for number in 0..<tailCount {
            let digits = Array(String(number).utf8)
            let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, decimals - digits.count))
            (tails + number).initialize(to: UInt32(truncatingIfNeeded: Self.word(zeros + digits)))
        }
    }

    deinit {
        heads.deallocate()
        tails.deallocate()
    }

    /// Splits values into cells, as many; NaN is a missing value, a comma alone.
    ///
    /// - Returns: false, and cells that mean nothing, if a value rounds to 1000 or more; perhaps if one is below 0.
    /// - Complexity: O(`values.count`)
    func split(_ values: UnsafeBufferPointer<Double>, into cells: UnsafeMutableBufferPointer<Cell>) -> Bool {
        precondition(values.count <= cells.count, "\(values.count) values, room for \(cells.count)")
        guard let start = values.baseAddress, let room = cells.baseAddress else { return true }
        // SAFETY: there are at least as many cells as values.
        return stratum_split_decimals(start, values.count, scale, room) != 0
    }

    /// Writes a row's scores in neighboring columns, a comma before each, and returns the end.
    ///
    /// - Parameters:
    ///   - cell: the row's in the first column, from `split`; the next column's is a block's rows further.
    ///   - start: room for 12 bytes a column; those behind the text may be overwritten.
    @inline(__always)
    func write(
        _ cell: UnsafePointer<Cell>, columnCount: Int, to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var end = UnsafeMutableRawPointer(start)
        for column in 0..<columnCount {
            // SAFETY: the kernel gives whole parts up to `missing` and decimals below the count of tails.
            let cell = cell[column &* columnStride]
            let head = heads[Int(cell & 0xFFFF)]
            end.storeBytes(of: head.littleEndian, as: UInt64.self)
            (end + Int(head &>> 56)).storeBytes(of: tails[Int(cell &>> 16)].littleEndian, as: UInt32.self)
            end += Int(head &>> 48 & 0xFF)
        }
        return end.assumingMemoryBound(to: UInt8.self)
    }

    /// Eight bytes at most, the first in the low byte.
    private static func word(_ bytes: [UInt8]) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

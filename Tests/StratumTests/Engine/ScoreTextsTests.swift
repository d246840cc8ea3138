import TableIO
import TestSupport
import Testing

@testable import Stratum

struct ScoreTextsTests {
    /// The texts of columns, row by row; nil where a value needs the general routine.
    static func rows(_ columns: [[Double]], decimals: Int = 3) throws -> [String]? {
        let texts = try #require(ScoreTexts(decimals: decimals))
        let stride = 960
        var cells = [ScoreTexts.Cell](repeating: 0, count: columns.count * stride)
        for (number, column) in columns.enumerated() {
            let isSplit = column.withUnsafeBufferPointer { values in
                cells.withUnsafeMutableBufferPointer {
                    texts.split(values, into: .init(rebasing: $0[number * stride..<(number + 1) * stride]))
                }
            }
            guard isSplit else { return nil }
        }
        return columns[0].indices.map { row in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 12 * columns.count) { room in
                let start = room.baseAddress!
                let end = cells.withUnsafeBufferPointer {
                    texts.write($0.baseAddress! + row, columnCount: columns.count, to: start)
                }
                return String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
            }
        }
    }

    static func texts(_ values: [Double], decimals: Int = 3) throws -> [String]? {
        var texts: [String] = []
        for start in stride(from: 0, to: values.count, by: 960) {
            let part = Array(values[start..<min(values.count, start + 960)])
            guard let some = try rows([part], decimals: decimals) else { return nil }
            texts += some
        }
        return texts
    }

    static func expected(_ value: Double, decimals: Int = 3) -> String {
        guard !value.isNaN else { return "," }
        let decimal = FixedDecimal(decimals: decimals)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: FixedDecimal.maximumByteCount) { room in
            let start = room.baseAddress!
            let end = decimal.write(value, to: start)
            return "," + String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
        }
    }

    static func expectThoseOfFixedDecimal(_ values: [Double], decimals: Int = 3) throws {
        let texts = try #require(try texts(values, decimals: decimals))
        for (value, text) in zip(values, texts) { #expect(text == expected(value, decimals: decimals), "\(value)") }
    }

    @Test(arguments: 0...3)
    func everyUnitAndEveryTieIsThatOfFixedDecimal(decimals: Int) throws {
        let scale = [1, 10, 100, 1000][decimals]
        for start in stride(from: 0, to: 1000 * scale, by: 9_973) {
            let values = (start..<min(1000 * scale, start + 100)).flatMap { unit -> [Double] in
                let value = Double(unit) / Double(scale)
                return [value, value.nextUp, value.nextDown, (Double(unit) + 0.5) / Double(scale)].filter {
                    $0 >= 0 && Self.expected($0, decimals: decimals).prefix(5) != ",1000"
                }
            }
            try Self.expectThoseOfFixedDecimal(values, decimals: decimals)
        }
    }

    @Test(arguments: 0...3)
    func exactTiesGoToTheEvenUnit(decimals: Int) throws {
        // Halves and finer binary fractions end in an exact half of a unit.
        try Self.expectThoseOfFixedDecimal(
            (0..<4_000).map { Double($0) / 16 + 0.0625 } + [
                0.0005, 0.0015, 0.0625, 0.1875, 62.4375, 99.9375, 0.5, 1.5,
            ],
            decimals: decimals)
    }

    @Test(arguments: 0...3)
    func randomScoresAreThoseOfFixedDecimal(decimals: Int) throws {
        var random = RepeatableGenerator(seed: 9 + decimals)
        let values = (0..<20_000).map { _ in
            random.integer(in: 0...9) == 0 ? .nan : random.unit() * [0.01, 10, 100, 999][random.integer(in: 0...3)]
        }
        try Self.expectThoseOfFixedDecimal(values, decimals: decimals)
    }

    @Test func missingIsACommaAndWhatIsOutOfRangeIsRefused() throws {
        #expect(try Self.texts([.nan, 0, 100, .nan]) == [",", ",0.000", ",100.000", ","])
        for value in [-0.001, -1e300, 999.9995, 1000, 1e18, 1e300, .infinity, -.infinity] {
            #expect(try Self.texts([1, value]) == nil, "\(value)")
        }
        #expect(try Self.texts([-0.0, -1e-300, 999.999_499]) == [",0.000", ",0.000", ",999.999"])
        #expect(ScoreTexts(decimals: 4) == nil)
    }

    @Test func neighborsAreWrittenOneBehindTheOther() throws {
        var random = RepeatableGenerator(seed: 4)
        let columns = (0..<7).map { _ in
            (0..<960).map { _ in random.integer(in: 0...9) == 0 ? .nan : random.unit() * 100 }
        }
        let rows = try #require(try Self.rows(columns))
        for row in 0..<960 { #expect(rows[row] == columns.map { Self.expected($0[row]) }.joined()) }
    }
}

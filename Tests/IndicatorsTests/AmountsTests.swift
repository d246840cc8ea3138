import TestSupport
import Testing

@testable import Indicators

/// Sums of amounts, in decimals and beside binary numbers.
struct AmountsTests {
    private static func sum<Column: Amounts>(_ amounts: Column, _ rows: Range<Int>) -> Double {
        var sum = Column.zero
        for row in rows { amounts.add(row, to: &sum) }
        return amounts.value(sum)
    }

    private static func inDecimals(_ cells: [Int64], _ decimals: Int) -> Double {
        cells.withUnsafeBufferPointer {
            sum(DecimalAmounts(cells: $0.baseAddress!, divisor: powersOfTen[decimals]), $0.indices)
        }
    }

    private static func inBinary(_ values: [Double]) -> Double {
        values.map { Int64(bitPattern: $0.bitPattern) }.withUnsafeBufferPointer {
            sum(BinaryAmounts(cells: $0.baseAddress!), $0.indices)
        }
    }

    /// The decimal as the standard library reads it: correctly rounded.
    private static func reading(_ units: Int128, _ decimals: Int) throws -> Double {
        try #require(Double("\(units)e-\(decimals)"))
    }

    @Test(arguments: 0..<400) func aSumIsCorrectlyRoundedHoweverLarge(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let decimals = random.integer(in: 0...9)
        let cells = (0..<random.integer(in: 1...8)).map { _ in
            Int64(bitPattern: random.next()) >> Int64(random.integer(in: 0...60))
        }
        let units = cells.reduce(Int128(0)) { $0 + Int128($1) }
        #expect(try Self.inDecimals(cells, decimals) == Self.reading(units, decimals))
    }

    @Test func quotientsBesideATieAreRoundedByWhatFollows() throws {
        // 2^54 + 2 lies between two binary64 numbers; a remainder of the division decides, else the even one is taken.
        for units in (Int64(1) << 54)...((1 << 54) + 8) {
            for (decimals, scaled) in [(0, [units]), (1, Array(repeating: units, count: 10)), (1, [units, 1])] {
                let sum = scaled.reduce(Int128(0)) { $0 + Int128($1) }
                #expect(try Self.inDecimals(scaled, decimals) == Self.reading(sum, decimals))
                #expect(try Self.inDecimals(scaled.map { -$0 }, decimals) == Self.reading(-sum, decimals))
            }
        }
    }

    @Test(arguments: 0..<100) func decimalsSumUpAlikeWhateverTheyAreStoredWith(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let decimals = random.integer(in: 0...9)
        let limit = [1 << 20, 1 << 40, 1 << 50][seed % 3]
        let cells = (0..<20).map { _ in Int64(random.integer(in: -limit...limit)) }
        let values = cells.map { Double($0) / powersOfTen[decimals] }
        #expect(Self.inBinary(values) == Self.inDecimals(cells, decimals))
    }

    @Test func oneAndAHugeAmountSumUpAlikeInAnyScale() {
        #expect(Self.inDecimals([31, 10_000_000_000_000_000], 1) == 1_000_000_000_000_003.1)
        #expect(Self.inDecimals([310, 100_000_000_000_000_000], 2) == 1_000_000_000_000_003.1)
        #expect(Self.inBinary([3.1, 1e15]) == 1_000_000_000_000_003.1)
    }

    @Test(arguments: 0..<100) func allNineDecimalsAreFoundAndNoMore(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let decimals = random.integer(in: 0...9)
        let units = random.integer(in: 1...(1 << [31, 45, 52][seed % 3]))
        let value = Double(units) / powersOfTen[decimals]
        let found = try #require(NumberScale.exactDecimal(value))
        #expect(Double(found.units) / powersOfTen[found.decimals] == value && found.decimals <= decimals)
        #expect(NumberScale.exactDecimal(1 / 3.0 * Double(units % 1000 * 3 + 1)) == nil)
    }
}

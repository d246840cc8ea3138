import TestSupport
import Testing

@testable import Indicators

/// Price times quantity.
struct LineAmountsTests {
    static func product(_ prices: [Int64], _ one: NumberScale, _ quantities: [Int64], _ other: NumberScale) -> (
        cells: [Int64], scale: NumberScale
    ) {
        var cells = prices
        let scale = cells.withUnsafeMutableBufferPointer { LineAmounts.multiply($0, one, by: quantities, other) }
        return (cells, scale)
    }

    static func bits(_ value: Double) -> Int64 { Int64(bitPattern: value.bitPattern) }

    @Test func decimalsMultiplyExactly() {
        // 2.55 x 6, 0.1 x -3, 0 x 5
        let found = Self.product([255, 10, 0], .decimals(2), [6, -3, 5], .decimals(0))
        #expect(found.scale == .decimals(2) && found.cells == [1_530, -30, 0])
        #expect(Self.product([125], .decimals(3), [25], .decimals(1)).scale == .decimals(4))
    }

    @Test func binaryNumbersThatAreDecimalsMultiplyAsDecimals() {
        // In binary64 0.1 x 3 is 0.30000000000000004.
        let found = Self.product([Self.bits(0.1), Self.bits(1.1)], .bits, [3, 3], .decimals(0))
        #expect(found.scale == .bits && found.cells == [Self.bits(0.3), Self.bits(3.3)])
    }

    @Test func whatFitsNoDecimalIsTheProductOfTheBinaryNumbers() {
        let third = 1.0 / 3
        #expect(Self.product([Self.bits(third)], .bits, [3], .decimals(0)).cells == [Self.bits(third * 3)])
        // Ten digits behind the point, and more than 53 bits.
        let fine = Self.product([123_457], .decimals(6), [11_111], .decimals(4))
        #expect(fine.scale == .bits && fine.cells == [Self.bits(0.123457 * 1.1111)])
        let large = Self.product([.max / 2], .decimals(2), [7], .decimals(0))
        #expect(large.cells == [Self.bits(Double(Int64.max / 2) / 100 * 7)])
    }

    @Test(arguments: 0..<20) func anAmountDependsOnNoOtherLine(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        let prices = (0..<40).map { _ in Int64(random.integer(in: -100_000...100_000)) }
        let quantities = (0..<40).map { _ in Int64(random.integer(in: -50...50)) }
        let alone = Self.product(prices, .decimals(4), quantities, .decimals(3))
        // A line beside them that forces all into binary64.
        let beside = Self.product(prices + [1 << 62], .decimals(4), quantities + [1], .decimals(3))
        #expect(alone.scale == .decimals(7) && beside.scale == .bits)
        for (row, cell) in alone.cells.enumerated() {
            #expect(alone.scale.value(cell) == NumberScale.bits.value(beside.cells[row]), "row \(row)")
        }
    }
}

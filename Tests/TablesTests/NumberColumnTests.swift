import Tables
import Testing

struct NumberColumnTests {
    static let columns: [(column: NumberColumn, values: [Double])] = [
        (
            NumberColumn(storage: .int16([1, -25, .min, 32_767, -32_767, 0]), scale: 0),
            [1, -25, .nan, 32_767, -32_767, 0]
        ),
        (NumberColumn(storage: .int16([125, .min, -7]), scale: 2), [1.25, .nan, -0.07]),
        (
            NumberColumn(storage: .int32([2_147_483_647, .min, -2_147_483_647, 10]), scale: 3),
            [2_147_483.647, .nan, -2_147_483.647, 0.01]
        ),
        (NumberColumn(values: [1e300, .nan, -0.5]), [1e300, .nan, -0.5]),
        (NumberColumn(storage: .int16([.min, .min]), scale: 1), [.nan, .nan]),
        (NumberColumn(values: [.nan]), [.nan]),
        (NumberColumn(storage: .int32([]), scale: 0), []),
    ]

    static func bits(_ values: [Double]) -> [UInt64] { values.map { $0.isNaN ? .max : $0.bitPattern } }

    @Test(arguments: columns.indices)
    func cellsAreTheDecimalNumbersTheyStandFor(_ index: Int) {
        let (column, values) = Self.columns[index]
        #expect(column.count == values.count)
        #expect(Self.bits((0..<column.count).map { column[$0] }) == Self.bits(values))
        for start in 0...column.count {
            for end in start...column.count {
                var decoded = [Double](repeating: 99, count: end - start)
                decoded.withUnsafeMutableBufferPointer { column.decode(start..<end, into: $0) }
                #expect(Self.bits(decoded) == Self.bits(Array(values[start..<end])))
            }
        }
    }

    @Test(arguments: columns.indices)
    func extremesAreThoseOfTheValues(_ index: Int) {
        let (column, values) = Self.columns[index]
        let present = values.filter { !$0.isNaN }
        let extremes = column.extremes
        #expect(extremes.missingCount == values.count - present.count)
        #expect(
            Self.bits([extremes.minimum, extremes.maximum])
                == Self.bits([present.min() ?? .nan, present.max() ?? .nan]))
    }

    @Test func extremesOfLongColumnsCountEveryMissingCell() {
        // More cells than the loop's counter of 16 bits holds.
        let cells = (0..<200_000).map { Int16($0 % 3 == 0 ? Int(Int16.min) : $0 % 1000) }
        let extremes = NumberColumn(storage: .int16(cells), scale: 1).extremes
        #expect(extremes.missingCount == cells.count { $0 == .min })
        #expect(extremes.minimum == Double(cells.filter { $0 != .min }.min()!) / 10)
        #expect(extremes.maximum == 99.9)
        let wide = NumberColumn(storage: .int32(cells.map { $0 == .min ? .min : Int32($0) - 500 }), scale: 0).extremes
        #expect(wide.missingCount == extremes.missingCount)
        #expect(wide.minimum == Double(cells.filter { $0 != .min }.min()!) - 500)
    }

    @Test func allMissingCellsFillWholePartsOfTheLoop() {
        let extremes = NumberColumn(storage: .int16(Array(repeating: .min, count: 65_536)), scale: 0).extremes
        #expect(extremes.missingCount == 65_536)
        #expect(extremes.minimum.isNaN && extremes.maximum.isNaN)
    }

    @Test func selectingKeepsRowsInTheOrderGiven() {
        for (column, values) in Self.columns where column.count > 1 {
            let selected = column.selecting([1, 0, 1])
            #expect(Self.bits((0..<3).map { selected[$0] }) == Self.bits([values[1], values[0], values[1]]))
        }
    }
}

import Reports
import TableIO
import TestSupport
import Testing

@testable import Stratum

struct InspectTests {
    static func inspect(
        _ text: String, exact: Bool = false, block: Int = 1 << 19, threads: Int = 2
    ) throws -> ColumnSummaries {
        var options = RunOptions()
        options.threadCount = threads
        return try Engine.inspect(
            [InputSource(bytes: Array(text.utf8), name: "memory")], exactDistinct: exact, blockByteCount: block,
            options: options)
    }

    private static func text(seed: Int, rowCount: Int) -> String {
        var random = RepeatableGenerator(seed: seed)
        var text = "count,amount,mixed,name,empty\n"
        for row in 0..<rowCount {
            // Ranges and decimals change along the rows, so that batches keep their cells in different ways.
            let count = random.integer(in: 0...(row < rowCount / 2 ? 40 : 100_000))
            let cents = random.integer(in: -500...9_999)
            let amount = random.integer(in: 0...200) == 0 ? "1e\(cents % 20)" : "\(cents / 100).\(abs(cents) % 100)"
            let mixed = ["", "7", "7.0", "x", "\"quoted, \"\"x\"\"\"", "0.001", "12345678901"][
                random.integer(in: 0...6)]
            text += "\(count),\(amount),\(mixed),客\(random.integer(in: 0...rowCount)),\n"
            if random.integer(in: 0...50) == 0 { text += "too,few\n" }
        }
        return text
    }

    @Test(arguments: 0..<4)
    func blocksAndThreadsChangeNoFigure(seed: Int) throws {
        let text = Self.text(seed: seed, rowCount: 3_000)
        for exact in [false, true] {
            let expected = try Self.inspect(text, exact: exact, threads: 1)
            for block in [64, 777, 10_000] {
                for threads in everyThreadCount {
                    let found = try Self.inspect(text, exact: exact, block: block, threads: threads)
                    #expect(found == expected, "block \(block), \(threads) threads")
                }
            }
        }
    }

    @Test func estimatesDoNotDependOnBlocksEither() throws {
        let rows = (0..<40_000).map { "\($0 % 30_000).\($0 % 3),k\($0)\n" }
        let text = "a,b\n" + rows.joined()
        let expected = try Self.inspect(text, threads: 1)
        #expect(expected.columns.map { $0.distinct?.isExact } == [false, false])
        #expect(try Self.inspect(text, block: 5_000, threads: 7) == expected)
        let exact = try Self.inspect(text, exact: true)
        #expect(exact.columns[1].distinct == .init(count: 40_000, isExact: true))
        let values = Set(rows.map { Double($0.split(separator: ",")[0]) })
        #expect(exact.columns[0].distinct == .init(count: values.count, isExact: true))
    }

    @Test func kindsMissingDistinctAndLengthsAreToldOfEveryColumn() throws {
        let found = try Self.inspect(
            "n,t,e,d\n1,x,,0.5\n1.0,\"a\"\"b\",,\n,x,,1e2\n3,7,,.5\n1,007,,-0\n2,,\n")
        #expect(found.columns.map(\.kind) == ["integer", "text", "empty", "number"])
        #expect(found.columns.map(\.missingCount) == [1, 0, 5, 1])
        // In a column of text the cells 7 and 007 are one number.
        #expect(found.columns.map { $0.distinct?.count } == [2, 3, 0, 3])
        #expect(found.columns[1].textByteCounts == 1...3)
        #expect(found.columns[1].samples == [Array("x".utf8), Array("a\"b".utf8)])
        #expect(found.columns[0].sum == 6 && found.columns[0].mean == 1.5 && found.columns[3].minimum == 0)
        #expect(found.rejects == [.init(reason: "too_few_fields", count: 1)] && found.recordCount == 6)
    }

    @Test func rejectedRecordsAreInNoFigure() throws {
        var bytes = Array("a,b\n1,x\n2,".utf8)
        bytes += [0xFF] + Array("\n3,y\n".utf8)
        let found = try Engine.inspect(InputSource(bytes: bytes, name: "memory"), options: RunOptions())
        #expect(found.columns.map(\.missingCount) == [0, 0])
        #expect(found.columns[1].distinct?.count == 2 && found.columns[1].textByteCounts == 1...1)
        #expect(found.rejects == [.init(reason: "invalid_utf8", count: 1)])
    }

    @Test(arguments: [0, 1e15, -1e15])
    func standardDeviationHas14DigitsHoweverFarTheDataAreFromZero(_ shift: Double) throws {
        // Halves are exact at 1e15, and so is the reference, in integers.
        var random = RepeatableGenerator(seed: 3)
        let halves = (0..<5_000).map { _ in random.integer(in: -2_000...2_000) }
        let text = "v\n" + halves.map { "\((shift + Double($0) / 2).description)\n" }.joined()
        let column = try Self.inspect(text, block: 4_096).columns[0]
        let n = halves.count
        let sum = halves.reduce(0, +)
        let squares = halves.reduce(0) { $0 + $1 * $1 }
        let deviation = (Double(n * squares - sum * sum) / Double(n * (n - 1))).squareRoot() / 2
        #expect(abs(column.standardDeviation! / deviation - 1) < 1e-14)
        let mean = shift + Double(sum) / 2 / Double(n)
        #expect(abs(column.mean! - mean) <= mean.ulp)
    }

    @Test func sumsAndMeansAreWithinOneUlpOfExactWhereTermsCancel() throws {
        // The exact sum is 2,000: each 1e300 has its opposite.
        let rows = (0..<1_000).flatMap { ["1e300", "2", "-1e300", "\($0)e280", "-\($0)e280"] }
        let column = try Self.inspect("v\n" + rows.joined(separator: "\n") + "\n", block: 512).columns[0]
        #expect(column.sum == 2_000 && column.mean == 0.4)
    }
}

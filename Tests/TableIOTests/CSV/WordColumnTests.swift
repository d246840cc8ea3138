import TableIO
import Tables
import TestSupport
import Testing
import VectorMath

/// Ordered words become numbers where the file is parsed; numbers stay what the table makes of them.
struct WordColumnTests {
    private static let grades = WordTable(
        words: [("gold", 1), ("Silver", 0.5), ("铜", 0), ("so \"so\"", 0.25)].map { (Array($0.0.utf8), $0.1) },
        numbers: [(3, 0.125), (-1.5, 0)])

    private func read(
        _ bytes: [UInt8], _ table: WordTable = grades, format: CSVFormat = CSVFormat(), blockByteCount: Int = 1 << 16
    ) throws -> (values: [Double], rejects: [String]) {
        var request = ColumnRequest(name: "w")
        request.words = table
        let reader = try CSVReader(
            source: InputSource(bytes: bytes, name: "m"), format: format, identifier: "id", columns: [request],
            blockByteCount: blockByteCount)
        var options = ReadOptions()
        options.rejectLimit = .share(1)
        options.blockByteCount = blockByteCount
        nonisolated(unsafe) var rejects: [String] = []
        options.onReject = { rejects.append("\($0.line) \($0.reason.rawValue) \($0.column ?? "")") }
        let table = try reader.readTable(workers: Workers(threadCount: 2), options: options).table
        return (table.batches.flatMap { batch in (0..<batch.rowCount).map { batch.columns[0][$0] } }, rejects)
    }

    private func read(_ fields: [String], format: CSVFormat = CSVFormat()) throws -> [Double?] {
        let text = "id,w\n" + fields.enumerated().map { "\($0),\($1)\n" }.joined()
        let found = try read(Array(text.utf8), format: format)
        #expect(found.rejects == [])
        return found.values.map { $0.isNaN ? nil : $0 }
    }

    @Test func wordsAreReadWithoutCaseBlanksAndQuotes() throws {
        let found = try read([
            "gold", "GOLD", " gold ", "\"gold\"", "\" Gold \"", "silver", "铜", "\"铜\"", "\"so \"\"so\"\"\"",
            "SO \"SO\"",
        ])
        #expect(found == [1, 1, 1, 1, 1, 0.5, 0, 0, 0.25, 0.25])
    }

    @Test func numbersAmongTheWordsAreComparedAsNumbers() throws {
        #expect(try read(["3", "3.0", "+3", "0.3e1", "-1.5", "\"3\""]) == [0.125, 0.125, 0.125, 0.125, 0, 0.125])
        var format = CSVFormat()
        format.delimiter = UInt8(ascii: ";")
        format.numbers.decimalMark = .comma
        #expect(try read(Array("id;w\n1;3,0\n2;-1,5\n".utf8), format: format).values == [0.125, 0])
    }

    @Test func emptyAndNullWordsAreMissing() throws {
        var format = CSVFormat()
        format.nullWords = [Array("n/a".utf8), Array("-9".utf8)]
        #expect(try read(["", " ", "\"\"", "n/a", "-9", "gold"], format: format) == [nil, nil, nil, nil, nil, 1])
    }

    @Test func anUnknownWordRejectsItsRecordAlone() throws {
        let found = try read(Array("id,w\n1,gold\n2,bronze\n3,1\n4,nan\n5,silver\n6,gol\n7,golde\n8,0.5\n".utf8))
        #expect(found.values == [1, 0.5])
        #expect(
            found.rejects == [
                "3 unknown_word w", "4 unknown_word w", "5 unknown_word w", "7 unknown_word w", "8 unknown_word w",
                "9 unknown_word w",
            ])
    }

    @Test func otherEncodingsAreTurnedIntoTheSameWords() throws {
        // "铜" in GB18030.
        let bytes = Array("id,w\n1,".utf8) + [0xCD, 0xAD] + Array("\n2,gold\n".utf8)
        var format = CSVFormat()
        format.encoding = .gb18030
        #expect(try read(bytes, format: format).values == [0, 1])
    }

    @Test func scoresOfAnyPrecisionStayExact() throws {
        let values = [0.1 + 0.2, 1.0 / 3, 0.123456789, 0.5, 0]
        let table = WordTable(words: values.enumerated().map { (Array("w\($0)".utf8), $1) })
        let text = "id,w\n" + (0..<500).map { "\($0),\($0 % 7 == 6 ? "" : "w\($0 % 5)")\n" }.joined()
        for blockByteCount in [40, 1 << 16] {
            let found = try read(Array(text.utf8), table, blockByteCount: blockByteCount).values
            for (row, value) in found.enumerated() {
                #expect(row % 7 == 6 ? value.isNaN : value == values[row % 5])
            }
        }
    }

    @Test(arguments: 0..<8)
    func randomColumnsAreReadAsWordByWord(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let words = (0..<60).map { "w\($0 * seed)é\(String(repeating: "x", count: $0 % 17))" }
        let known = Dictionary(words.enumerated().map { ($1, Double($0) / 64) }) { first, _ in first }
        let table = WordTable(words: words.map { (Array($0.utf8), known[$0]!) })
        let cells = (0..<3_000).map { _ in random.integer(in: 0...9) == 0 ? "" : words[random.integer(in: 0...59)] }
        let text = "id,w\n" + cells.enumerated().map { "\($0),\($1)\n" }.joined()
        let found = try read(Array(text.utf8), table, blockByteCount: 700).values
        #expect(found.count == cells.count)
        for (cell, value) in zip(cells, found) { #expect(cell.isEmpty ? value.isNaN : value == known[cell]) }
    }
}

import Foundation
import Tables
import Testing
import VectorMath

@testable import TableIO

/// Comments, preambles, delimiters and several inputs.
struct InputFormsTests {
    typealias Reading = CSVReaderTests.Reading

    static func format(_ change: (inout CSVFormat) -> Void) -> CSVFormat {
        var format = CSVFormat()
        change(&format)
        return format
    }

    static let commented = format { $0.commentByte = UInt8(ascii: "#") }

    static func source(_ text: String, _ name: String = "memory") throws -> InputSource {
        try InputSource(bytes: Array(text.utf8), name: name)
    }

    // Comments

    @Test(arguments: [
        "# made by a tool\n#\n\nid,a,b\n#,1,2\n1,2,3\n#x,y,z\n#\"open,1,2\n4,5,6\n# end",
        "id,a,b\r\n#1,2,3\r\n1,2,3\r\n#\r\n2,2,3\r\n",
        "id,a,b\r#1,2,3\r1,2,3\r#,,\r#\r2,2,3\r",
        "id,a,b\n\"p\n#,1,2\nq\",3,4\n#,1,2\n5,\"\n#6\",7\n8,9,1\n",
        "id,a,b\n1,\"open\n#2,3,4\n5,6,7\n",
        "id,a,b\n1,\"abc,2\n#c\n2,\"def\",3\n#\"\n3,x,5\n#,,,\n4,1,1\n4,#,1\n #,1,1\n",
        "id,a,b\n" + String(repeating: "#,1,1\nk,1,1\n", count: 50),
        "#only comments\n#\nid,a,b",
    ])
    func commentLinesAreNoRecordsForAnyBlockSizeAndThreadCount(_ text: String) throws {
        try CSVReaderTests.expectSame(text, blocks: Array(1...64) + [1 << 16], format: Self.commented)
    }

    @Test(arguments: 0..<30)
    func commentsAmongRandomRecordsGiveTheOnePassResult(_ seed: Int) throws {
        var random = RandomBits(seed: UInt64(seed))
        let lines = [
            "#", "#1,2,3", "# \"x", "#\"a,b\"", "7,8,9", "\"m\n#,1,1\n\",1,2", "x", "\"#1\",2,3", ",#,", "1,\"#\"x,2",
            "",
        ]
        var text = "#before\nid,a,b\n"
        for row in 0..<Int(random.next() % 150) {
            let line = lines[Int(random.next() % UInt64(lines.count))]
            text += random.next() % 2 == 0 ? "k\(row),\(row % 70),2\n" : line + "\n"
        }
        try CSVReaderTests.expectSame(
            text, blocks: [1, 3, 17, 64, 100, 257, 1 << 16], "seed \(seed)", format: Self.commented)
    }

    @Test func withoutTheOptionAHashIsAByteLikeAnyOther() throws {
        let result = try CSVReaderTests.reading(Self.source("id,a,b\n#1,2,3\n"), block: 64, threads: 1)
        #expect(result.ids == [Array("#1".utf8)])
    }

    @Test func commentLinesAreCounted() throws {
        let text = "#\nid,a,b\n#1\n1,2,3\n\"#2\",2,3\n#3"
        for block in 1...40 {
            let result = try CSVReaderTests.reading(
                Self.source(text), block: block, threads: 2, format: Self.commented)
            #expect(result.inputs.map(\.commentCount) == [3])
            #expect(result.recordCount == 2)
        }
    }

    // What stands before the header

    @Test func skippedLinesKeepLineNumbersTrue() throws {
        let text = "Report of \"May\nunits,CNY\r\n\nid,a,b\n1,2,3\n2,x,3\n"
        let format = Self.format { $0.skippedLineCount = 3 }
        for block in 1...64 {
            for threads in [1, 2, 7] {
                let result = try CSVReaderTests.reading(
                    Self.source(text), block: block, threads: threads, format: format)
                #expect(result.ids == [Array("1".utf8)])
                #expect(result.rejects.map(\.line) == [6])
                #expect(result.rejects.map(\.byteOffset) == [text.utf8.count - 6])
            }
        }
    }

    @Test(arguments: ["sep=;\n", "\u{FEFF}sep=;\r\n", "\"sep=;\"\n"])
    func theLineOfExcelIsObeyedAndRemoved(_ first: String) throws {
        for format in [CSVFormat(), Self.format { $0.skippedLineCount = 1 }, Self.format { $0.picksDelimiter = true }] {
            for block in [1, 5, 64] {
                let result = try CSVReaderTests.reading(
                    Self.source(first + "id;a;b\n1;2;3\nx,y;4;z\n"), block: block, threads: 2, format: format)
                #expect(result.ids == [Array("1".utf8)])
                #expect(result.values == [[2, 3]])
                #expect(result.rejects.map(\.line) == [4])
            }
        }
    }

    @Test func aSeparatorThatCannotBeOneIsRefused() throws {
        for text in ["sep=1\n", "sep=\"\n", "sep=e\n"] {
            #expect { _ = try CSVReader(source: Self.source(text + "id\n"), identifier: "id", columns: []) } throws: {
                ($0 as? TableIOError)?.kind == .badHeader
            }
        }
    }

    @Test func skippingMoreThanThereIsLeavesNoHeader() throws {
        let format = Self.format { $0.skippedLineCount = 9 }
        #expect {
            _ = try CSVReader(source: Self.source("id\n1\n"), format: format, identifier: "id", columns: [])
        } throws: {
            ($0 as? TableIOError)?.kind == .emptyInput
        }
    }

    @Test func aLongPreambleIsPassedOver() throws {
        let text = String(repeating: "#" + String(repeating: "x", count: 99) + "\n", count: 2000) + "id,a,b\n1,2,3\n"
        for isStream in [false, true] {
            let source = try isStream ? pulled(Array(text.utf8), pieceSize: 4096) : Self.source(text)
            let result = try CSVReaderTests.reading(source, block: 1 << 12, threads: 2, format: Self.commented)
            #expect(result.ids == [Array("1".utf8)])
            #expect(result.inputs[0].lineCount == 2002)
        }
    }

    // Delimiters

    @Test(arguments: [",", ";", "\t", "|"])
    func theDelimiterIsPickedByTheHeader(_ delimiter: String) throws {
        let text = "id,a,\"b,;c\",b\n1,2,x,3\n".replacingOccurrences(of: ",", with: delimiter)
        let format = Self.format { $0.picksDelimiter = true }
        let result = try CSVReaderTests.reading(Self.source(text), block: 8, threads: 2, format: format)
        #expect(result.values == [[2, 3]])
        #expect(result.inputs.map(\.pickedDelimiter) == [delimiter.utf8.first])
    }

    @Test func aMissingColumnTellsTheDelimiterThatWouldGiveIt() throws {
        #expect {
            _ = try CSVReader(source: Self.source("id;revenue, net;b\n"), identifier: "id", columns: [])
        } throws: { "\($0)".contains("the delimiter is likely ';'") }
    }

    // Several inputs

    /// Three inputs whose columns stand in different places, and one whose rows are all of them.
    static func parts(_ seed: Int) -> (texts: [String], whole: String, places: [(input: Int, line: Int)]) {
        var random = RandomBits(seed: UInt64(seed))
        var texts = ["id,a,b\n", "note,b,id,a\n", "# x\nb,a,id\n"]
        var whole = "id,a,b\n"
        var places: [(Int, Int)] = []
        for input in 0..<3 {
            let headerLines = input == 2 ? 2 : 1
            for row in 0..<Int(random.next() % 40) {
                let id = random.next() % 12 == 0 ? "" : "k\(random.next() % 60)"
                // At most one fault a row: which of two counts hangs on the order of the columns.
                let a = !id.isEmpty && random.next() % 10 == 0 ? "x" : "\(random.next() % 100)"
                let b = "\(random.next() % 100)"
                whole += "\(id),\(a),\(b)\n"
                texts[input] += ["\(id),\(a),\(b)\n", "\"n,\"\"\",\(b),\(id),\(a)\n", "\(b),\(a),\(id)\n"][input]
                places.append((input, headerLines + row + 1))
            }
        }
        return (texts, whole, places)
    }

    @Test(arguments: 0..<12)
    func severalInputsAreReadAsTheirConcatenation(_ seed: Int) throws {
        let (texts, whole, places) = Self.parts(seed)
        let expected = try CSVReaderTests.reference(whole)
        for block in Array(1...64) + [1 << 16] {
            for threads in [1, 2, 7] {
                let sources = try texts.enumerated().map { input, text in
                    input == 1 && block % 2 == 0
                        ? try pulled(Array(text.utf8), pieceSize: 3) : try Self.source(text, "part \(input)")
                }
                let result = try CSVReaderTests.reading(
                    sources, block: block, threads: threads, keep: threads != 2, format: Self.commented)
                #expect(result.ids == expected.ids)
                #expect(result.values == expected.values)
                #expect(result.rejects.map(\.reason) == expected.rejects.map { reject in reject.reason })
                let found = result.rejects.map { [$0.input, $0.line] }
                #expect(found == expected.rejects.map { [places[$0.record - 1].input, places[$0.record - 1].line] })
                for reject in result.rejects {
                    // The bytes stand where the reject says, in its own input.
                    let bytes = Array(texts[reject.input].utf8)
                    #expect(Array(bytes[reject.byteOffset...].prefix(reject.raw.count)) == reject.raw)
                }
            }
        }
    }

    @Test func aColumnMissingInOneInputNamesIt() throws {
        let sources = [try Self.source("id,a,b\n", "one"), try Self.source("id,b\n", "two")]
        #expect { _ = try CSVReader(sources: sources, identifier: "id", columns: CSVReaderTests.columns) } throws: {
            let error = $0 as? TableIOError
            return error?.kind == .missingColumn && error?.path == "two" && error?.column == "a"
        }
    }

    @Test func allColumnsMeansTheSameOnesInEveryInput() throws {
        let sources = [try Self.source("id,a\n1,2\n", "one"), try Self.source("id,b,a\n2,3,4\n", "two")]
        #expect { _ = try CSVReader(sources: sources, identifier: nil, columns: nil) } throws: {
            let error = $0 as? TableIOError
            return error?.kind == .badHeader && error?.path == "two" && error?.column == "b"
        }
    }

    @Test func anInputWithoutRecordsCountsZero() throws {
        let sources = try ["id,a,b\n", "id,a,b\n1,2,3\n", "id,a,b"].map { try Self.source($0) }
        let result = try CSVReaderTests.reading(sources, block: 4, threads: 2)
        #expect(result.inputs.map(\.recordCount) == [0, 1, 0])
        #expect(result.inputs.allSatisfy { $0.checksum != nil })
    }

    @Test func aQuoteThatIsOpenAtTheEndOfAnInputIsItsOwn() throws {
        for block in 1...40 {
            let sources = [
                try Self.source("id,a,b\n1,2,3\n2,\"x,3\n", "one"), try Self.source("id,a,b\n4,\"5\",6\n", "two"),
            ]
            #expect {
                _ = try CSVReader(sources: sources, identifier: "id", columns: [], blockByteCount: block)
                    .readTable(workers: Workers(threadCount: 2))
            } throws: {
                let error = $0 as? TableIOError
                return error?.kind == .openQuote && error?.path == "one" && error?.line == 3
            }
        }
    }

    @Test func theSameFileTwiceIsRefused() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/a.csv"
        try Data("id,a,b\n1,2,3\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/b.csv", withDestinationPath: path)
        let sources = [try InputSource(path: path), try InputSource(path: folder.path + "/b.csv")]
        #expect { _ = try CSVReader(sources: sources, identifier: "id", columns: []) } throws: {
            ($0 as? TableIOError)?.kind == .duplicateInput
        }
    }

    @Test(arguments: [(3, false), (4, true), (2, true), (0, true)])
    func theExpectedNumberOfRecordsIsChecked(count: Int, fails: Bool) throws {
        var options = ReadOptions()
        options.rejectLimit = .share(1)
        options.expectedRecordCount = count
        let sources = try ["id,a,b\n1,2,3\n2,x,3\n", "id,a,b\n3,2,3\n"].map { try Self.source($0) }
        let reader = try CSVReader(sources: sources, identifier: "id", columns: CSVReaderTests.columns)
        if fails {
            #expect { _ = try reader.readTable(workers: Workers(threadCount: 1), options: options) } throws: {
                ($0 as? TableIOError)?.kind == .rowCountMismatch && "\($0)".contains("3 records, \(count) expected")
            }
        } else {
            #expect(try reader.readTable(workers: Workers(threadCount: 1), options: options).table.rowCount == 2)
        }
    }
}

import Tables
import TestSupport
import Testing
import VectorMath

@testable import TableIO

struct LabelColumnTests {
    private func labels(
        _ text: String, blockByteCount: Int = 1 << 16, threads: Int = 2, nullWords: [String] = []
    ) throws -> [String] {
        var format = CSVFormat()
        format.nullWords = nullWords.map { Array($0.utf8) }
        let reader = try CSVReader(
            sources: [InputSource(bytes: Array(text.utf8), name: "t")], format: format, identifier: "id",
            columns: [ColumnRequest(name: "n")], labels: ["region"], blockByteCount: blockByteCount)
        var options = ReadOptions()
        options.blockByteCount = blockByteCount
        options.rejectLimit = .share(1)
        let (table, _) = try reader.readTable(workers: Workers(threadCount: threads), options: options)
        return table.batches.flatMap { batch in
            batch.labels[0].codes.map { String(decoding: batch.labels[0].texts[Int($0)], as: UTF8.self) }
        }
    }

    @Test func textsAreReadAsTheyStandWithoutBlanksAndQuotes() throws {
        let text =
            "id,region,n\n1,north,1\n2, north ,2\n3,\"w, \"\"x\"\" \",3\n4,,4\n5,大区一号长长长长,5\n6,  ,6\n7,NA,7\n8,é,8\n"
        #expect(
            try labels(text, nullWords: ["NA"]) == ["north", "north", "w, \"x\"", "", "大区一号长长长长", "", "", "é"])
    }

    @Test func rejectedRecordsTakeTheirTextsAlong() throws {
        let text = "id,region,n\n1,a,1\n2,b,x\n3,c,3\n1,d,4\n5,e,5\n"
        #expect(try labels(text) == ["a", "c", "e"])
    }

    @Test(arguments: 0..<6)
    func blocksAndThreadsChangeNoText(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let texts = (0..<400).map { _ in
            String(repeating: "ab", count: generator.integer(in: 0...6)) + String(generator.integer(in: 0...30))
        }
        let csv = "id,region,n\n" + texts.enumerated().map { "\($0),\($1),1\n" }.joined()
        for threads in everyThreadCount {
            for blockByteCount in [1, 17, 300, 1 << 16] {
                #expect(try labels(csv, blockByteCount: blockByteCount, threads: threads) == texts)
            }
        }
    }

    @Test func moreTextsThanCodesAreTold() {
        let text = (0..<70_000).map { "\($0),x\($0),1\n" }.joined()
        let reader = try? CSVReader(
            sources: [InputSource(bytes: Array(("id,region,n\n" + text).utf8), name: "t")], identifier: "id",
            columns: [], labels: ["region"], blockByteCount: 4 << 20)
        var options = ReadOptions()
        options.blockByteCount = 4 << 20
        let table = try? reader?.readTable(workers: Workers(threadCount: 1), options: options).table
        #expect(table?.batches.contains { $0.labels[0].isOverfull } == true)
    }
}

struct IdentifierIndexTests {
    private func identifiers(_ ids: [String]) -> Identifiers {
        var bytes: [UInt8] = []
        let ends = ids.map { id -> UInt32 in
            bytes += Array(id.utf8)
            return UInt32(bytes.count)
        }
        return Identifiers(bytes: bytes, ends: ends)
    }

    @Test(arguments: 0..<8)
    func everyIdIsFoundInItsRowAndNoOther(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let count = seed == 0 ? 0 : seed == 1 ? 1 : generator.integer(in: 2...9_000)
        let known = (0..<count).map { "k\(String(repeating: "é", count: $0 % 9))\($0)" }
        let rows = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
        var asked = known + (0..<50).map { "unknown\($0)" } + [""]
        if seed % 2 == 0 { asked.shuffle(using: &generator) }
        let cut = count / 3
        let parts = [identifiers(Array(known[..<cut])), identifiers([]), identifiers(Array(known[cut...]))]
        for threadCount in everyThreadCount {
            let index = IdentifierIndex(parts, workers: Workers(threadCount: threadCount))
            var found: [Int?] = []
            index.find(identifiers(asked), near: seed) { row, place in
                #expect(row == found.count)
                found.append(place)
            }
            #expect(found == asked.map { rows[$0] })
        }
    }

    /// More rows than are hashed together, asked for in groups, with strangers among them.
    @Test func manyIdsInAnyOrderAreFoundInGroups() {
        let count = 140_000
        let index = IdentifierIndex(
            [identifiers((0..<count).map { "C\($0)" })], workers: Workers(threadCount: 2))
        var generator = RepeatableGenerator(seed: 3)
        var wanted = (0..<2_000).map { _ in generator.integer(in: 0...count + 999) }
        // Runs in order between, as an export with a few customers moved has them.
        wanted += Array(70_000..<70_600)
        var found: [Int?] = []
        index.find(identifiers(wanted.map { "C\($0)" })) { _, place in found.append(place) }
        #expect(found == wanted.map { $0 < count ? $0 : nil })
    }
}

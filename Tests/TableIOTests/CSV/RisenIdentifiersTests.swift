import Tables
import Testing
import VectorMath

@testable import TableIO

struct RisenIdentifiersTests {
    private static func texts(_ texts: [String]) -> Identifiers {
        IdentifierSetTests.identifiers(texts.map { Array($0.utf8) })
    }

    private static func expectKept(_ ids: Identifiers, byteLimit: Int? = nil) {
        let risen = RisenIdentifiers(ids)
        let (kept, wanted) = (risen.fingerprints, IdentifierFingerprints(ids))
        #expect(kept.lows == wanted.lows && kept.highs == wanted.highs)
        #expect(risen.byteCount <= byteLimit ?? 12 * ids.count)
    }

    @Test func numberedIDsTakeNothing() {
        for (count, prefix, digits) in [(100_000, "C", 9), (1_000, "", 4), (3, "客户-", 2)] {
            let ids = (0..<count).map { number in
                prefix + String(repeating: "0", count: digits - String(number).count) + String(number)
            }
            Self.expectKept(Self.texts(ids), byteLimit: 24)
        }
    }

    @Test func idsThatAreNotNumberedOneByOneAreKept() {
        Self.expectKept(Self.texts([]))
        Self.expectKept(Self.texts(["a"]))
        Self.expectKept(Self.texts(["9", "a", "a9", "b0", "b09", "b10", "b99", "c00", "c000", "c001"]))
        Self.expectKept(Self.texts(["/9", "00", "09", "0:", "1", "9", "99", "A", "AA", "AAA"]))
        Self.expectKept(Self.texts((0..<500).map { "key-\(100_000 + 37 * $0)" }), byteLimit: 3_000)
    }

    @Test(arguments: 2...35)
    func aNumberThatCountsUpBehindAnotherPrefixIsKept(length: Int) {
        for place in 0..<length - 1 {
            var id = [UInt8](repeating: UInt8(ascii: "a"), count: length - 1)
            let first = id + [UInt8(ascii: "0")]
            id[place] += 1
            Self.expectKept(IdentifierSetTests.identifiers([first, id + [UInt8(ascii: "1")]]), byteLimit: 80)
        }
    }

    /// Ids of few letters, so that many are prefixes of others, sorted and each once.
    @Test(arguments: 0..<40)
    func anyRisingIDsReadBack(seed: UInt64) {
        var random = RandomBits(seed: seed)
        var ids: Set<[UInt8]> = []
        for _ in 0..<300 {
            ids.insert((0..<1 + Int(random.next() % 20)).map { _ in UInt8(0x30 + random.next() % 11) })
        }
        Self.expectKept(IdentifierSetTests.identifiers(ids.sorted { $0.lexicographicallyPrecedes($1) }))
    }

    @Test(arguments: [0, 17, 2_999])
    func anEarlierIDIsFoundAfterAllHaveRisen(row: Int) throws {
        let ids = (0..<3_000).map { "C\(100_000 + $0)" }
        let text = "id,a\n" + (ids + ["D", ids[row]]).map { $0 + ",1\n" }.joined()
        for blockByteCount in [64, 1_000, 1 << 20] {
            let reader = try CSVReader(
                source: InputSource(bytes: Array(text.utf8), name: "memory"), identifier: "id",
                columns: [ColumnRequest(name: "a")], blockByteCount: blockByteCount)
            var options = ReadOptions()
            options.blockByteCount = blockByteCount
            let statistics = try reader.forEachBatch(workers: .init(threadCount: 2), options: options) { _, _ in
            } deliver: { _ in
            }
            #expect(statistics.rejectCounts == [.duplicateID: 1] && statistics.acceptedCount == 3_001)
        }
    }
}

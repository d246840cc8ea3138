import Tables
import Testing

struct TableTests {
    static func batch(_ ids: [String]) -> Batch {
        var bytes: [UInt8] = []
        let ends = ids.map { id -> UInt32 in
            bytes += id.utf8
            return UInt32(bytes.count)
        }
        return Batch(
            identifiers: Identifiers(bytes: bytes, ends: ends),
            columns: [NumberColumn(values: ids.indices.map(Double.init))])
    }

    @Test func rowOffsetsCountTheRowsBeforeEachBatch() {
        let table = Table(columnNames: ["a"], batches: [Self.batch(["x", "yy"]), Self.batch([]), Self.batch(["z"])])
        #expect(table.rowOffsets == [0, 2, 2, 3])
        #expect(table.rowCount == 3)
        #expect(Table(columnNames: [], batches: []).rowCount == 0)
    }

    @Test func identifiersKeepTheirBytes() {
        let batch = Self.batch(["客户", "", "e\u{301}", "\u{E9}"])
        #expect(batch.identifiers[0].elementsEqual("客户".utf8))
        #expect(batch.identifiers[1].isEmpty)
        #expect(!batch.identifiers[2].elementsEqual(batch.identifiers[3]))
        let selected = batch.selecting([3, 0])
        #expect(selected.rowCount == 2)
        #expect(selected.identifiers[0].elementsEqual("\u{E9}".utf8))
        #expect(selected.identifiers[1].elementsEqual("客户".utf8))
        #expect(selected.columns[0][0] == 3)
    }
}

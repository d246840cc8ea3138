import TableIO
import Testing

struct RejectsWriterTests {
    let folder = TemporaryFolder()

    private func written(_ rejects: [Reject], spreadsheetSafe: Bool = false) throws -> String {
        let transaction = OutputTransaction(replacesExisting: true)
        let writer = RejectsWriter(
            try transaction.create(folder.file("rejects.csv")), spreadsheetSafe: spreadsheetSafe)
        for reject in rejects { try writer.append(reject) }
        try writer.flush()
        #expect(writer.count == rejects.count)
        try transaction.commit()
        return String(decoding: try #require(folder.read("rejects.csv")), as: UTF8.self)
    }

    private func reject(_ raw: [UInt8], file: String = "in.csv") -> Reject {
        Reject(file: file, line: 12, record: 9, byteOffset: 345, column: "spend", reason: "invalid_number", raw: raw)
    }

    @Test func aRejectIsTraceableToItsLineAndBytes() throws {
        var whole = reject(Array("C1,\"x\",y".utf8), file: "a,b.csv")
        whole.column = nil
        #expect(
            try written([reject(Array("C1;abc".utf8)), whole])
                == """
                file,line,record,byte_offset,column,reason,raw
                in.csv,12,9,345,spend,invalid_number,C1;abc
                "a,b.csv",12,9,345,,invalid_number,"C1,""x"",y"

                """)
    }

    @Test func withoutRejectsTheHeaderStands() throws {
        #expect(try written([]) == "file,line,record,byte_offset,column,reason,raw\n")
    }

    @Test func bytesThatAreNoTextAreShown() throws {
        let text = try written([reject([0x41, 0, 0xFF, 0xE5, 0xAE, 0xA2, 0x1B])])
        #expect(text.hasSuffix(",A\\x00\\xFF客\u{1B}\n"))
    }

    @Test func aLongRecordIsCutBetweenCharactersWithAMark() throws {
        for lead in 0...3 {
            let raw = [UInt8](repeating: 0x41, count: lead) + Array(String(repeating: "客", count: 2000).utf8)
            let text = try written([reject(raw)])
            let kept = String(repeating: "A", count: lead) + String(repeating: "客", count: (4096 - lead) / 3)
            #expect(text.hasSuffix(",\(kept) [cut: \(raw.count) bytes in all]\n"))
        }
        let exact = [UInt8](repeating: 0x41, count: 4096)
        #expect(try written([reject(exact)]).hasSuffix(",A" + String(repeating: "A", count: 4095) + "\n"))
    }

    @Test func formulasAreGuardedOnDemand() throws {
        #expect(try written([reject(Array("=1+1".utf8))], spreadsheetSafe: true).hasSuffix(",'=1+1\n"))
    }

    @Test func manyRejectsAreWrittenAsTheyCome() throws {
        let text = try written((0..<5000).map { _ in reject(Array("C1;abc".utf8)) })
        #expect(text.split(separator: "\n").count == 5001)
    }
}

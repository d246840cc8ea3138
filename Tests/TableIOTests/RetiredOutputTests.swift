import Glibc
import TableIO
import Testing

/// Outputs of an earlier run that those of a later one take the place of under other names.
struct RetiredOutputTests {
    private let folder = TemporaryFolder()

    private func transaction(_ inputs: [FileIdentity] = []) -> OutputTransaction {
        OutputTransaction(replacesExisting: true, inputs: inputs)
    }

    @Test func aRetiredFileGoesAtTheCommitAndNotBefore() throws {
        let old = folder.write([7], to: "a.csv")
        let transaction = transaction()
        #expect(try transaction.retire(old))
        #expect(try !transaction.retire(folder.file("b.csv")))
        try transaction.create(folder.file("a.csv.gz")).append([1])
        #expect(folder.read("a.csv") == [7])
        try transaction.commit()
        #expect(folder.names == ["a.csv.gz"])
    }

    @Test func itStaysWhenTheCommitFails() throws {
        let old = folder.write([7], to: "a.csv")
        let transaction = transaction()
        #expect(try transaction.retire(old))
        try transaction.create(folder.file("a.csv.gz")).append([1])
        #expect(mkdir(folder.file("a.csv.gz"), 0o700) == 0)
        #expect(throws: TableIOError.self) { try transaction.commit() }
        #expect(folder.names == ["a.csv", "a.csv.gz"])
        #expect(folder.read("a.csv") == [7])
    }

    @Test func itIsRefusedWithoutForceAndAsAnInput() throws {
        let old = folder.write([7], to: "a.csv")
        let unforced = #expect(throws: TableIOError.self) { try OutputTransaction().retire(old) }
        #expect(unforced?.kind == .outputExists)
        let identity = try #require(try InputSource(path: old).identity)
        let asInput = #expect(throws: TableIOError.self) { try transaction([identity]).retire(old) }
        #expect(asInput?.kind == .outputIsInput)
        #expect(folder.read("a.csv") == [7])
    }

    @Test func aLinkGoesAndWhatItLeadsToStays() throws {
        folder.write([7], to: "kept")
        #expect(symlink("kept", folder.file("a.csv")) == 0)
        let transaction = transaction()
        #expect(try transaction.retire(folder.file("a.csv")))
        try transaction.create(folder.file("new")).append([1])
        try transaction.commit()
        #expect(folder.names == ["kept", "new"] && folder.read("kept") == [7])
    }

    @Test func whatADeadProcessSetAsideIsRemoved() throws {
        folder.write([7], to: ".a.csv.stratum-999999999-abc.tmp")
        #expect(try !transaction().retire(folder.file("a.csv")))
        #expect(folder.names.isEmpty)
    }
}

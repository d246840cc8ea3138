import Glibc
import TableIO
import Testing

struct SHA256Tests {
    private let folder = TemporaryFolder()

    /// What `sha256sum` prints for the folder's file.
    private func reference(_ name: String) throws -> String {
        let pipe = try #require(popen("sha256sum '\(folder.file(name))'", "r"))
        defer { pclose(pipe) }
        var line = [UInt8](repeating: 0, count: 64)
        #expect(fread(&line, 1, 64, pipe) == 64)
        return String(decoding: line, as: UTF8.self)
    }

    private func read(_ source: InputSource, inPiecesOf byteCount: Int) throws {
        var piece = [UInt8](repeating: 0, count: byteCount)
        while try piece.withUnsafeMutableBytes({ try source.read(into: $0) }) > 0 {}
    }

    /// FIPS 180-4's examples (NIST, "Secure Hashing: Example Values").
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func publishedExamplesHaveTheirDigest(text: String, digest: String) throws {
        let source = try InputSource(bytes: Array(text.utf8), name: "memory", sha256: true)
        try read(source, inPiecesOf: 5)
        #expect(try source.sha256() == digest)
    }

    @Test(arguments: [1, 300_000, 3_000_000])
    func aFileReadAtOffsetsHasTheDigestOfSha256sum(byteCount: Int) throws {
        let path = folder.write(sampleText(byteCount: byteCount), to: "a.csv")
        let source = try InputSource(path: path, sha256: true)
        var piece = [UInt8](repeating: 0, count: 100_000)
        // From the end: blocks come in any order.
        for offset in stride(from: byteCount - byteCount % piece.count, through: 0, by: -piece.count) {
            _ = try piece.withUnsafeMutableBytes { try source.read(into: $0, at: offset) }
        }
        #expect(try source.sha256() == reference("a.csv"))
        #expect(try InputSource(path: path).sha256() == nil)
    }

    @Test func aPackedFileHasTheDigestOfItsStoredBytes() throws {
        let transaction = OutputTransaction()
        let output = try transaction.create(folder.file("a.csv.gz"), compression: .gzip, threadCount: 2)
        try output.append(sampleText(byteCount: 2_000_000))
        try transaction.commit()
        let source = try InputSource(path: folder.file("a.csv.gz"), sha256: true)
        try read(source, inPiecesOf: 70_000)
        #expect(try source.sha256() == reference("a.csv.gz"))
    }

    @Test func aFileThatIsCutMeanwhileHasNone() throws {
        let path = folder.write(sampleText(byteCount: 500_000), to: "a.csv")
        let source = try InputSource(path: path, sha256: true)
        #expect(truncate(path, 1_000) == 0)
        let error = #expect(throws: TableIOError.self) { try source.sha256() }
        #expect(error?.kind == .inputChanged)
    }

    @Test(arguments: [nil, OutputCompression.gzip, .zstd])
    func anOutputHasTheDigestOfSha256sum(compression: OutputCompression?) throws {
        let transaction = OutputTransaction(sha256: true)
        let output = try transaction.create(folder.file("out"), compression: compression, threadCount: 2)
        let empty = try transaction.create(folder.file("empty"))
        for _ in 0..<40 { try output.append(sampleText(byteCount: 50_000)) }
        for file in [output, empty] { try file.finish() }
        let digests = try [output, empty].map { try $0.sha256() }
        try transaction.commit()
        #expect(try digests == [reference("out"), reference("empty")])
    }

    @Test func whatIsWrittenInPlaceIsDigestedAsItPasses() throws {
        let transaction = OutputTransaction(sha256: true)
        let device = try transaction.create("/dev/null")
        try device.append(Array("ab".utf8))
        try device.append(Array("c".utf8))
        #expect(try device.sha256() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        try transaction.commit()
    }
}

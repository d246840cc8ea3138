import TableIO
import Testing

struct PackedOutputTests {
    let folder = TemporaryFolder()

    /// Writes `bytes` in appends of `step` and returns the file.
    private func packed(
        _ bytes: [UInt8], _ compression: OutputCompression, step: Int, threadCount: Int
    ) throws -> [UInt8] {
        let transaction = OutputTransaction(replacesExisting: true, isSynced: false)
        let output = try transaction.create(
            folder.file("out"), compression: compression, threadCount: threadCount)
        var position = 0
        while position < bytes.count {
            try output.append(Array(bytes[position..<min(bytes.count, position + step)]))
            position += step
        }
        try output.finish()
        let (byteCount, checksum) = (output.byteCount, output.checksum)
        try transaction.commit()
        let file = try #require(folder.read("out"))
        #expect(byteCount == file.count)
        #expect(checksum == XXH3Tests.checksum(file))
        return file
    }

    @Test(arguments: OutputCompression.allCases)
    func readBackItIsWhatWasWritten(compression: OutputCompression) throws {
        for byteCount in [0, 1, 1000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_000] {
            let bytes = sampleText(byteCount: byteCount)
            let file = try packed(bytes, compression, step: 300_000, threadCount: 2)
            let source = try InputSource(bytes: file, name: "x")
            #expect(source.compression.rawValue == (compression == .gzip ? "gzip" : "zstd"))
            #expect(try source.readAll() == bytes, "\(byteCount)")
        }
        // Bytes that cannot be packed take little more than themselves.
        var generator = SplitMix(seed: 1)
        let noise = (0..<3_000_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let file = try packed(noise, compression, step: 1 << 20, threadCount: 2)
        #expect(file.count < noise.count + noise.count / 100)
        #expect(try InputSource(bytes: file, name: "x").readAll() == noise)
    }

    @Test(arguments: OutputCompression.allCases)
    func theBytesDependOnTheContentAlone(compression: OutputCompression) throws {
        let bytes = sampleText(byteCount: 7_000_000)
        let expected = try packed(bytes, compression, step: bytes.count, threadCount: 1)
        for (step, threadCount) in [(1 << 20, 2), (777_777, 7), (65_536, 3), (bytes.count, 16)] {
            #expect(try packed(bytes, compression, step: step, threadCount: threadCount) == expected)
        }
    }

    @Test func aGzipHeaderHasNoTimeAndNoName() throws {
        let file = try packed([0x41], .gzip, step: 1, threadCount: 1)
        #expect(Array(file.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
    }

    @Test func anAbandonedOutputStopsPacking() throws {
        for count in [1, 3 << 20, 20 << 20] {
            let transaction = OutputTransaction()
            let output = try transaction.create(folder.file("gone"), compression: .zstd, threadCount: 4)
            try output.append(sampleText(byteCount: count))
            transaction.abandon()
            #expect(folder.read("gone") == nil)
        }
    }

    @Test func aFullDiskIsToldAtTheLatestByFinish() throws {
        let transaction = OutputTransaction()
        let output = try transaction.create("/dev/full", compression: .gzip)
        let error = #expect(throws: TableIOError.self) {
            try output.append(sampleText(byteCount: 100))
            try output.finish()
        }
        #expect(error?.kind == .noSpace)
        #expect(throws: TableIOError.self) { try transaction.commit() }
    }

    @Test func theNameTellsThePacking() {
        #expect(OutputCompression(path: "a/scores.csv.gz") == .gzip)
        #expect(OutputCompression(path: "scores.csv.zst") == .zstd)
        for path in ["scores.csv", "-", "gz", "scores.gz/x", "scores.csv.GZ", ""] {
            #expect(OutputCompression(path: path) == nil)
        }
    }
}

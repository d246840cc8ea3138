import TableIO
import Testing

struct UnpackedStreamTests {
    /// Text over several looks at the limit.
    private static let text = sampleText(byteCount: 9_000_000)
    private static let packed = CompressedStreamTests.gzip(text)

    @Test func checksumAndCountAreThoseOfTheStoredBytes() throws {
        let source = try InputSource(bytes: Self.packed, name: "x")
        #expect(source.rawByteCount == 0)
        #expect(try source.readAll(bufferSize: 777_777) == Self.text)
        #expect(source.rawByteCount == Self.packed.count)
        #expect(source.checksum == XXH3Tests.checksum(Self.packed))
    }

    @Test func whatStandsBeforeADamageIsReadFirst() throws {
        let source = try InputSource(bytes: Array(Self.packed.dropLast(4)), name: "x")
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        #expect(try buffer.withUnsafeMutableBytes { try source.read(into: $0) } == 1 << 20)
        #expect(buffer == Array(Self.text.prefix(1 << 20)))
        for _ in 0..<2 {
            let error = #expect(throws: TableIOError.self) { while try source.readAll().count > 0 {} }
            #expect(error?.kind == .cutStream)
        }
    }

    @Test func aBombEndsAtItsLimit() throws {
        // 100 MB of one byte in 100 KB; the ratio counts from 64 MiB on.
        let bomb = CompressedStreamTests.zstd([UInt8](repeating: 0x0A, count: 100_000_000))
        let error = #expect(throws: TableIOError.self) { try InputSource(bytes: bomb, name: "x").drain() }
        #expect(error?.kind == .decompressedTooLarge)
        #expect(error?.category == .resourceLimit)
        // A size that is given stands in place of the ratio.
        let limits = [(99_999_999, false), (100_000_000, true), (1, false)]
        for (limit, fits) in limits {
            let source = try InputSource(bytes: bomb, name: "x", limit: DecompressionLimit(byteCount: limit))
            if fits {
                #expect(try source.drain() == 100_000_000)
            } else {
                #expect(throws: TableIOError.self) { try source.drain() }
            }
        }
    }
}

extension InputSource {
    /// Reads to the end and keeps nothing; returns the number of bytes.
    fileprivate func drain() throws -> Int {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var total = 0
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read(into: $0) }
            total += count
            if count < buffer.count { return total }
        }
    }
}

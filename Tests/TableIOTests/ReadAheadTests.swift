import Glibc
import Synchronization
import TableIO
import Testing

struct ReadAheadTests {
    /// Text over several pieces, so that the thread has to wait for its reader.
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

    @Test func aSourceLetGoInTheMiddleLeavesNoThread() throws {
        // The function counts; after the source is gone nobody may call it any more.
        let calls = Atomic(0)
        nonisolated(unsafe) var position = 0
        do {
            let source = try InputSource(name: "x") { buffer throws(TableIOError) in
                calls.add(1, ordering: .relaxed)
                let count = min(100_000, buffer.count, Self.packed.count - position)
                buffer.copyBytes(from: Self.packed[position..<position + count])
                position += count
                return count
            }
            var buffer = [UInt8](repeating: 0, count: 10)
            _ = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        }
        let count = calls.load(ordering: .relaxed)
        usleep(20_000)
        #expect(calls.load(ordering: .relaxed) == count)
        #expect(position < Self.packed.count)
    }

    @Test func aSourceThatWaitsForAPipeCanBeLetGo() throws {
        let folder = TemporaryFolder()
        let path = folder.file("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let holder = open(path, O_RDWR)
        defer { close(holder) }
        let writer = Thread {
            let start = Array(Self.packed.prefix(600_000))
            precondition(write(holder, start, start.count) == start.count)
        }
        var source: InputSource? = try InputSource(path: path)
        var buffer = [UInt8](repeating: 0, count: 10)
        #expect(try buffer.withUnsafeMutableBytes { try source?.read(into: $0) } == 10)
        // The thread takes all there is and waits for more, which never comes.
        writer.join()
        usleep(20_000)
        source = nil
        #expect(buffer == Array(Self.text.prefix(10)))
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

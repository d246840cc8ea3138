import CISAL
import CZstd
import TableIO
import Testing

struct CompressedStreamTests {
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        let stream = UnsafeMutablePointer<isal_zstream>.allocate(capacity: 1)
        defer { stream.deallocate() }
        isal_deflate_stateless_init(stream)
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 1024)
        return input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.gzip_flag = UInt16(IGZIP_GZIP)
                stream.pointee.end_of_stream = 1
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                precondition(isal_deflate_stateless(stream) == COMP_OK)
                return Array(output.prefix(Int(stream.pointee.total_out)))
            }
        }
    }

    static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        let encoder = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(encoder) }
        ZSTD_CCtx_setParameter(encoder, ZSTD_c_checksumFlag, 1)
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress2(encoder, &output, output.count, bytes, bytes.count)
        precondition(ZSTD_isError(count) == 0)
        return Array(output.prefix(count))
    }

    private static func pack(_ bytes: [UInt8], _ compression: Compression) -> [UInt8] {
        compression == .gzip ? gzip(bytes) : zstd(bytes)
    }

    private static let packings: [Compression] = [.gzip, .zstd]

    private func error(_ bytes: [UInt8], pieceSize: Int = .max) -> TableIOError? {
        do {
            _ = try pulled(bytes, pieceSize: pieceSize).readAll()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: packings)
    func unpackedBytesAreThoseThatWerePacked(compression: Compression) throws {
        for byteCount in [0, 1, 2, 100, 65_536, 3_000_001] {
            let bytes = sampleText(byteCount: byteCount)
            let packed = Self.pack(bytes, compression)
            let source = try InputSource(bytes: packed, name: "x")
            #expect(source.compression == compression)
            #expect(source.byteCount == nil)
            #expect(try source.readAll(bufferSize: 100_000) == bytes)
            #expect(source.rawByteCount == packed.count)
            #expect(source.checksum == XXH3Tests.checksum(packed))
        }
    }

    @Test(arguments: packings)
    func allMembersAreReadForAnyPieceAndBufferSize(compression: Compression) throws {
        let bytes = sampleText(byteCount: 700)
        let packed =
            Self.pack(Array(bytes[..<300]), compression) + Self.pack([], compression)
            + Self.pack(Array(bytes[300..<301]), compression) + Self.pack(Array(bytes[301...]), compression)
        for pieceSize in Array(1...24) + [packed.count - 1, packed.count] {
            for bufferSize in [1, 2, 3, 299, 300, 301, 699, 700, 701, 5000] {
                #expect(try pulled(packed, pieceSize: pieceSize).readAll(bufferSize: bufferSize) == bytes)
            }
        }
    }

    @Test(arguments: packings)
    func manyMembersAcrossTheInputBufferAreRead(compression: Compression) throws {
        // Members of every length, so that their borders fall on and around the end of the 256 KiB of input.
        let bytes = sampleText(byteCount: 600)
        var packed: [UInt8] = []
        var expected: [UInt8] = []
        var length = 0
        while packed.count < 3 << 18 {
            packed += Self.pack(Array(bytes.prefix(length)), compression)
            expected += bytes.prefix(length)
            length = (length + 37) % 600
        }
        #expect(try InputSource(bytes: packed, name: "x").readAll() == expected)
    }

    @Test(arguments: packings)
    func aStreamCutAnywhereIsFatal(compression: Compression) {
        let magic = compression == .gzip ? 2 : 4
        let member = Self.pack(sampleText(byteCount: 900), compression)
        for count in magic..<member.count {
            #expect(error(Array(member.prefix(count)))?.kind == .cutStream, "cut after \(count) of \(member.count)")
        }
        for count in 1..<member.count {
            let kind = error(member + member.prefix(count))?.kind
            #expect(kind == .cutStream, "second member cut after \(count) of \(member.count)")
        }
    }

    @Test(arguments: packings)
    func aDamagedByteIsNeverReadAsOtherData(compression: Compression) throws {
        let bytes = sampleText(byteCount: 900)
        let packed = Self.pack(bytes, compression)
        var refused = 0
        for index in (compression == .gzip ? 2 : 4)..<packed.count {
            for mask in [1, 0x80, 0xFF] as [UInt8] {
                var damaged = packed
                damaged[index] ^= mask
                if let error = error(damaged) {
                    #expect([.inputData, .resourceLimit].contains(error.category))
                    refused += 1
                } else {
                    // A bit that carries no data, or a match that points at an equal text.
                    #expect(try InputSource(bytes: damaged, name: "x").readAll() == bytes)
                }
            }
        }
        #expect(refused > 2 * packed.count)
    }

    @Test func aWrongChecksumOrLengthOfAMemberIsFatal() {
        let packed = Self.gzip(sampleText(byteCount: 100))
        for index in packed.count - 8..<packed.count {
            var damaged = packed
            damaged[index] ^= 0x10
            let error = error(damaged + packed)
            #expect(error?.kind == .corruptStream)
            #expect(error?.detail == "gzip: the checksum of member 1 does not match")
        }
    }

    @Test(arguments: packings)
    func bytesAfterTheLastMemberAreFatal(compression: Compression) {
        let packed = Self.pack(sampleText(byteCount: 100), compression)
        for tail in [[0], [0, 0, 0, 0, 0, 0], Array("garbage".utf8), [0x1F], [0x28, 0xB5], [0x50]] as [[UInt8]] {
            for pieceSize in [1, packed.count, 1000] {
                let error = error(packed + tail, pieceSize: pieceSize)
                #expect(
                    [.trailingBytes, .cutStream].contains(error?.kind), "\(tail) gives \(String(describing: error))")
            }
        }
        let error = error(packed + [0, 0, 0, 0, 0])
        #expect(error?.kind == .trailingBytes)
        #expect(error?.byteOffset == packed.count)
    }

    @Test func skippableFramesAreSkippedAndOpenAStream() throws {
        let bytes = sampleText(byteCount: 100)
        let skippable: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 9, 9, 9]
        #expect(try InputSource(bytes: skippable + Self.zstd(bytes) + skippable, name: "x").readAll() == bytes)
    }

    @Test func aWindowOver128MiBIsRefusedBeforeItIsAllocated() throws {
        // Frame header: magic, no content size, window exponent 17 or 18 (2^27, 2^28 bytes); an empty last raw block.
        let largest: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0, 17 << 3, 1, 0, 0]
        #expect(try InputSource(bytes: largest, name: "x").readAll().isEmpty)
        var larger = largest
        larger[5] = 18 << 3
        let error = error(larger)
        #expect(error?.kind == .windowTooLarge)
        #expect(error?.category == .resourceLimit)
    }
}

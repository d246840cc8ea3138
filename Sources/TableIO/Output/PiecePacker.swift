internal import CISAL
internal import CZstd

/// Packs one piece after the other, each so that it can be unpacked without those before it.
///
/// One thread at a time.
final class PiecePacker {
    /// What writes a piece: ISA-L's level 1 or zstd's 3.
    private enum Encoder {
        case gzip(stream: UnsafeMutablePointer<isal_zstream>, level: UnsafeMutableRawBufferPointer)
        case zstd(OpaquePointer)
    }

    private let encoder: Encoder

    /// - Parameter path: the output, for messages.
    /// - Throws: `outOfMemory`
    init(_ compression: OutputCompression, path: String) throws(TableIOError) {
        switch compression {
        case .gzip:
            let level = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.levelByteCount, alignment: 64)
            encoder = .gzip(stream: .allocate(capacity: 1), level: level)
        case .zstd:
            guard let context = ZSTD_createCCtx() else {
                throw TableIOError(.outOfMemory, path: path, detail: "to pack it")
            }
            ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 3)
            ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
            encoder = .zstd(context)
        }
    }

    deinit {
        switch encoder {
        case .gzip(let stream, let level):
            stream.deallocate()
            level.deallocate()
        case .zstd(let context): ZSTD_freeCCtx(context)
        }
    }

    /// ISAL_DEF_LVL1_DEFAULT, which is a macro too deep for Swift, is below 300 KiB.
    private static let levelByteCount = 1 << 20

    /// Bytes that `byteCount` bytes take at most.
    static func packedByteCount(_ byteCount: Int) -> Int {
        max(byteCount + byteCount / 64, ZSTD_compressBound(byteCount)) + 1024
    }

    /// Packs `bytes` into `room`, which has `packedByteCount` bytes; returns how many they took.
    func pack(_ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int {
        switch encoder {
        case .gzip(let stream, let level):
            isal_deflate_stateless_init(stream)
            stream.pointee.level = 1
            // SAFETY: ISA-L reads and writes at most the counts given, which are those of live buffers; it does not
            // write to its input although the C type lets it.
            stream.pointee.level_buf = level.baseAddress!.assumingMemoryBound(to: UInt8.self)
            stream.pointee.level_buf_size = UInt32(level.count)
            stream.pointee.flush = UInt16(FULL_FLUSH)
            stream.pointee.next_in = UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
                .assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(bytes.count)
            stream.pointee.next_out = room.baseAddress!.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room.count)
            let status = isal_deflate_stateless(stream)
            precondition(status == COMP_OK, "ISA-L gives \(status) for \(bytes.count) bytes")
            return Int(stream.pointee.total_out)
        case .zstd(let context):
            // SAFETY: as above.
            let count = ZSTD_compress2(context, room.baseAddress!, room.count, bytes.baseAddress, bytes.count)
            precondition(ZSTD_isError(count) == 0, "zstd gives an error for \(bytes.count) bytes")
            return count
        }
    }
}

/// What stands around the pieces of a gzip member.
struct GzipFrame {
    private var checksum: UInt32 = 0
    private var byteCount: UInt32 = 0

    /// The header: deflate, no flags, no time, unknown system.
    static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        // SAFETY: base address and count are those of one buffer.
        checksum = crc32_gzip_refl(
            checksum, bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
        byteCount &+= UInt32(truncatingIfNeeded: bytes.count)
    }

    /// An empty last block, then CRC-32 and length, little-endian.
    var trailer: [UInt8] {
        [3, 0]
            + [checksum, byteCount].flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }
}

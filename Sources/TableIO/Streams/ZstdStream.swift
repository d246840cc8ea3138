internal import CZstd

/// Decompressed bytes of a zstd stream: all its frames one after the other, checksums checked where frames have them.
final class ZstdStream: ByteStream {
    private let source: RawStream
    private let path: String
    private let decoder: OpaquePointer
    private let input: UnsafeMutableRawBufferPointer
    /// The part of `input` not decoded yet.
    private var pending = 0..<0
    private var sourceEnded = false
    private var frameCount = 0
    /// Whether bytes of a frame were taken in and its end was not seen.
    private var insideFrame = false

    /// Compressed bytes taken from the source at once.
    private static let inputByteCount = 1 << 18
    /// log2 of the largest window accepted, 128 MiB: what `zstd` itself decodes without being asked to.
    private static let windowLogLimit: Int32 = 27

    /// - Throws: `outOfMemory`
    init(_ source: RawStream, path: String) throws(TableIOError) {
        self.source = source
        self.path = path
        guard let decoder = ZSTD_createDCtx() else {
            throw TableIOError(.outOfMemory, path: path, detail: "to unpack it")
        }
        self.decoder = decoder
        input = .allocate(byteCount: Self.inputByteCount, alignment: 64)
        ZSTD_DCtx_setParameter(decoder, ZSTD_d_windowLogMax, Self.windowLogLimit)
    }

    deinit {
        ZSTD_freeDCtx(decoder)
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        var filled = 0
        while filled < buffer.count {
            if pending.isEmpty && !sourceEnded {
                let count = try source.read(into: input)
                sourceEnded = count < input.count
                pending = 0..<count
            }
            if pending.isEmpty && !insideFrame { break }
            // SAFETY: both descriptions name bytes of live buffers, and zstd keeps to their sizes.
            var output = ZSTD_outBuffer(dst: buffer.baseAddress!, size: buffer.count, pos: filled)
            var compressed = ZSTD_inBuffer(
                src: input.baseAddress!, size: pending.upperBound, pos: pending.lowerBound)
            let status = ZSTD_decompressStream(decoder, &output, &compressed)
            if ZSTD_isError(status) != 0 { throw damage(status) }
            let consumed = compressed.pos - pending.lowerBound
            let written = output.pos - filled
            pending = compressed.pos..<pending.upperBound
            filled = output.pos
            if status == 0 {
                insideFrame = false
                frameCount += 1
            } else if consumed > 0 {
                insideFrame = true
            } else if written == 0 && sourceEnded {
                throw error(.cutStream, "inside frame \(frameCount + 1)")
            }
        }
        return filled
    }

    private func damage(_ status: Int) -> TableIOError {
        switch ZSTD_getErrorCode(status) {
        case ZSTD_error_frameParameter_windowTooLarge: error(.windowTooLarge, "")
        case ZSTD_error_prefix_unknown where frameCount > 0 && !insideFrame: error(.trailingBytes, "no zstd frame")
        default: error(.corruptStream, String(cString: ZSTD_getErrorName(status)) + " in frame \(frameCount + 1)")
        }
    }

    private func error(_ kind: TableIOError.Kind, _ detail: String) -> TableIOError {
        TableIOError(
            kind, path: path, byteOffset: source.byteCount - pending.count,
            detail: detail.isEmpty ? "zstd" : "zstd: " + detail)
    }
}

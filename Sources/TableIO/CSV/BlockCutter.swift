/// A piece of the decompressed input, cut after a line end.
struct RawBlock: Sendable {
    /// Which of the inputs it is of.
    var input: Int
    /// Where it starts in the decompressed input.
    var offset: Int
    var byteCount: Int
    /// Its bytes; nil for a plain file, whose blocks are read by the workers.
    var buffer: BlockBuffer?
}

/// Cuts the decompressed input into blocks of about `windowByteCount` bytes, each ending after a line end.
///
/// Block i ends after the last line end among the first (i + 1) * window bytes that follow the header, so the cuts are
/// the same for a file, a pipe and a compressed file. That a line end is also a record's end is a guess, which the
/// admission checks.
final class BlockCutter {
    /// Bytes without a line end that are no longer taken for text.
    static let lineByteLimit = 64 << 20

    private let input: Int
    private let source: TextSource
    private let windowByteCount: Int
    /// LF, or CR in a file whose header ends with a lone CR.
    private var lineEnd = UInt8(ascii: "\n")
    /// Offset of the next block.
    private(set) var offset = 0
    /// The end of the next window.
    private var windowEnd = 0
    /// Bytes of a stream that were read and not cut yet; they start at `offset`.
    private var carry: [UInt8] = []
    private var streamHasEnded = false

    /// - Parameter input: the number of the input, for its blocks.
    init(input: Int, source: TextSource, windowByteCount: Int) {
        self.input = input
        self.source = source
        self.windowByteCount = windowByteCount
    }

    /// The first bytes of the input, `count` of them if there are as many; they stay in the input.
    func head(_ count: Int) throws -> [UInt8] {
        precondition(offset == 0, "the head was passed")
        if source.byteCount != nil {
            return try Self.filled(count) { try source.source.read(into: $0, at: 0) }
        }
        if carry.count < count, !streamHasEnded {
            let more = try Self.filled(count - carry.count) { try source.read(into: $0) }
            streamHasEnded = more.count < count - carry.count
            carry += more
        }
        return Array(carry.prefix(count))
    }

    private static func filled(_ count: Int, _ read: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> [UInt8]
    {
        try [UInt8](unsafeUninitializedCapacity: count) { room, initialized in
            // SAFETY: `read` says how many bytes it wrote to the room it was given.
            initialized = try read(UnsafeMutableRawBufferPointer(room))
        }
    }

    /// Passes over the header; blocks start behind it.
    func start(at headerEnd: Int, lineEnd: UInt8) {
        offset = headerEnd
        windowEnd = headerEnd + windowByteCount
        self.lineEnd = lineEnd
        if source.byteCount == nil { carry.removeFirst(headerEnd) }
    }

    /// The next block, or nil at the end of the input.
    ///
    /// - Parameter makeBuffer: gives an empty buffer for the bytes of a stream's block.
    func next(_ makeBuffer: () -> BlockBuffer) throws -> RawBlock? {
        if let byteCount = source.byteCount { return try nextOfFile(byteCount) }
        return try nextOfStream(makeBuffer)
    }

    private func nextOfFile(_ fileByteCount: Int) throws -> RawBlock? {
        guard offset < fileByteCount else { return nil }
        var end = windowEnd
        while end < fileByteCount {
            if let cut = try lastLineEndOfFile(in: offset..<end, fileByteCount) {
                end = cut
                break
            }
            try checkLine(end - offset)
            windowEnd += windowByteCount
            end = windowEnd
        }
        windowEnd += windowByteCount
        end = min(end, fileByteCount)
        defer { offset = end }
        return RawBlock(input: input, offset: offset, byteCount: end - offset, buffer: nil)
    }

    /// The offset just past the last line end in `range`, searched from its end in small steps.
    private func lastLineEndOfFile(in range: Range<Int>, _ fileByteCount: Int) throws -> Int? {
        var high = range.upperBound
        var step = 1024
        while high > range.lowerBound {
            let low = max(range.lowerBound, high - step)
            // One byte more, to see whether an LF follows a CR.
            let bytes = try Self.filled(min(high + 1, fileByteCount) - low) {
                try source.source.read(into: $0, at: low)
            }
            if let cut = bytes.withUnsafeBufferPointer({ cutOffset($0, below: high - low) }) { return low + cut }
            high = low
            step *= 4
        }
        return nil
    }

    /// The offset just past the last line end among the first `limit` bytes.
    private func cutOffset(_ bytes: UnsafeBufferPointer<UInt8>, below limit: Int) -> Int? {
        var at = min(limit, bytes.count) - 1
        while at >= 0 {
            if bytes[at] == lineEnd {
                // A CR right before an LF is half a line end, and so is a CR whose next byte is not here yet.
                let next = at + 1 < bytes.count ? bytes[at + 1] : UInt8(ascii: "\n")
                if lineEnd == UInt8(ascii: "\n") || next != UInt8(ascii: "\n") { return at + 1 }
            }
            at -= 1
        }
        return nil
    }

    private func nextOfStream(_ makeBuffer: () -> BlockBuffer) throws -> RawBlock? {
        let buffer = makeBuffer()
        carry.withUnsafeBufferPointer { buffer.append($0) }
        carry.removeAll(keepingCapacity: true)
        while true {
            // One byte more than the window, to see whether an LF follows a CR.
            let wanted = windowEnd + 1 - offset - buffer.count
            if wanted > 0, !streamHasEnded {
                let count = try buffer.append(limit: wanted) { try source.read(into: $0) }
                streamHasEnded = count < wanted
            }
            if streamHasEnded, buffer.count <= windowEnd - offset { break }
            if let cut = cutOffset(buffer.bytes, below: windowEnd - offset) {
                carry.append(contentsOf: buffer.bytes[cut...])
                buffer.truncate(to: cut)
                break
            }
            try checkLine(windowEnd - offset)
            windowEnd += windowByteCount
        }
        windowEnd += windowByteCount
        guard buffer.count > 0 else { return nil }
        defer { offset += buffer.count }
        return RawBlock(input: input, offset: offset, byteCount: buffer.count, buffer: buffer)
    }

    private func checkLine(_ byteCount: Int) throws {
        guard byteCount <= Self.lineByteLimit else {
            throw TableIOError(
                .lineTooLong, path: source.source.path, byteOffset: offset,
                detail: "no line end in \(byteCount) bytes")
        }
    }
}

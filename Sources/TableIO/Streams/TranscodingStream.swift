/// Text in another encoding as UTF-8.
///
/// Bytes that stand for no character become the byte 0xFF, one for each unit, which no UTF-8 has: so the reader rejects
/// the record they stand in as `invalid_utf8`, and no other. Only one unit is passed over, so that a broken character
/// never takes a line end with it.
final class TranscodingStream: ByteStream {
    /// Takes bytes from the stored text, as `ByteStream.read`.
    private let source: (UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int
    private let encoding: TextEncoding
    private let converter: Converter
    private let stored: UnsafeMutableRawBufferPointer
    /// The bytes of `stored` that wait for conversion.
    private var waiting: Range<Int> = 0..<0
    private var sourceEnded = false
    private let decoded: UnsafeMutableRawBufferPointer
    /// The bytes of `decoded` that wait to be read.
    private var ready: Range<Int> = 0..<0
    /// Offset in the stored text of the first waiting byte.
    private var storedOffset: Int
    /// Units that stood for no character.
    private(set) var invalidCount = 0
    /// Where the first of them stood in the stored text.
    private(set) var firstInvalidOffset: Int?

    /// Bytes converted at once.
    private static let storedByteCount = 1 << 17

    /// - Parameters:
    ///   - offset: bytes of the stored text that were passed over before, such as a byte order mark.
    ///   - byteCount: bytes converted at once, 8 or more.
    /// - Throws: `unsupportedEncoding` if the system does not know the encoding.
    init(
        _ encoding: TextEncoding, path: String, offset: Int, byteCount: Int = TranscodingStream.storedByteCount,
        _ source: @escaping (UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int
    ) throws(TableIOError) {
        guard let converter = Converter(from: encoding) else {
            throw TableIOError(
                .unsupportedEncoding, path: path,
                detail: "the system's iconv does not know \(encoding.systemName)")
        }
        self.source = source
        self.encoding = encoding
        self.converter = converter
        storedOffset = offset
        stored = .allocate(byteCount: byteCount, alignment: 64)
        decoded = .allocate(byteCount: 2 * byteCount, alignment: 64)
    }

    deinit {
        stored.deallocate()
        decoded.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        var filled = 0
        while filled < buffer.count {
            if ready.isEmpty, try !convertMore() { break }
            let count = min(buffer.count - filled, ready.count)
            // SAFETY: `count` is at most what is ready and at most the room left in `buffer`.
            (buffer.baseAddress! + filled).copyMemory(from: decoded.baseAddress! + ready.lowerBound, byteCount: count)
            ready.removeFirst(count)
            filled += count
        }
        return filled
    }

    /// Makes more bytes ready; false at the end of the text.
    private func convertMore() throws(TableIOError) -> Bool {
        var count = 0
        // A mark for a broken unit must fit behind what was converted.
        while count < decoded.count - 1 {
            if waiting.isEmpty, try !refill() { break }
            var source = UnsafeRawBufferPointer(rebasing: stored[waiting])
            let result = converter.convert(
                &source, into: UnsafeMutableRawBufferPointer(rebasing: decoded[count..<decoded.count - 1]))
            count += result.byteCount
            take(waiting.count - source.count)
            switch result.outcome {
            case .done: continue
            case .roomEnded:
                ready = 0..<count
                return true
            case .incomplete where try refill(): continue
            case .incomplete, .invalid:
                decoded[count] = 0xFF
                count += 1
                invalidCount += 1
                firstInvalidOffset = firstInvalidOffset ?? storedOffset
                take(min(encoding.unitByteCount, waiting.count))
            }
        }
        ready = 0..<count
        return count > 0
    }

    private func take(_ count: Int) {
        waiting.removeFirst(count)
        storedOffset += count
    }

    /// Moves what waits to the front and fills up behind it; false if nothing more came.
    private func refill() throws(TableIOError) -> Bool {
        guard !sourceEnded else { return false }
        // SAFETY: both places are inside `stored`; a move may overlap.
        stored.baseAddress!.copyMemory(from: stored.baseAddress! + waiting.lowerBound, byteCount: waiting.count)
        let room = UnsafeMutableRawBufferPointer(rebasing: stored[waiting.count...])
        let count = try source(room)
        sourceEnded = count < room.count
        waiting = 0..<(waiting.count + count)
        return count > 0
    }
}

extension Range<Int> {
    fileprivate mutating func removeFirst(_ count: Int) { self = (lowerBound + count)..<upperBound }
}

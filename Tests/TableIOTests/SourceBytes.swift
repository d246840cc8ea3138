import TableIO

extension InputSource {
    /// All that is left, read with buffers of `bufferSize` bytes.
    func readAll(bufferSize: Int = 1 << 16) throws(TableIOError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 1)
        defer { buffer.deallocate() }
        var bytes: [UInt8] = []
        while true {
            let count = try read(into: buffer)
            bytes += buffer.prefix(count)
            if count < bufferSize { return bytes }
        }
    }
}

/// A source that hands `bytes` over in pieces of `pieceSize`.
func pulled(_ bytes: [UInt8], pieceSize: Int) throws(TableIOError) -> InputSource {
    nonisolated(unsafe) var position = 0
    return try InputSource(name: "pulled") { buffer throws(TableIOError) in
        let count = min(pieceSize, buffer.count, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }
}

/// A table that packs well but not perfectly: repeated words and rising numbers.
func sampleText(byteCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var number: UInt64 = 88_172_645_463_325_252
    while bytes.count < byteCount {
        number ^= number << 13
        number ^= number >> 7
        number ^= number << 17
        bytes += Array("C\(number % 100_000),\(number % 977),east,\(Double(number % 10_000) / 100)\n".utf8)
    }
    return Array(bytes.prefix(byteCount))
}

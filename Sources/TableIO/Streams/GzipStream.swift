internal import CISAL

/// Decompressed bytes of a gzip stream: all its members one after the other, each checked by CRC-32 and length.
///
/// ISA-L does the work, at two to three times the speed of zlib. What follows the last member must be nothing: not even
/// the zero padding that `gzip` itself would skip, since here it is rather the mark of a damaged copy.
final class GzipStream: ByteStream {
    private let source: RawStream
    private let path: String
    private let state: UnsafeMutablePointer<inflate_state>
    private let input: UnsafeMutableRawBufferPointer
    private var sourceEnded = false
    private var memberCount = 0
    private var insideMember = false

    /// Compressed bytes taken from the source at once.
    private static let inputByteCount = 1 << 18

    init(_ source: RawStream, path: String) {
        self.source = source
        self.path = path
        state = .allocate(capacity: 1)
        input = .allocate(byteCount: Self.inputByteCount, alignment: 64)
        isal_inflate_init(state)
        state.pointee.crc_flag = UInt32(ISAL_GZIP)
    }

    deinit {
        state.deallocate()
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        var filled = 0
        while filled < buffer.count {
            if !insideMember, try !beginMember() { break }
            if state.pointee.avail_in == 0 { try refill() }
            let compressed = state.pointee.avail_in
            let room = min(buffer.count - filled, 1 << 30)
            // SAFETY: ISA-L writes at most `avail_out` bytes, which remain in `buffer`; its input pointers were set by
            // `refill` to bytes of `input`, which lives as long as `self`.
            state.pointee.next_out = (buffer.baseAddress! + filled).assumingMemoryBound(to: UInt8.self)
            state.pointee.avail_out = UInt32(room)
            let status = isal_inflate(state)
            let written = room - Int(state.pointee.avail_out)
            filled += written
            guard status == ISAL_DECOMP_OK else { throw damage(status) }
            if state.pointee.block_state == ISAL_BLOCK_FINISH {
                insideMember = false
            } else if written == 0 && state.pointee.avail_in == compressed && sourceEnded {
                throw error(.cutStream, "inside member \(memberCount)")
            }
        }
        return filled
    }

    /// Gets ready for the next member, or returns false when the stream ends here as it should.
    private func beginMember() throws(TableIOError) -> Bool {
        if state.pointee.avail_in < 2 { try refill() }
        guard let next = state.pointee.next_in, state.pointee.avail_in > 0 else { return false }
        guard next[0] == 0x1F && (state.pointee.avail_in == 1 || next[1] == 0x8B) else {
            throw error(.trailingBytes, next[0] == 0 ? "zero padding" : "no gzip member")
        }
        guard state.pointee.avail_in > 1 else { throw error(.cutStream, "inside a member's header") }
        isal_inflate_reset(state)
        memberCount += 1
        insideMember = true
        return true
    }

    /// Moves what is left of the input to the front and fills up behind it.
    private func refill() throws(TableIOError) {
        guard !sourceEnded else { return }
        let left = Int(state.pointee.avail_in)
        if left > 0, let next = state.pointee.next_in {
            // SAFETY: the `left` bytes at `next` and the front of `input` are both inside `input`; a move may overlap.
            input.baseAddress!.copyMemory(from: next, byteCount: left)
        }
        let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: input[left...]))
        sourceEnded = left + count < input.count
        state.pointee.next_in = input.baseAddress!.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_in = UInt32(left + count)
    }

    private func damage(_ status: Int32) -> TableIOError {
        let reason =
            switch status {
            case ISAL_INCORRECT_CHECKSUM: "the checksum of member \(memberCount) does not match"
            case ISAL_INVALID_WRAPPER: "the header of member \(memberCount) is invalid"
            case ISAL_UNSUPPORTED_METHOD: "member \(memberCount) is not compressed by deflate"
            default: "the data of member \(memberCount) are invalid"
            }
        return error(.corruptStream, reason)
    }

    private func error(_ kind: TableIOError.Kind, _ detail: String) -> TableIOError {
        let offset = source.byteCount - Int(state.pointee.avail_in)
        return TableIOError(kind, path: path, byteOffset: offset, detail: "gzip: " + detail)
    }
}

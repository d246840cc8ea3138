/// The texts that a column of codes stands for, each ready to be copied in one move.
///
/// SAFETY: unchecked, since the storage is written in `init` only.
final class TextColumn: @unchecked Sendable {
    /// Bytes that `copy` writes, whatever the text's length: room that a caller must have.
    let stride: Int
    private let lengths: [UInt16]
    private let storage: UnsafeMutablePointer<UInt8>

    /// Texts by code; at least one.
    init(_ texts: [[UInt8]]) {
        precondition(!texts.isEmpty, "a column without texts")
        let longest = texts.map(\.count).max() ?? 0
        stride = max(16, (longest + 15) / 16 * 16)
        lengths = texts.map { UInt16($0.count) }
        storage = .allocate(capacity: texts.count * stride)
        storage.initialize(repeating: 0, count: texts.count * stride)
        for (code, text) in texts.enumerated() {
            for (place, byte) in text.enumerated() { storage[code * stride + place] = byte }
        }
    }

    deinit { storage.deallocate() }

    /// The text of `code`.
    func text(_ code: Int) -> UnsafeBufferPointer<UInt8> {
        // SAFETY: the subscript checks the code; each text has `stride` bytes of storage.
        UnsafeBufferPointer(start: storage + code * stride, count: Int(lengths[code]))
    }

    /// Copies the text of `code` to `start`, which has room for `stride` bytes, and returns its end.
    func copy(_ code: Int, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let length = Int(lengths[code])
        // SAFETY: the subscript above checked the code; each text has `stride` bytes of storage.
        let text = storage + code * stride
        if stride == 16 {
            // A move of fixed size needs no loop and no call.
            UnsafeMutableRawPointer(start).storeBytes(
                of: UnsafeRawPointer(text).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
        } else {
            start.update(from: text, count: length)
        }
        return start + length
    }
}

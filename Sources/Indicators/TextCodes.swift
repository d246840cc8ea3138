import Synchronization

/// Small numbers for the texts of a column: 1, 2, 3 ... in the order they come, which depends on the threads; 0 for the
/// empty text. They serve to tell texts apart and for nothing else.
///
/// Beyond a limit of different texts the key itself, with its upper bit set, is the code.
final class TextCodes: Sendable {
    /// Different texts that get small codes: 16 MiB of table at most.
    private static let limit = 1 << 20
    private let codes = Mutex<[UInt64: Int64]>([:])
    private let wasFull = Mutex(false)

    /// Whether keys themselves are codes, of some texts at least.
    var isFull: Bool { wasFull.withLock { $0 } || codes.withLock { $0.count >= Self.limit } }

    /// Notes that a stored log had too many texts for small codes.
    func setFull() { wasFull.withLock { $0 = true } }

    /// The code that a key itself is.
    static func code(ofKey key: UInt64) -> Int64 { Int64(bitPattern: key | 1 << 63) }

    /// The keys of the codes 1, 2, 3 ...
    var keys: [UInt64] {
        codes.withLock { codes in
            var keys = [UInt64](repeating: 0, count: codes.count)
            for (key, code) in codes { keys[Int(code) - 1] = key }
            return keys
        }
    }

    /// The code of a key, of which 63 bits count: those that a code which is a key itself still has.
    func code(of key: UInt64) -> Int64 {
        if key == 0 { return 0 }
        let key = max(1, key & ~(1 << 63))
        return codes.withLock { codes in
            if let code = codes[key] { return code }
            guard codes.count < Self.limit else { return Self.code(ofKey: key) }
            let code = Int64(codes.count + 1)
            codes[key] = code
            return code
        }
    }
}

/// A worker's own memory of codes, so that it seldom has to ask.
struct TextCodeCache {
    private static let slotCount = 4096
    private let codes: TextCodes
    /// Keys with their codes.
    private var known = [(key: UInt64, code: Int64)](repeating: (0, 0), count: slotCount)

    init(_ codes: TextCodes) { self.codes = codes }

    /// Writes the codes of `keys`; says whether the cells hold them all.
    @discardableResult
    mutating func encode<Cell: FixedWidthInteger>(
        _ keys: [UInt64], into cells: UnsafeMutableBufferPointer<Cell>
    ) -> Bool {
        precondition(cells.count >= keys.count, "\(cells.count) cells for \(keys.count) keys")
        var bits: Int64 = 0
        known.withUnsafeMutableBufferPointer { known in
            keys.withUnsafeBufferPointer { keys in
                for (row, key) in keys.enumerated() {
                    // Key 0, the empty text, is in every slot from the start with code 0.
                    let slot = Int(truncatingIfNeeded: key & UInt64(Self.slotCount - 1))
                    if known[slot].key != key { known[slot] = (key, key == 0 ? 0 : codes.code(of: key)) }
                    let code = known[slot].code
                    bits |= code
                    cells[row] = Cell(truncatingIfNeeded: code)
                }
            }
        }
        return Cell(exactly: bits) != nil
    }
}

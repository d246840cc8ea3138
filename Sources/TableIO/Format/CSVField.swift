/// Text fields of a CSV output, quoted where a reader would need it; bytes in, bytes out.
///
/// A field is quoted when it holds the delimiter, a quote, CR or LF, or begins or ends with a blank.
public struct CSVField: Sendable {
    /// The byte between fields.
    public let delimiter: UInt8
    /// Whether cells that a spreadsheet would run as a formula (first byte `=`, `+`, `-`, `@`, tab or CR) get an
    /// apostrophe in front.
    public let spreadsheetSafe: Bool

    /// Fields between `delimiter` bytes.
    public init(delimiter: UInt8 = 0x2C, spreadsheetSafe: Bool = false) {
        precondition(delimiter < 0x80 && ![0x22, 0x0A, 0x0D].contains(delimiter), "byte \(delimiter) cannot delimit")
        self.delimiter = delimiter
        self.spreadsheetSafe = spreadsheetSafe
    }

    /// Whether no field among `bytes`, which hold whole fields end to end, needs a quote or an apostrophe, whatever the
    /// places where they meet: no mark of CSV, no blank and, where cells are guarded, nothing that starts a formula.
    ///
    /// - Complexity: O(`bytes.count`), a vector of bytes a step.
    public func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // One byte gathers what was found: without a way out the loop works on whole vectors.
        var found: UInt8 = 0
        for byte in bytes {
            // Blank, tab, LF, CR and the other control bytes; the quote; the delimiter.
            found |= (byte < 0x21 ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == delimiter ? 1 : 0)
        }
        guard spreadsheetSafe else { return found == 0 }
        for byte in bytes {
            found |= (byte == 0x3D ? 1 : 0) | (byte == 0x2B ? 1 : 0) | (byte == 0x2D ? 1 : 0) | (byte == 0x40 ? 1 : 0)
        }
        return found == 0
    }

    /// Bytes of room that `write` needs for a field of `count` bytes.
    public static func maximumByteCount(_ count: Int) -> Int { 2 * count + 3 }

    /// Writes the field `bytes` at `start` and returns its end.
    ///
    /// - Parameter start: room for `maximumByteCount(bytes.count)` bytes, not overlapping `bytes`.
    /// - Complexity: O(`bytes.count`)
    public func write(
        _ bytes: UnsafeBufferPointer<UInt8>, to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        guard let first = bytes.first else { return start }
        let guarded = spreadsheetSafe && [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first)
        var quoted = !guarded && Self.isBlank(first) || Self.isBlank(bytes[bytes.count - 1])
        // SAFETY: an apostrophe and the bytes are within the room; each loop below writes at most what
        // `maximumByteCount` says: two bytes a byte, two quotes and the apostrophe.
        var end = start
        if guarded {
            end[0] = 0x27
            end += 1
        }
        for byte in bytes {
            quoted = quoted || byte == delimiter || byte == 0x22 || byte == 0x0A || byte == 0x0D
            end[0] = byte
            end += 1
        }
        guard quoted else { return end }
        end = start
        end[0] = 0x22
        end += 1
        if guarded {
            end[0] = 0x27
            end += 1
        }
        for byte in bytes {
            end[0] = byte
            end += 1
            if byte == 0x22 {
                end[0] = byte
                end += 1
            }
        }
        end[0] = 0x22
        return end + 1
    }

    /// The field of `text` as bytes.
    public func bytes(_ text: some Collection<UInt8>) -> [UInt8] {
        let text = Array(text)
        return [UInt8](unsafeUninitializedCapacity: Self.maximumByteCount(text.count)) { room, count in
            // SAFETY: the capacity is what `write` asks for.
            let start = room.baseAddress!
            count = text.withUnsafeBufferPointer { write($0, to: start) } - start
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

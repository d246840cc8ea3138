/// Decimal digits of integers, three at a time from a table.
///
/// An entry holds its characters in its low three bytes, the first in the lowest, so one four-byte store writes them;
/// up to three bytes behind the digits are overwritten with zeros.
enum DecimalDigits {
    /// Entries 0...999: always three digits. Entries 1000...1999: the same numbers without leading zeros, and their
    /// length in the top byte.
    // SAFETY: allocated and filled once, never written again, never freed.
    nonisolated(unsafe) static let groups: UnsafePointer<UInt32> = {
        let table = UnsafeMutablePointer<UInt32>.allocate(capacity: 2000)
        for number in 0..<1000 as Range<UInt32> {
            let digits = [number / 100, number / 10 % 10, number % 10].map { $0 + 0x30 }
            let skipped = number < 10 ? 2 : number < 100 ? 1 : 0
            let padded = digits[0] | digits[1] << 8 | digits[2] << 16
            // SAFETY: `number` is below 1000, the table holds 2000.
            (table + Int(number)).initialize(to: padded)
            (table + 1000 + Int(number)).initialize(to: padded >> (8 * UInt32(skipped)) | UInt32(3 - skipped) << 24)
        }
        return UnsafePointer(table)
    }()

    /// Writes `number` and returns the end; room for 23 bytes is needed.
    static func write(
        _ number: UInt64, _ groups: UnsafePointer<UInt32>, to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        if number < 1000 {
            // SAFETY: an index of 1000...1999; four bytes of room are part of the 23.
            let group = groups[1000 + Int(truncatingIfNeeded: number)]
            store(group, to: start)
            return start + Int(group >> 24)
        }
        let end = write(number / 1000, groups, to: start)
        // SAFETY: `number` has at most 20 digits, so `end` + 4 is at most 17 + 4 past `start`.
        store(groups[Int(truncatingIfNeeded: number % 1000)], to: end)
        return end + 3
    }

    /// Writes the four bytes of `group`, its lowest first.
    static func store(_ group: UInt32, to start: UnsafeMutablePointer<UInt8>) {
        // SAFETY: callers have four bytes of room at `start`.
        UnsafeMutableRawPointer(start).storeBytes(of: group.littleEndian, as: UInt32.self)
    }
}

/// Integers as decimal text.
public enum DecimalInteger {
    /// Bytes of room that `write` needs.
    public static let maximumByteCount = 24

    /// Writes `value` at `start`, which has room for `maximumByteCount` bytes; returns the end of the text.
    public static func write(_ value: Int, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var start = start
        if value < 0 {
            // SAFETY: one byte for the sign and 23 for the digits are the room that the caller gives.
            start[0] = 0x2D
            start += 1
        }
        return DecimalDigits.write(UInt64(value.magnitude), DecimalDigits.groups, to: start)
    }
}

internal import CKernels

/// The texts of many scores at once, each behind a comma, ready to be copied in one move of eight bytes.
///
/// For what lies in 0..<1000 and is written with three decimals, as scores and percentages mostly are. The texts are
/// those of `FixedDecimal(decimals: 3)`.
///
/// SAFETY: unchecked, since one worker uses it at a time; its storage is allocated and freed with it.
public final class ScoreTexts: @unchecked Sendable {
    /// Values of a column at most.
    public let capacity: Int
    /// Eight bytes of text for each value, the first in the low byte.
    public let words: UnsafeMutablePointer<UInt64>
    /// The bytes of each text, 1...8.
    public let lengths: UnsafeMutablePointer<UInt8>

    /// Room for the texts of `capacity` values.
    public init(capacity: Int) {
        precondition(capacity > 0, "room for \(capacity) values")
        self.capacity = capacity
        words = .allocate(capacity: capacity)
        lengths = .allocate(capacity: capacity)
        words.initialize(repeating: 0, count: capacity)
        lengths.initialize(repeating: 0, count: capacity)
    }

    /// Texts of two columns, one behind the other: 16 bytes each, of which the lengths are 2...16.
    ///
    /// One move for two numbers: rows of many columns take half the moves.
    ///
    /// SAFETY: unchecked, since one worker uses it at a time; its storage is allocated and freed with it.
    public final class Pairs: @unchecked Sendable {
        /// Two words of text for each value.
        public let words: UnsafeMutablePointer<UInt64>
        /// The bytes of each text.
        public let lengths: UnsafeMutablePointer<UInt8>
        private let capacity: Int

        /// Room for the texts of `capacity` values.
        public init(capacity: Int) {
            precondition(capacity > 0, "room for \(capacity) values")
            self.capacity = capacity
            words = .allocate(capacity: 2 * capacity)
            lengths = .allocate(capacity: capacity)
            words.initialize(repeating: 0, count: 2 * capacity)
            lengths.initialize(repeating: 0, count: capacity)
        }

        deinit {
            words.deallocate()
            lengths.deallocate()
        }

        /// Formats two columns of at most `capacity` values; a missing one (NaN) is a comma alone.
        ///
        /// - Returns: false, and texts that mean nothing, if a value is below 0, does not round to less than 1000 or lies
        ///   in the middle of two thousandths; `ScoreTexts` knows the latter too.
        /// - Complexity: O(`left.count`)
        public func format(_ left: UnsafeBufferPointer<Double>, _ right: UnsafeBufferPointer<Double>) -> Bool {
            precondition(
                left.count == right.count && left.count <= capacity,
                "\(left.count) and \(right.count) values, room for \(capacity)")
            guard let first = left.baseAddress, let second = right.baseAddress else { return true }
            // SAFETY: both columns and the results have `left.count` elements, the words twice as many.
            return stratum_format_thousandth_pairs(first, second, left.count, words, lengths) != 0
        }
    }

    deinit {
        words.deallocate()
        lengths.deallocate()
    }

    /// Formats values, at most `capacity`; a missing one (NaN) is a comma alone.
    ///
    /// - Returns: false, and texts that mean nothing, if a value is below 0 or does not round to less than 1000.
    /// - Complexity: O(`values.count`)
    public func format(_ values: UnsafeBufferPointer<Double>) -> Bool {
        precondition(values.count <= capacity, "\(values.count) values, room for \(capacity)")
        guard let start = values.baseAddress else { return true }
        // SAFETY: words and lengths have `capacity` elements, at least as many as values.
        return stratum_format_thousandths(start, values.count, words, lengths) != 0
    }
}

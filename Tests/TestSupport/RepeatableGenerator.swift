/// Random test data that is the same on every run: SplitMix64, which needs nothing from the code under test.
public struct RepeatableGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The generator of a seed.
    public init(seed: Int) {
        state = UInt64(bitPattern: Int64(seed))
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word &>> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word &>> 31)
    }

    /// A number in 0..<1.
    public mutating func unit() -> Double {
        Double(next() &>> 11) * 0x1p-53
    }

    /// A whole number in `range`.
    public mutating func integer(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// Any finite binary64 number: every exponent and sign, zeros and subnormals among them.
    public mutating func anyFiniteDouble() -> Double {
        while true {
            let value = Double(bitPattern: next())
            if value.isFinite { return value }
        }
    }
}

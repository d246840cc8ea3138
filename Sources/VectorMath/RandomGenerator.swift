/// A seeded generator of random bits that gives the same numbers on every machine: xoshiro256**.
///
/// Parallel work takes one stream per chunk, `RandomGenerator(seed: seed, stream: chunk)`, so that a chunk draws the
/// same numbers whichever thread runs it. Not for secrets.
///
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021).
public struct RandomGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    /// The second normal of the last pair drawn; the polar method makes two at a time.
    var spareNormal: Double?

    /// The generator of one stream of a seed.
    ///
    /// Every word of the state is a bijection of `stream` for a given seed and of the seed for a given stream, so that
    /// two streams of a seed never start alike.
    public init(seed: UInt64, stream: Int = 0) {
        let offset = UInt64(bitPattern: Int64(stream)) &* 0xd605_bbb5_8c8a_bc2d
        var seeds = SplitMix64(state: seed)
        func word() -> UInt64 { SplitMix64.scramble(seeds.next() &+ offset) }
        self.init(state: (word(), word(), word(), word()))
    }

    /// The generator with a given state, not all zero.
    init(state: (UInt64, UInt64, UInt64, UInt64)) {
        self.state = state
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let result = rotated(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 &<< 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotated(state.3, by: 45)
        return result
    }

    /// A number drawn evenly from the multiples of 2^-53 in 0..<1.
    public mutating func nextUniform() -> Double {
        Double(next() &>> 11) * 0x1p-53
    }

    /// A whole number drawn evenly from 0..<`bound`; `bound` is 1 or more.
    ///
    /// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
    public mutating func nextIndex(below bound: Int) -> Int {
        precondition(bound >= 1, "bound \(bound) is below 1")
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            // The lowest 2^64 mod bound products would make some results likelier than others.
            let unfair = (0 &- bound) % bound
            while product.low < unfair { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }
}

private func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
    (word &<< count) | (word &>> (64 - count))
}

/// The generator that turns a seed into well-mixed words for another one (Steele, Lea and Flood 2014).
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return SplitMix64.scramble(state)
    }

    /// A bijection of 64-bit words in which every input bit changes about half of the output bits.
    static func scramble(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ (word &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word &>> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word &>> 31)
    }
}

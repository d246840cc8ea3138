/// Grids on which sums of doubles do not depend on their order: all terms are multiples of one power of two, and no
/// partial sum needs more than 53 bits.
enum ExactGrid {
    /// The number m for which (x + m) - m is x on the grid for sums whose absolute values stay within `bound`, and for
    /// any x within it: 1.5 x 2^52 steps, so that adding it leaves no bit below the step. 0 if `bound` is 0.
    static func magic(bound: Double) -> Double {
        0x1.8p52 * step(bound: bound)
    }

    /// The distance of neighbors on that grid.
    static func step(bound: Double) -> Double {
        guard bound > 0 else { return 0 }
        // 2^51 steps reach past the bound.
        return Double(sign: .plus, exponent: bound.exponent + 1 - 51, significand: 1)
    }
}

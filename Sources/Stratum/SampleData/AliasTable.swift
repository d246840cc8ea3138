/// A distribution over consecutive whole numbers, drawn from in constant time by the alias method
/// (A. J. Walker 1977; built as by M. D. Vose 1991).
struct AliasTable: Sendable {
    private struct Cell {
        /// Below this the cell's own number is drawn, from here on `other`; 32-bit fixed point.
        var threshold: UInt32
        var other: Int32
    }

    private let cells: [Cell]
    private let lowest: Int

    /// A table for numbers from `lowest` on.
    ///
    /// - Parameter weights: one for each number, in order, not all zero; they need not sum to 1.
    init(lowest: Int = 0, weights: [Double]) {
        let total = weights.reduce(0, +)
        precondition(total > 0 && total.isFinite, "weights sum to \(total)")
        var shares = weights.map { $0 / total * Double(weights.count) }
        var cells = (0..<weights.count).map { Cell(threshold: .max, other: Int32($0)) }
        var small = shares.indices.filter { shares[$0] < 1 }
        var large = shares.indices.filter { shares[$0] >= 1 }
        while let poor = small.popLast(), let rich = large.last {
            cells[poor] = Cell(threshold: UInt32(shares[poor] * 4_294_967_295), other: Int32(rich))
            shares[rich] -= 1 - shares[poor]
            if shares[rich] < 1 {
                large.removeLast()
                small.append(rich)
            }
        }
        self.cells = cells
        self.lowest = lowest
    }

    /// The number that 64 random bits draw, and what is left of the bits: a fraction in 0..<1, independent of it.
    func draw(_ bits: UInt64) -> (number: Int, fraction: Double) {
        let (cell, rest) = bits.multipliedFullWidth(by: UInt64(cells.count))
        let candidate = cells[Int(cell)]
        let own = UInt32(truncatingIfNeeded: rest >> 32) < candidate.threshold
        let index = own ? Int(cell) : Int(candidate.other)
        return (lowest + index, Double(rest & 0xffff_ffff) * 0x1p-32)
    }
}

extension AliasTable {
    /// The Poisson distribution with `mean` in 0..<700.
    static func poisson(mean: Double, plus lowest: Int = 0) -> AliasTable {
        var weights = [1.0]
        let last = Int(mean + 12 * mean.squareRoot()) + 20
        for count in 1...last { weights.append(weights[count - 1] * mean / Double(count)) }
        return AliasTable(lowest: lowest, weights: weights)
    }

    /// The whole numbers of a range, all as likely.
    static func uniform(_ range: ClosedRange<Int>) -> AliasTable {
        AliasTable(lowest: range.lowerBound, weights: [Double](repeating: 1, count: range.count))
    }

    /// A density on a grid of cells, each `step` wide and centered on a multiple of it; what is drawn is the multiple.
    static func grid(_ range: ClosedRange<Int>, step: Double, density: (Double) -> Double) -> AliasTable {
        AliasTable(lowest: range.lowerBound, weights: range.map { density(Double($0) * step) })
    }
}

/// Blocks of indicators times a matrix of weights: the weighted sums of 960 customers at once.
///
/// The bits of a row's sums depend on that row alone, not on its place in the block nor on the other rows: otherwise
/// the size of a block would show in the output. All blocks therefore have 960 rows, a multiple of the tiles of
/// OpenBLAS's kernels (4 to 32 rows), so that no row falls into the slower code for rest rows, which rounds
/// differently; short blocks are padded. Whether that holds is probed on this machine; if not, plain loops serve.
public struct WeightedProduct: Sendable {
    /// Rows of every block.
    public static let rowCount = 960

    /// Columns of a block.
    public let indicatorCount: Int
    /// Columns of a result.
    public let dimensionCount: Int
    /// Whether blocks go through OpenBLAS: its rows are invariant for these counts.
    public let usesBLAS: Bool
    private let weights: [Double]

    /// A product by `weights`, `indicatorCount` x `dimensionCount`, column-major: a column for each dimension.
    ///
    /// - Complexity: the probe multiplies a few blocks, some 0.1 ms.
    public init(weights: [Double], indicatorCount: Int, dimensionCount: Int) {
        self.init(
            weights: weights, indicatorCount: indicatorCount, dimensionCount: dimensionCount,
            usesBLAS: WeightedProduct.rowsAreInvariant(indicatorCount: indicatorCount, dimensionCount: dimensionCount))
    }

    init(weights: [Double], indicatorCount: Int, dimensionCount: Int, usesBLAS: Bool) {
        precondition(
            indicatorCount >= 1 && dimensionCount >= 1 && weights.count == indicatorCount * dimensionCount,
            "\(weights.count) weights for \(indicatorCount) indicators and \(dimensionCount) dimensions")
        self.weights = weights
        self.indicatorCount = indicatorCount
        self.dimensionCount = dimensionCount
        self.usesBLAS = usesBLAS
    }

    /// Writes the weighted sums of a block's rows to `sums`; allocates nothing, and may run on many threads.
    ///
    /// - Parameters:
    ///   - block: 960 x `indicatorCount`, column-major, without NaN; unused rows hold any numbers.
    ///   - sums: 960 x `dimensionCount`, column-major; what it held is not read.
    public func apply(_ block: UnsafeBufferPointer<Double>, into sums: UnsafeMutableBufferPointer<Double>) {
        weights.withUnsafeBufferPointer { weights in
            if usesBLAS {
                MatrixProduct.multiply(
                    block, weights, into: sums, rowCount: WeightedProduct.rowCount, innerCount: indicatorCount,
                    columnCount: dimensionCount)
            } else {
                applyPlainly(block, weights, into: sums)
            }
        }
    }

    /// Sums in the order of the indicators, each product and sum rounded: the same bits on every machine.
    private func applyPlainly(
        _ block: UnsafeBufferPointer<Double>, _ weights: UnsafeBufferPointer<Double>,
        into sums: UnsafeMutableBufferPointer<Double>
    ) {
        let rowCount = WeightedProduct.rowCount
        precondition(
            block.count == rowCount * indicatorCount && sums.count == rowCount * dimensionCount,
            "\(block.count) and \(sums.count) elements for \(indicatorCount) indicators, \(dimensionCount) dimensions")
        for dimension in 0..<dimensionCount {
            // SAFETY: by the counts above every slice of rowCount elements lies within its buffer.
            let result = UnsafeMutableBufferPointer(
                rebasing: sums[(dimension * rowCount)..<((dimension + 1) * rowCount)])
            result.update(repeating: 0)
            for indicator in 0..<indicatorCount {
                let weight = weights[dimension * indicatorCount + indicator]
                let values = UnsafeBufferPointer(
                    rebasing: block[(indicator * rowCount)..<((indicator + 1) * rowCount)])
                for row in 0..<rowCount { result[row] += values[row] * weight }
            }
        }
    }

    /// Whether OpenBLAS gives a row the same bits wherever it stands in a block and whatever stands beside it.
    ///
    /// One row in all places has to give equal rows; random rows moved around the block have to take their sums along.
    static func rowsAreInvariant(indicatorCount: Int, dimensionCount: Int) -> Bool {
        var generator = RandomGenerator(seed: 960)
        func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in generator.nextUniform() - 0.25 } }
        let product = WeightedProduct(
            weights: numbers(indicatorCount * dimensionCount), indicatorCount: indicatorCount,
            dimensionCount: dimensionCount, usesBLAS: true)
        func bits(ofRows row: (Int) -> Int, _ values: [Double]) -> [UInt64] {
            product.sums { values[$0 * rowCount + row($1)] }.map(\.bitPattern)
        }
        let random = numbers(rowCount * indicatorCount)
        let inPlace = bits(ofRows: { $0 }, random)
        let everywhere = bits(ofRows: { _ in 0 }, random)
        for dimension in 0..<dimensionCount {
            let start = dimension * rowCount
            guard everywhere[start..<(start + rowCount)].allSatisfy({ $0 == inPlace[start] }) else { return false }
        }
        for distance in [1, 7, 479] {
            let moved = bits(ofRows: { ($0 + distance) % rowCount }, random)
            for place in moved.indices {
                let (dimension, row) = place.quotientAndRemainder(dividingBy: rowCount)
                guard moved[place] == inPlace[dimension * rowCount + (row + distance) % rowCount] else { return false }
            }
        }
        return true
    }

    /// The sums of the block whose value of each indicator and row `value` gives.
    func sums(_ value: (_ indicator: Int, _ row: Int) -> Double) -> [Double] {
        var block = [Double](repeating: 0, count: WeightedProduct.rowCount * indicatorCount)
        for index in block.indices {
            block[index] = value(index / WeightedProduct.rowCount, index % WeightedProduct.rowCount)
        }
        var sums = [Double](repeating: .nan, count: WeightedProduct.rowCount * dimensionCount)
        block.withUnsafeBufferPointer { block in sums.withUnsafeMutableBufferPointer { apply(block, into: $0) } }
        return sums
    }
}

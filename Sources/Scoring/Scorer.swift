internal import CKernels
internal import VectorMath

/// Scores blocks of customers: values to 0...1, weighted to dimension scores, to the composite.
///
/// The weighted sums of all dimensions are one matrix product per block. The bits of a row's scores depend on that row
/// only, not on its place or on the others. One scorer serves all threads, each with its own `ScoreBlock`.
public struct Scorer: Sendable {
    /// What was fitted.
    public let scoring: FittedScoring

    private let columns: [Column]
    private let dimensions: [Dimension]
    private let product: WeightedProduct
    /// The sum of the dimensions' weights, added in order: 1 but for rounding.
    private let fullWeight: Double

    private struct Column: Sendable {
        let transform: Transform
        let kernel: NormalizationKernel
        let fill: Double
        let failsOnMissing: Bool
        let weight: Double
    }

    private struct Dimension: Sendable {
        let weight: Double
        let columns: Range<Int>
        /// The sum of the columns' weights, added in order: 1 but for rounding.
        let fullWeight: Double
    }

    /// A scorer for a fitted scoring.
    public init(_ scoring: FittedScoring) {
        self.scoring = scoring
        columns = scoring.indicators.map { indicator in
            var fill = -0.0
            if case .fill(let score) = indicator.missing { fill = score + 0.0 }
            return Column(
                transform: indicator.transform, kernel: NormalizationKernel(indicator.curve), fill: fill,
                failsOnMissing: indicator.missing == .fail, weight: indicator.weight)
        }
        var first = 0
        dimensions = scoring.dimensions.map { dimension in
            defer { first += dimension.indicators.count }
            return Dimension(
                weight: dimension.weight, columns: first..<first + dimension.indicators.count,
                fullWeight: dimension.indicators.reduce(0) { $0 + $1.weight })
        }
        fullWeight = scoring.dimensions.reduce(0) { $0 + $1.weight }
        product = WeightedProduct(
            weights: scoring.productWeights, indicatorCount: columns.count, dimensionCount: dimensions.count)
    }

    /// Scores the rows whose values were written to the block.
    ///
    /// Inputs are finite or NaN. A value where its indicator has no score (see `RowFlags.outOfDomain`) counts as missing
    /// and the row is flagged.
    ///
    /// - Parameters:
    ///   - block: made for the same scoring; its values are overwritten.
    ///   - rowCount: rows written, at most `ScoreBlock.rowCapacity`.
    /// - Throws: `ScoringError` of kind `missingValue` with the row inside the block, where the policy is `fail`.
    public func score(_ block: ScoreBlock, rowCount: Int) throws(ScoringError) {
        precondition(
            block.indicatorCount == columns.count && block.dimensionCount == dimensions.count,
            "a block of \(block.indicatorCount) x \(block.dimensionCount) for \(columns.count) x \(dimensions.count)")
        precondition(
            !block.hasFactors || scoring.aggregation == .arithmetic,
            "only an arithmetic mean has contributions that sum to it")
        guard rowCount > 0 else { return }

        let missingInDimension = try normalize(block, rowCount: rowCount)
        // All rows of the capacity: a shorter product would be tiled in another way and could round in another way.
        product.apply(UnsafeBufferPointer(block.values), into: block.dimensionScores)
        for (number, dimension) in dimensions.enumerated() {
            finish(dimension, number, of: block, rowCount: rowCount, isComplete: missingInDimension[number] == 0)
        }
        combine(block, rowCount: rowCount)
        if block.hasFactors { contribute(block, rowCount: rowCount) }
    }

    /// The first step of `score` alone, for those who need no more than `values(ofIndicator:)`.
    ///
    /// - Returns: for each dimension how many values are missing.
    /// - Throws: as `score`.
    @discardableResult
    public func normalize(_ block: ScoreBlock, rowCount: Int) throws(ScoringError) -> [Int] {
        precondition(
            (0...ScoreBlock.rowCapacity).contains(rowCount), "\(rowCount) rows in a block of \(ScoreBlock.rowCapacity)")
        block.missing.update(repeating: 0)
        block.flagStorage.update(repeating: 0)
        var missingInDimension = [Int](repeating: 0, count: dimensions.count)
        for (number, dimension) in dimensions.enumerated() {
            for column in dimension.columns {
                missingInDimension[number] += try normalize(column, of: block, rowCount: rowCount)
            }
        }
        return missingInDimension
    }

    /// Turns a column of values into scores, -0.0 where there is none.
    private func normalize(_ index: Int, of block: ScoreBlock, rowCount: Int) throws(ScoringError) -> Int {
        let column = columns[index]
        let values = UnsafeMutableBufferPointer(rebasing: block.values(ofIndicator: index)[..<rowCount])
        if column.transform.needsNonnegative {
            for row in 0..<rowCount where values[row] < 0 {
                block.flagStorage[row] |= RowFlags.outOfDomain.rawValue
            }
        }
        column.transform.apply(to: values)
        // SAFETY: `missing` has `rowCapacity` elements, at least as many as `values`.
        let missing = block.missing.baseAddress!
        let missingCount = column.kernel.apply(to: values, fill: column.fill, missing: missing) { row in
            block.flagStorage[row] |= RowFlags.outOfDomain.rawValue
        }
        if column.failsOnMissing, missingCount > 0 {
            throw failure(column: index, row: values.firstIndex { $0.sign == .minus } ?? 0)
        }
        return missingCount
    }

    private func failure(column: Int, row: Int) -> ScoringError {
        let number = dimensions.firstIndex { $0.columns.contains(column) } ?? 0
        let position = column - dimensions[number].columns.lowerBound
        return ScoringError(
            .missingValue, at: "dimensions[\(number)].indicators[\(position)]", row: row,
            "a customer has no \"\(scoring.indicators[column].name)\" and the policy is to fail",
            remedy: "complete the data or choose another missing policy")
    }

    /// Turns a dimension's weighted sums into scores.
    private func finish(_ dimension: Dimension, _ number: Int, of block: ScoreBlock, rowCount: Int, isComplete: Bool) {
        // SAFETY: a column and `present` have `rowCapacity` elements, and the loops go to `rowCount`.
        let scores = block.column(number, of: block.dimensionScores).baseAddress!
        let present = block.present.baseAddress!
        if isComplete {
            stratum_cap_dimension(scores, rowCount)
        } else {
            block.present.update(repeating: 0)
            for column in dimension.columns {
                let values = block.values(ofIndicator: column).baseAddress!
                stratum_add_present_weight(values, rowCount, columns[column].weight, present)
            }
            stratum_finish_dimension(scores, rowCount, present, dimension.fullWeight)
        }
        guard block.hasFactors else { return }
        let factors = block.column(number, of: block.factors)
        if isComplete {
            factors.update(repeating: dimension.weight)
        } else {
            stratum_dimension_factors(
                present, rowCount, dimension.fullWeight, dimension.weight, factors.baseAddress!)
        }
    }

    /// Brings the dimensions together, over those that have a score.
    private func combine(_ block: ScoreBlock, rowCount: Int) {
        // SAFETY: all of these have `rowCapacity` elements, and the loops go to `rowCount`.
        let sums = block.composites.baseAddress!
        let present = block.present.baseAddress!
        let absent = block.absentDimensions.baseAddress!
        block.composites.update(repeating: 0)
        block.present.update(repeating: 0)
        block.absentDimensions.update(repeating: 0)
        for (number, dimension) in dimensions.enumerated() {
            let scores = block.scores(ofDimension: number).baseAddress!
            stratum_add_weighted_scores(scores, rowCount, dimension.weight, sums, present, absent)
        }
        stratum_finish_dimension(sums, rowCount, present, fullWeight)
        switch scoring.aggregation {
        case .arithmetic: break
        case .geometric(let floor): geometricMeans(of: block, rowCount: rowCount, floor: floor)
        case .topsis: closeness(of: block, rowCount: rowCount)
        }
        stratum_summarize_rows(
            block.missing.baseAddress!, absent, sums, rowCount, block.missingCountStorage.baseAddress!,
            block.flagStorage.baseAddress!)
    }
}

extension FittedScoring {
    /// Indicators x dimensions, column-major: 100 times the weight of each indicator in its dimension, 0 in the others.
    fileprivate var productWeights: [Double] {
        dimensions.indices.flatMap { number in
            dimensions.enumerated().flatMap { other, dimension in
                dimension.indicators.map { other == number ? 100 * $0.weight : 0 }
            }
        }
    }
}

// Trick: between the two steps of `Scorer` a missing value is -0.0. It adds nothing to a sum, and its sign bit tells it
// from every score, which is +0.0 at least. What must change together: the fills and clips here, in
// NormalizationKernel.swift and in CKernels/scoring.c.

internal import VectorMath

/// The workspace of one worker for up to 960 rows: indicator values in, scores out. Made once, used for many blocks.
///
/// Not for two threads at a time.
public final class ScoreBlock {
    /// Rows of a full block: those of the matrix product, and few enough for the nearest caches.
    public static let rowCapacity = WeightedProduct.rowCount

    /// Columns of `values(ofIndicator:)`.
    public let indicatorCount: Int
    /// Columns of `scores(ofDimension:)`.
    public let dimensionCount: Int
    /// Whether contributions are computed.
    public let hasContributions: Bool
    /// Whether what contributions are made of is there, for them or for their sums.
    let hasFactors: Bool

    /// Column-major, `indicatorCount` columns of `rowCapacity`.
    let values: UnsafeMutableBufferPointer<Double>
    /// Column-major, `dimensionCount` columns of `rowCapacity`.
    let dimensionScores: UnsafeMutableBufferPointer<Double>
    let composites: UnsafeMutableBufferPointer<Double>
    /// Column-major as `values`, or empty.
    let contributions: UnsafeMutableBufferPointer<Double>
    /// Column-major as `dimensionScores`, or empty: what a full weight of the dimension counts for in each row.
    let factors: UnsafeMutableBufferPointer<Double>
    /// The weight present in one dimension, or of the dimensions present.
    let present: UnsafeMutableBufferPointer<Double>
    let missing: UnsafeMutableBufferPointer<Int64>
    let absentDimensions: UnsafeMutableBufferPointer<Int64>
    let missingCountStorage: UnsafeMutableBufferPointer<UInt16>
    let flagStorage: UnsafeMutableBufferPointer<UInt8>

    /// A workspace for the blocks of one scoring.
    ///
    /// - Parameters:
    ///   - contributions: whether to have room for contributions.
    ///   - contributionSums: whether `ContributionSums` are taken of the blocks; they need no room for contributions.
    public init(
        for scoring: FittedScoring, contributions hasContributions: Bool = false, contributionSums: Bool = false
    ) {
        indicatorCount = scoring.indicators.count
        dimensionCount = scoring.dimensions.count
        self.hasContributions = hasContributions
        hasFactors = hasContributions || contributionSums
        let rows = Self.rowCapacity
        values = aligned(repeating: 0, count: indicatorCount * rows)
        dimensionScores = aligned(repeating: 0, count: dimensionCount * rows)
        composites = aligned(repeating: 0, count: rows)
        contributions = aligned(repeating: 0, count: hasContributions ? indicatorCount * rows : 0)
        factors = aligned(repeating: 0, count: hasFactors ? dimensionCount * rows : 0)
        present = aligned(repeating: 0, count: rows)
        missing = aligned(repeating: 0, count: rows)
        absentDimensions = aligned(repeating: 0, count: rows)
        missingCountStorage = aligned(repeating: 0, count: rows)
        flagStorage = aligned(repeating: 0, count: rows)
    }

    deinit {
        // SAFETY: each was allocated by `aligned` and is freed here only.
        values.deallocate()
        dimensionScores.deallocate()
        composites.deallocate()
        contributions.deallocate()
        factors.deallocate()
        present.deallocate()
        missing.deallocate()
        absentDimensions.deallocate()
        missingCountStorage.deallocate()
        flagStorage.deallocate()
    }

    /// The column to write an indicator's values to before scoring, NaN where missing; every row that is scored must be
    /// written. After scoring it holds scores of 0...1, -0.0 where a missing value has none.
    public func values(ofIndicator indicator: Int) -> UnsafeMutableBufferPointer<Double> {
        column(indicator, of: values)
    }

    /// The scores of a dimension, 0...100; NaN where none of its indicators counts.
    public func scores(ofDimension dimension: Int) -> UnsafeBufferPointer<Double> {
        UnsafeBufferPointer(column(dimension, of: dimensionScores))
    }

    /// The composite scores, 0...100; NaN only where `RowFlags.noScore` is set.
    public var scores: UnsafeBufferPointer<Double> { UnsafeBufferPointer(composites) }

    /// What an indicator adds to the composite, in points; 0 where it has no score. The contributions of a row sum to
    /// its composite, to rounding.
    public func contributions(ofIndicator indicator: Int) -> UnsafeBufferPointer<Double> {
        precondition(hasContributions, "this block was made without contributions")
        return UnsafeBufferPointer(column(indicator, of: contributions))
    }

    /// How many indicators of a row are missing, out-of-domain ones included.
    public var missingCounts: UnsafeBufferPointer<UInt16> { UnsafeBufferPointer(missingCountStorage) }

    /// What is to be said of a row.
    public func flags(ofRow row: Int) -> RowFlags { RowFlags(rawValue: flagStorage[row]) }

    func column(
        _ column: Int, of storage: UnsafeMutableBufferPointer<Double>
    ) -> UnsafeMutableBufferPointer<Double> {
        let rows = Self.rowCapacity
        // The slice checks that the column lies inside in debug builds only, so it is checked here.
        precondition(column >= 0 && (column + 1) * rows <= storage.count, "column \(column) of a block")
        return UnsafeMutableBufferPointer(rebasing: storage[column * rows..<(column + 1) * rows])
    }
}

/// What is to be said of one scored row.
public struct RowFlags: OptionSet, Hashable, Sendable {
    /// The bits, as the C loop sets them.
    public let rawValue: UInt8

    /// Flags of these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// At least one indicator is missing.
    public static let someMissing = RowFlags(rawValue: 1)
    /// At least one dimension has no score.
    public static let dimensionMissing = RowFlags(rawValue: 2)
    /// No dimension has a score, and the customer has none.
    public static let noScore = RowFlags(rawValue: 4)
    /// At least one value lies where its indicator has no score: below 0 under `log1p` or `sqrt`, or no grade. It was
    /// treated as missing.
    public static let outOfDomain = RowFlags(rawValue: 8)
}

/// Storage on a cache line of its own.
private func aligned<Element: BitwiseCopyable>(
    repeating value: Element, count: Int
) -> UnsafeMutableBufferPointer<Element> {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
    let elements = bytes.bindMemory(to: Element.self)
    elements.initialize(repeating: value)
    return elements
}

import Scoring
import Segmentation
import Tables

/// Segments of a stored model for the rows of one block after the other.
final class SegmentBench {
    private let features: SegmentFeatures
    private let matrix: FeatureMatrix
    private let nearest: NearestCentroid

    /// - Parameter read: the columns of the plan that batches hold, in their order; nil for all.
    init(_ segments: Model.Segments, plan: ResolvedPlan, read: [Int]? = nil) throws {
        // A model has segments only if its plan has.
        features = SegmentFeatures(plan, plan.plan.segments ?? Plan.Segments(count: 1), read: read)
        matrix = try FeatureMatrix(rowCount: ScoreBlock.rowCapacity, scalings: segments.scalings)
        nearest = NearestCentroid(segments.centroids)
    }

    /// Where batches hold the indicators.
    var indicatorColumns: [Int] { features.allIndicatorColumns }

    /// The segments of rows of a batch, which lie scored in the block if features are normalized; the block's values
    /// are used up.
    func segments(of batch: Batch, _ rows: Range<Int>, _ block: ScoreBlock?) throws -> [UInt16] {
        features.store(rows, of: batch, block, in: matrix, firstRow: 0)
        return try filled(count: rows.count) { try nearest.assign(matrix, into: $0) }
    }

    /// The same with the distances to the two nearest centroids.
    func distances(of batch: Batch, _ rows: Range<Int>, _ block: ScoreBlock?) throws -> CentroidDistances {
        features.store(rows, of: batch, block, in: matrix, firstRow: 0)
        return try nearest.distances(matrix, rows: 0..<rows.count)
    }
}

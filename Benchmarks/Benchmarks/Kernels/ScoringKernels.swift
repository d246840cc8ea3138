import Benchmark
import Measuring
import Scoring
import VectorMath

/// Blocks of customers with 12 indicators in 4 dimensions: normalized, weighted, combined.
enum ScoringKernels {
    private static let indicatorCount = 12
    private static let blockCount = 1_000

    private static let scoring = Result { () throws -> FittedScoring in
        let dimensions = (0..<4).map { dimension in
            DimensionSpecification(
                name: "dimension \(dimension)",
                indicators: (0..<3).map {
                    IndicatorSpecification(
                        name: "indicator \(dimension) \($0)", normalization: .fixedRange(low: 0, high: 1_000))
                })
        }
        return try FittedScoring.fit(
            ScoringSpecification(dimensions: dimensions), rowCounts: [1], Measuring.workers
        ) { _, _, _, values in
            values.update(repeating: 500)
        }.scoring
    }

    /// A worker's room, of one thread at a time.
    private final class Room: @unchecked Sendable {
        let block: ScoreBlock
        init(_ scoring: FittedScoring) { block = ScoreBlock(for: scoring) }
    }

    static func block(_ benchmark: Benchmark) {
        do {
            let scorer = Scorer(try scoring.get())
            let byteCount = blockCount * ScoreBlock.rowCapacity * indicatorCount * 8
            Measuring.round(benchmark, byteCount: byteCount) {
                try Measuring.workers.map(chunkCount: blockCount) { _ in
                    let room = Room(scorer.scoring)
                    for indicator in 0..<indicatorCount {
                        let values = room.block.values(ofIndicator: indicator)
                        for row in values.indices { values[row] = Double(row) }
                    }
                    try scorer.score(room.block, rowCount: ScoreBlock.rowCapacity)
                    return room.block.scores[500]
                }
            } check: { scores in
                // 500 of 0 to 1,000 in every indicator is the middle of the scale.
                scores.allSatisfy { abs($0 - 50) < 1e-9 } ? nil : "\(scores[0])"
            }
        } catch {
            benchmark.error("\(error)")
        }
    }
}

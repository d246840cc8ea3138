import Scoring
import VectorMath

/// A population scored in blocks of a given size, as plain arrays.
struct Scored {
    var dimensions: [[Double]]
    var composites: [Double] = []
    var missingCounts: [Int] = []
    var flags: [RowFlags] = []
    var contributions: [[Double]]

    /// Scores columns, one for each indicator, NaN where missing.
    init(
        _ columns: [[Double]], _ scoring: FittedScoring, contributions hasContributions: Bool = false,
        blockRowCount: Int = ScoreBlock.rowCapacity
    ) throws {
        let scorer = Scorer(scoring)
        let block = ScoreBlock(for: scoring, contributions: hasContributions)
        dimensions = Array(repeating: [], count: block.dimensionCount)
        contributions = Array(repeating: [], count: block.indicatorCount)
        let rowCount = columns[0].count
        for start in stride(from: 0, to: rowCount, by: blockRowCount) {
            let rows = start..<min(rowCount, start + blockRowCount)
            for (indicator, column) in columns.enumerated() {
                _ = block.values(ofIndicator: indicator).update(fromContentsOf: column[rows])
            }
            try scorer.score(block, rowCount: rows.count)
            for number in dimensions.indices { dimensions[number] += block.scores(ofDimension: number)[..<rows.count] }
            composites += block.scores[..<rows.count]
            missingCounts += block.missingCounts[..<rows.count].map(Int.init)
            flags += (0..<rows.count).map(block.flags(ofRow:))
            guard hasContributions else { continue }
            for indicator in columns.indices {
                contributions[indicator] += block.contributions(ofIndicator: indicator)[..<rows.count]
            }
        }
    }
}

extension FittedScoring {
    /// Fits to columns in memory.
    static func fit(_ specification: ScoringSpecification, columns: [[Double]]) throws -> FittedScoring {
        try fitWithWarnings(specification, columns: columns).scoring
    }

    /// Fits to columns in memory, read in chunks of uneven size.
    static func fitWithWarnings(
        _ specification: ScoringSpecification, columns: [[Double]], threadCount: Int = 2
    ) throws -> (scoring: FittedScoring, warnings: [FitWarning]) {
        let first = columns[0].count / 3
        let counts = [first, columns[0].count - first]
        return try fit(specification, rowCounts: counts, Workers(threadCount: threadCount)) {
            column, chunk, rows, values in
            let start = chunk == 0 ? 0 : first
            _ = values.update(fromContentsOf: columns[column][(start + rows.lowerBound)..<(start + rows.upperBound)])
        }
    }
}

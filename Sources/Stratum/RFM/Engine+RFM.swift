public import Indicators
import Reports
import Rules
import TableIO
import VectorMath

extension Engine {
    /// Scores the customers of an order log by recency, frequency and monetary value, names segments by these scores, and
    /// writes a row a customer in rising order of the ids' bytes.
    ///
    /// Recency is days since the last purchase: small is good. Customers without a purchase have empty cells.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin; they count as one log.
    ///   - columns: what its columns mean.
    ///   - specification: how scores are cut.
    ///   - isMean: whether the mean of a purchase is scored, not the spend in all.
    ///   - segments: the names.
    ///   - output: a path, `-` for stdout.
    ///   - rejects: where rejected records go; nil counts them only.
    ///   - summary: where the summary goes.
    /// - Throws: as `indicators`.
    /// - Complexity: as `indicators`, and 30 bytes a customer
    public static func rfm(
        inputs: [String], of columns: OrderColumns, by specification: RFMSpecification, isMean: Bool = false,
        segments: RFMSegments, output: String, rejects: String? = nil, summary: String? = nil, options: RunOptions
    ) throws -> RunResult {
        precondition(
            segments.scoreCount == specification.scoreCount,
            "segments of \(segments.scoreCount) scores for \(specification.scoreCount)")
        let sources = try options.sources(inputs)
        let files = try VerbFiles(output: output, rejects: rejects, summary: summary, sources: sources, options)
        var stopwatch = Stopwatch()
        let orders = try stopwatch.time("read") {
            try OrderIntake.read(sources, of: columns, options) { try files.reject($0) }
        }
        let (scores, report) = try stopwatch.time("score") {
            let scores = try RFMScores(orders, specification, isMean: isMean, segments, options)
            return (
                scores,
                scores.report(isNested: specification.isNested, workers: Workers(threadCount: options.threadCount))
            )
        }
        try stopwatch.time("write") {
            let rows = scores.rows(
                idColumn: columns.id, decimals: orders.customers.amountDecimals,
                spreadsheetSafe: options.spreadsheetSafe)
            try options.write(rows, chunkCount: scores.chunkCount, { scores.chunk($0) }) {
                try files.output.append($0)
            }
        }
        var warnings = orders.warnings + segments.warnings
        if report.unscoredCount > 0 {
            warnings.append("\(report.unscoredCount) customers without a purchase have no scores")
        }
        var result = RunResult(
            summary: RunSummary(
                engineVersion: version, verb: "rfm", rows: orders.intake.rows, warnings: warnings,
                inputs: orders.intake.files, stages: stopwatch.stages,
                results: [
                    .init("indicators", orders.json), .init("rfm", report.json), .init("rules", segments.json),
                ]),
            pyramid: nil, firstRejects: orders.intake.firstRejects)
        result.tables = .rfm(report)
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }
}

extension RFMSegments {
    /// The names in order, and where two rules apply so that the first decides.
    var json: JSONValue {
        [
            "names": .list(names.map { .text($0) }),
            "overlaps": .list(
                coverage.overlaps.map { overlap in
                    [
                        "winner": .text(names[overlap.winner]), "loser": .text(names[overlap.loser]),
                        "where": .text(overlap.region.text),
                    ]
                }),
        ]
    }
}

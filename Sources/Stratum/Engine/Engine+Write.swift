import Reports
import Scoring
import TableIO
import Tables
import VectorMath

extension Engine {
    /// Formats all customers side by side and appends them in input order.
    ///
    /// - Returns: what was counted of their names.
    func write(_ population: Population, _ fitted: FittedPopulation, to output: OutputFile) throws -> LabelTally {
        let rows = CustomerRows(
            plan, tiers: fitted.model.tiers, segmentNames: fitted.model.segments?.names ?? [],
            contributionMeans: fitted.model.contributionMeans, options)
        try output.append(rows.header)
        let (batches, offsets) = (population.table.batches, population.table.rowOffsets)
        let hasContributions = plan.writtenColumns(options).contains(where: \.needsContributions)
        let benches = WorkerStates(
            (0..<options.threadCount).map { _ in
                ScoringBench(
                    fitted.scorer, indicatorColumns: plan.indicatorColumns, contributions: hasContributions)
            })
        let labels = WorkerStates((0..<options.threadCount).map { _ in LabelBench(fitted.model) })
        let progress = options.progress
        let rowCount = population.table.rowCount
        try workers.formatChunks(
            count: batches.count, isCancelled: options.checkpoint(population.intake.files[0].path)
        ) { worker, batch, buffer in
            let all = offsets[batch]..<offsets[batch + 1]
            var standings = fitted.standings(of: all)
            try benches.withState(of: worker) { bench in
                try bench.score(batches[batch]) { part in
                    standings.labels = labels.withState(of: worker) {
                        $0.label(part, of: batches[batch], bench.block, standings)
                    }
                    rows.append(part, of: batches[batch], bench.block, standings, bench.texts, to: buffer)
                }
            }
        } deliver: { batch, buffer in
            try output.append(buffer)
            progress?(
                Progress(
                    stage: "write", rowsDone: offsets[batch + 1], bytesDone: output.byteCount,
                    bytesTotal: output.byteCount * rowCount / max(offsets[batch + 1], 1)))
        }
        var tally = LabelTally(plan)
        for worker in 0..<options.threadCount { tally.combine(labels.withState(of: worker) { $0.tally }) }
        return tally
    }
}

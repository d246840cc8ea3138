import ArgumentParser
import Foundation
import Reports
import Segmentation
import Stratum
import TableIO

/// `stratum bench`: how fast segmentation is here, on the user's rows or on generated ones.
struct BenchVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure segmentation over a grid of choices: times, rates, iterations, inertia.",
        discussion: """
            Rows come from an export (with --features or a plan), from a matrix that numpy.save wrote, or are generated. \
            Every cell of the grid runs once to warm up, then all of them in turn, again and again; the table shows \
            medians. What cells must agree on is checked: a difference ends with status 7.

            Example:

              stratum bench --rows 1e6,1e7 --k 4,8,16 --algorithm all --threads 1,2
              stratum bench customers.csv --features revenue_12m,visits_90d \\
                --k 2...12 -o today.json
              stratum bench matrix.npy --start centroids.npy --tolerance 0
              stratum bench --rows 1e6 --baseline today.json --max-slower 10%
            """)

    @Argument(
        help: ArgumentHelp(
            "Nothing for generated rows; or an export, after its plan unless columns are named; or a matrix in .npy.",
            valueName: "file"),
        completion: .file())
    var files: [String] = []

    @OptionGroup(title: "Rows") var rows: BenchRowOptions
    @OptionGroup(title: "Grid") var grid: BenchGridOptions
    @OptionGroup(title: "Results") var results: BenchResultOptions
    @OptionGroup(title: "Reading") var input: InputOptions

    func validate() throws {
        try rows.check(files: files)
        try grid.check()
    }

    func run() throws {
        let console = Console(level: results.quiet ? .quiet : .normal, color: results.color)
        // Whatever can be told without the rows is told before they are read.
        var benchmark = grid.benchmark(rowCounts: rows.taken(files))
        try benchmark.validate(rowCount: .max)
        let baseline = try results.baseline.map { try EngineCall.baseline($0) }
        let transaction = OutputTransaction(replacesExisting: results.force)
        let file = try results.output.map { try transaction.create($0) }

        let call = EngineCall(console, threadCount: grid.threadCounts.max() ?? 1, seed: grid.seed, input, nil)
        let data = try call.rows(rows.source(files, seed: grid.seed ?? 0))
        if let start = grid.start { benchmark.seedings = [.given(try data.centroids(file: start))] }
        if let baseline { try benchmark.checkComparable(baseline, columnCount: data.matrix.columnCount) }
        let report = try call.run(benchmark, on: data)
        console.clearProgress()

        let comparison = baseline.map {
            BenchmarkComparison(report, baseline: $0, limit: results.maxSlower?.share ?? 0.1)
        }
        for warning in comparison?.warnings ?? [] { console.warn(warning) }
        if let file, let path = results.output {
            try file.append(report.bytes(results.format ?? BenchFormat(path: path), comparison, style: TerminalStyle()))
        }
        try transaction.commit()
        if results.output != "-" {
            try StandardOutput.write(report.bytes(results.shownFormat, comparison, style: console.style))
        }
        try complain(report, comparison)
    }

    /// Ends with status 7 when answers differ or something became slower.
    private func complain(_ report: BenchmarkReport, _ comparison: BenchmarkComparison?) throws {
        if !report.disagreements.isEmpty {
            throw BenchmarkError(
                .answersDiffer, at: report.disagreements.joined(separator: "\n  "),
                "cells that must find the same found different things",
                remedy: "these times are worth nothing; report it")
        }
        guard let comparison, let path = results.baseline else { return }
        guard comparison.hasCommonCells else {
            throw BenchmarkError(
                .otherBaseline, at: path, "no cell of the grid is in the baseline",
                remedy: "give the choices that it was made with")
        }
        guard let first = comparison.slower.first else { return }
        let others = comparison.slower.dropFirst().map { "\n  " + BenchmarkComparison.sentence($0) }.joined()
        throw BenchmarkError(
            .slower, at: path, "slower than the baseline by more than the limit",
            remedy: "the cells are\n  " + BenchmarkComparison.sentence(first) + others)
    }
}

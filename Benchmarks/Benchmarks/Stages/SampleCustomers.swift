import Benchmark
import Foundation
import Measuring
import Stratum
import Synchronization
import TableIO

/// A sample export in a file, and the stages that read it.
struct SampleCustomers: Sendable {
    let count: Int

    private var folder: URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("stratum-stages-\(count)-\(getpid())")
    }
    private var export: URL { folder.appendingPathComponent("customers.csv") }

    private static let model = Mutex<Model?>(nil)

    /// Writes the export.
    func prepare() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: export.path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown)
        }
        let file = try FileHandle(forWritingTo: export)
        try SampleData(customerCount: count, seed: 1).write(threadCount: Measuring.workers.threadCount) {
            try file.write(contentsOf: $0)
        }
        try file.close()
    }

    func clean() async throws { try FileManager.default.removeItem(at: folder) }

    /// Reading all columns into memory.
    func read(_ benchmark: Benchmark) {
        Measuring.round(benchmark, rowCount: count) {
            let source = try InputSource(path: export.path)
            return try CSVReader(source: source, identifier: "customer_id", columns: nil).readTable(
                workers: Measuring.workers)
        } check: { table, statistics in
            table.rowCount == count && statistics.rejectedCount == 0 ? nil : "\(table.rowCount) rows"
        }
    }

    /// Reading, and learning quantiles, weights and cut-offs.
    func fit(_ benchmark: Benchmark) {
        Measuring.round(benchmark, rowCount: count) {
            try fitted()
        } check: { model in
            model.tiers.lowerBounds.compactMap { $0 }.count == 3 ? nil : "\(model.tiers)"
        }
    }

    /// Scoring by a stored model: reading, scores and tiers, formatting; the rows go nowhere.
    func score(_ benchmark: Benchmark) {
        do {
            let model = try Self.model.withLock { model in
                let fitted = try model ?? fitted()
                model = fitted
                return fitted
            }
            let lineCount = Mutex(0)
            Measuring.round(benchmark, rowCount: count) {
                try Engine.score(model: model, InputSource(path: export.path), options: options) { rows in
                    let lineEnds = rows.count { $0 == 0x0A }
                    lineCount.withLock { $0 += lineEnds }
                }
            } check: { rows in
                let lines = lineCount.withLock { $0 }
                return rows.accepted == count && lines == count + 1 ? nil : "\(lines) lines of \(rows.accepted) rows"
            }
        } catch {
            benchmark.error("\(error)")
        }
    }

    private var options: RunOptions {
        var options = RunOptions()
        options.threadCount = Measuring.workers.threadCount
        return options
    }

    private func fitted() throws -> Model {
        try Engine(plan: try Self.plan.resolved(), options: options).fit(InputSource(path: export.path))
    }

    private static let plan = Plan(dimensions: [
        Plan.Dimension(
            "economic", weight: 0.6,
            indicators: ["revenue_12m", "order_count", "gross_margin"].map { Plan.Indicator($0) }),
        Plan.Dimension(
            "behavioral", weight: 0.4,
            indicators: [
                Plan.Indicator("recency_days", direction: .lower), Plan.Indicator("visits_90d"), Plan.Indicator("nps"),
            ]),
    ])
}

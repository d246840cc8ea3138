import Benchmark
import Foundation
import Stratum
import Synchronization

/// A sample export of a given size and what is done with it.
struct Job: Sendable {
    let customerCount: Int

    private var folder: URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("stratum-benchmark-\(customerCount)-\(getpid())")
    }
    private var export: URL { folder.appendingPathComponent("customers.csv") }
    private var sample: SampleData { SampleData(customerCount: customerCount, seed: 1) }
    private var threadCount: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// Writes the export.
    func prepare() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: export.path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown)
        }
        let file = try FileHandle(forWritingTo: export)
        try sample.write(threadCount: threadCount) { try file.write(contentsOf: $0) }
        try file.close()
    }

    func clean() async throws { try FileManager.default.removeItem(at: folder) }

    func generate(_ benchmark: Benchmark) {
        timed(benchmark) {
            let byteCount = Mutex(0)
            try sample.write(threadCount: threadCount) { bytes in byteCount.withLock { $0 += bytes.count } }
            let bytesEach = Double(byteCount.withLock { $0 }) / Double(customerCount)
            return (60...65).contains(bytesEach) ? nil : "\(bytesEach) bytes a customer, 62 expected"
        }
    }

    func read(_ benchmark: Benchmark) {
        timed(benchmark) {
            let lineCount = try Data(contentsOf: export).withUnsafeBytes { bytes in
                bytes.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
            }
            return lineCount == customerCount + 1 ? nil : "\(lineCount) lines"
        }
    }

    func run(_ benchmark: Benchmark) {
        timed(benchmark) {
            var options = RunOptions()
            options.threadCount = threadCount
            options.sync = false
            options.force = true
            let engine = Engine(plan: try Self.plan.resolved(), options: options)
            let result = try engine.run(input: export.path, outputFolder: folder.appendingPathComponent("out").path)
            return complaint(about: result)
        }
    }

    /// What is wrong with a result; nil when every customer is in it and the tiers have the sizes asked for.
    private func complaint(about result: RunResult) -> String? {
        guard result.summary.rows.accepted == customerCount else { return "\(result.summary.rows) of \(customerCount)" }
        guard let layers = result.pyramid?.layers, layers.count == Self.tierShares.count else { return "no pyramid" }
        for (layer, share) in zip(layers, Self.tierShares) {
            let asked = share * Double(customerCount)
            // Customers with equal scores stay together, so a tier may be a little larger than asked.
            guard abs(Double(layer.customerCount) - asked) <= 0.001 * asked + 50 else {
                return "\(layer.customerCount) customers in \(layer.name), \(asked) asked"
            }
        }
        return nil
    }

    private func timed(_ benchmark: Benchmark, _ work: () throws -> String?) {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            if let complaint = try work() { benchmark.error("wrong answer: \(complaint)") }
        } catch {
            benchmark.error("\(error)")
        }
        let elapsed = start.duration(to: clock.now).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        benchmark.measurement(.rowRate, Int(Double(customerCount) / seconds))
    }

    private static let tierShares = [0.01, 0.04, 0.15, 0.80]

    /// The scoring job of data/plans/scoring.yaml, in code.
    private static let plan = Plan(dimensions: [
        Plan.Dimension(
            "economic", weight: 0.4,
            indicators: [
                Plan.Indicator("revenue_12m", weight: 0.4), Plan.Indicator("order_count", weight: 0.2),
                Plan.Indicator("avg_order_value", weight: 0.15), Plan.Indicator("gross_margin", weight: 0.25),
            ]),
        Plan.Dimension(
            "behavioral", weight: 0.3,
            indicators: [
                Plan.Indicator("recency_days", weight: 0.4, direction: .lower),
                Plan.Indicator("visits_90d", weight: 0.3), Plan.Indicator("channels_used", weight: 0.15),
                Plan.Indicator("return_rate", weight: 0.15, direction: .lower),
            ]),
        Plan.Dimension(
            "potential", weight: 0.2,
            indicators: [Plan.Indicator("growth_rate", weight: 0.6), Plan.Indicator("tenure_months", weight: 0.4)]),
        Plan.Dimension("social", weight: 0.1, indicators: [Plan.Indicator("nps"), Plan.Indicator("referrals")]),
    ])
}

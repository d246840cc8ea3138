import Benchmark
import Foundation
import Stratum

// The main job as an embedder would run it: an export in a file; scores, tiers and segments in a folder. The rows are
// generated and seeded; every round checks its own answer. "read" is the limit beside it: the same bytes, only read.

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration.metrics = [.wallClock, .cpuTotal, .peakMemoryResident, .rowRate]
    Benchmark.defaultConfiguration.timeUnits = .milliseconds
    Benchmark.defaultConfiguration.warmupIterations = 1
    Benchmark.defaultConfiguration.maxDuration = .seconds(10)
    Benchmark.defaultConfiguration.maxIterations = 20

    for (name, customerCount) in [("1e5", 100_000), ("1e6", 1_000_000)] {
        let job = Job(customerCount: customerCount)
        Benchmark("generate \(name)") { benchmark in
            for _ in benchmark.scaledIterations { job.generate(benchmark) }
        }
        Benchmark("read \(name)", configuration: .init(setup: job.prepare, teardown: job.clean)) { benchmark in
            for _ in benchmark.scaledIterations { job.read(benchmark) }
        }
        Benchmark("run \(name)", configuration: .init(setup: job.prepare, teardown: job.clean)) { benchmark in
            for _ in benchmark.scaledIterations { job.run(benchmark) }
        }
    }
}

extension BenchmarkMetric {
    /// Customers a second.
    static let rowRate = BenchmarkMetric.custom("Customers / second", polarity: .prefersLarger, useScalingFactor: false)
}

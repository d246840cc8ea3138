import Benchmark
import Measuring
import Segmentation

// The stages of a run, each alone, as an embedder would call it: a million sample customers of 12 indicators, all cores.
// k-means goes on until no row moves. Every round checks its own answer.

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration.metrics = [.wallClock, .cpuTotal, .peakMemoryResident, .rowRate]
    Benchmark.defaultConfiguration.timeUnits = .milliseconds
    Benchmark.defaultConfiguration.warmupIterations = 1
    Benchmark.defaultConfiguration.maxDuration = .seconds(5)
    Benchmark.defaultConfiguration.maxIterations = 30

    let customers = SampleCustomers(count: 1_000_000)
    let stages: [(String, @Sendable (Benchmark) -> Void)] = [
        ("read 1e6", { customers.read($0) }), ("fit 1e6", { customers.fit($0) }),
        ("score 1e6", { customers.score($0) }),
        ("tiers 1e6", { TierStage.tiers($0) }),
    ]
    for (name, round) in stages {
        Benchmark(name, configuration: .init(setup: customers.prepare, teardown: customers.clean)) { benchmark in
            for _ in benchmark.scaledIterations { round(benchmark) }
        }
    }
    for distribution in SegmentStage.distributions {
        for algorithm in KMeansAlgorithm.allCases {
            Benchmark("k-means 1e6 \(distribution) k=8 \(algorithm.rawValue)") { benchmark in
                for _ in benchmark.scaledIterations { SegmentStage.kMeans(benchmark, distribution, algorithm) }
            }
        }
    }
}

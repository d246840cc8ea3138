import Benchmark
import Measuring

// The loops that the time goes into, reached through the public doors of the stages and run on all cores over data that
// is far larger than the second-level caches. Beside each stands reading memory in the same round. Sample data is
// seeded; every round checks its own answer.

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration.metrics = [.wallClock, .byteRate, .readRate, .shareOfRead]
    Benchmark.defaultConfiguration.timeUnits = .microseconds
    Benchmark.defaultConfiguration.warmupIterations = 2
    Benchmark.defaultConfiguration.maxDuration = .seconds(3)
    Benchmark.defaultConfiguration.maxIterations = 50

    let kernels: [(String, @Sendable (Benchmark) -> Void)] = [
        ("k-means assign k=8", { SegmentationKernels.assign($0, clusterCount: 8) }),
        ("k-means assign k=64", { SegmentationKernels.assign($0, clusterCount: 64) }),
        ("k-means iteration k=8", { SegmentationKernels.iteration($0, clusterCount: 8) }),
        ("k-means++ seeding k=8", { SegmentationKernels.seed($0, clusterCount: 8) }),
        ("scan", { TableKernels.scan($0) }),
        ("scan and numbers", { TableKernels.numbers($0) }),
        ("moments", { TableKernels.moments($0) }),
        ("scoring block", { ScoringKernels.block($0) }),
    ]
    for (name, round) in kernels {
        Benchmark(name) { benchmark in
            for _ in benchmark.scaledIterations { round(benchmark) }
        }
    }
}

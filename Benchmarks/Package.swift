// swift-tools-version: 6.2
import PackageDescription

let measuring: [Target.Dependency] = [
    "Measuring",
    .product(name: "Benchmark", package: "benchmark"),
    .product(name: "Stratum", package: "Stratum"),
    .product(name: "StratumStages", package: "Stratum"),
]

let package = Package(
    name: "StratumBenchmarks",
    dependencies: [
        .package(name: "Stratum", path: ".."),
        // Without its traits: they count allocations by replacing malloc, which changes what is measured.
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
    ],
    targets: [
        // What the suites share: a timed round with its check, and reading memory as the limit beside it.
        .target(
            name: "Measuring",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "StratumStages", package: "Stratum"),
            ],
            path: "Benchmarks/Measuring"),
        .executableTarget(
            name: "EndToEnd",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "Stratum", package: "Stratum"),
            ],
            path: "Benchmarks/EndToEnd",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
        .executableTarget(
            name: "Kernels", dependencies: measuring, path: "Benchmarks/Kernels",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
        .executableTarget(
            name: "Stages", dependencies: measuring, path: "Benchmarks/Stages",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "StratumBenchmarks",
    dependencies: [
        .package(name: "Stratum", path: ".."),
        // Without its traits: they count allocations by replacing malloc, which changes what is measured.
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "EndToEnd",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "Stratum", package: "Stratum"),
            ],
            path: "Benchmarks/EndToEnd",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ]
)

// swift-tools-version: 6.2
import PackageDescription

/// The fuzz targets, a package of their own: they are built with sanitizers (see .ci/fuzz) and no test waits for them.
let package = Package(
    name: "StratumFuzz",
    dependencies: [.package(name: "Stratum", path: "../..")],
    targets: [
        .target(name: "CFuzzer", path: "Sources/CFuzzer"),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "CFuzzer",
                .product(name: "Stratum", package: "Stratum"),
                .product(name: "StratumStages", package: "Stratum"),
            ],
            path: "Sources/Fuzz", swiftSettings: [.swiftLanguageMode(.v6)]),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

/// Swift 6 language mode with the stricter upcoming rules; no unsafe flags, so that other packages can depend on this one.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func stage(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

let package = Package(
    name: "Stratum",
    products: [
        .library(name: "Stratum", targets: ["Stratum"]),
        .library(
            name: "StratumStages",
            targets: [
                "Tables", "VectorMath", "TableIO", "Indicators", "Scoring", "Tiers", "Segmentation", "Rules",
                "LifetimeValue", "Reports",
            ]),
        .executable(name: "stratum", targets: ["StratumCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // 1: C loops and system libraries
        .target(name: "CKernels", cSettings: [.define("_GNU_SOURCE")]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // 2: tables know no mathematics, mathematics knows no tables
        stage("Tables", ["CKernels"]),
        stage("VectorMath", ["CKernels", "COpenBLAS", .product(name: "RealModule", package: "swift-numerics")]),

        // 3: the stages; none imports another
        stage("TableIO", ["Tables", "VectorMath", "CKernels", "CISAL", "CZstd", "CXXHash", "COpenSSL"]),
        stage("Indicators", ["Tables", "VectorMath", "CKernels"]),
        stage("Scoring", ["VectorMath", "CKernels"]),
        stage("Tiers", ["CKernels", "VectorMath"]),
        stage("Segmentation", ["VectorMath", "CKernels"]),
        stage("Rules", []),
        stage("LifetimeValue", ["VectorMath", "CKernels", .product(name: "RealModule", package: "swift-numerics")]),

        // 4: finished values to bytes
        stage("Reports", ["Tiers", "Segmentation", "Scoring", "TableIO"]),

        // 5: the plan and the run
        stage(
            "Stratum",
            [
                "Tables", "VectorMath", "TableIO", "Indicators", "Scoring", "Tiers", "Segmentation", "LifetimeValue",
                "Rules", "Reports",
            ]),

        // 6: the command
        .executableTarget(
            name: "StratumCLI",
            dependencies: [
                "Stratum", "Indicators", "LifetimeValue", "Reports", "Scoring", "Segmentation", "TableIO", "Tiers",
                "Yams",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests("TablesTests", ["Tables"]),
        tests("VectorMathTests", ["VectorMath", "CKernels"]),
        tests("TableIOTests", ["TableIO", "CKernels"]),
        tests("IndicatorsTests", ["Indicators", "CKernels"]),
        tests("ScoringTests", ["Scoring", "CKernels"]),
        tests("TiersTests", ["Tiers", "CKernels"]),
        tests("SegmentationTests", ["Segmentation", "CKernels"]),
        tests("RulesTests", ["Rules"]),
        tests("LifetimeValueTests", ["LifetimeValue", "VectorMath", "CKernels"]),
        tests("ReportsTests", ["Reports"]),
        tests(
            "StratumTests",
            [
                "Stratum", "Indicators", "LifetimeValue", "Reports", "Rules", "Segmentation", "TableIO", "Tables",
                "Tiers", "VectorMath",
            ]),
        tests("StratumCLITests", ["StratumCLI", "Stratum", "Reports"]),
    ]
)

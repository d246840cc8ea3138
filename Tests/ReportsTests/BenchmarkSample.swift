import Reports

/// Reports of made-up figures.
enum BenchmarkSample {
    static let machine = BenchmarkMachine(
        processor: "Example CPU", coreCount: 2,
        caches: [.init("L1d", byteCount: 48 << 10), .init("L2", byteCount: 2 << 20)], memoryByteCount: 25_276_514_304,
        vectorBitCount: 512, system: "Example Linux", libraries: [.init("OpenBLAS", "0.3.21 (Haswell)")])

    static let settings = BenchmarkSettings(
        dataName: "clustered", columnCount: 12, tolerance: 1e-4, iterationLimit: 300, seed: .max, repeatCount: 3,
        warmupCount: 1)

    static func cell(
        k: Int, rowCount: Int = 1_000_000, seeding: [Double]? = [0.005, 0.006, 0.004], fit: [Double],
        iteration: Double = 0.0016, iterationCount: Int = 12, converged: Bool = true, skippedShare: Double = 0,
        inertia: Double = 35_621_422.25, silhouette: Double? = nil, checksum: String = "00000000000000ff"
    ) -> BenchmarkCell {
        BenchmarkCell(
            key: .init(
                rowCount: rowCount, clusterCount: k, seeding: "greedyKMeansPlusPlus", algorithm: "lloyd",
                threadCount: 2),
            matrixByteCount: rowCount * 48, dataChecksum: checksum, seeding: seeding.map { BenchmarkTimes($0) },
            fit: BenchmarkTimes(fit), iteration: BenchmarkTimes([iteration, iteration, iteration * 2]),
            read: BenchmarkTimes([0.001, 0.0012, 0.0011]), iterationCount: iterationCount, converged: converged,
            skippedShare: skippedShare, inertia: inertia, silhouette: silhouette)
    }

    static func report(
        _ cells: [BenchmarkCell], machine: BenchmarkMachine = machine, disagreements: [String] = []
    ) -> BenchmarkReport {
        BenchmarkReport(
            engineVersion: "0.1.0", machine: machine, settings: settings, cells: cells, disagreements: disagreements)
    }

    static let two = report([
        cell(k: 4, fit: [0.020, 0.024, 0.016], skippedShare: 0.25, silhouette: 0.4114),
        cell(
            k: 8, seeding: [0.01, 0.01, 0.01], fit: [1.2, 1.25, 1.3], iteration: 0.0025, iterationCount: 300,
            converged: false, inertia: 17_278_732.125),
    ])
}

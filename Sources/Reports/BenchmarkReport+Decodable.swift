// Reads what `BenchmarkReport+JSON.swift` writes.

extension BenchmarkReport: Decodable {
    private enum CodingKeys: String, CodingKey {
        case engine, machine, settings, cells, disagreements
    }

    /// Reads a report; figures that follow from others are computed again.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            engineVersion: try container.decode(String.self, forKey: .engine),
            machine: try container.decode(BenchmarkMachine.self, forKey: .machine),
            settings: try container.decode(BenchmarkSettings.self, forKey: .settings),
            cells: try container.decode([BenchmarkCell].self, forKey: .cells),
            disagreements: try container.decode([String].self, forKey: .disagreements))
    }
}

extension BenchmarkSettings: Decodable {
    private enum CodingKeys: String, CodingKey {
        case tolerance, seed
        case dataName = "data"
        case columnCount = "columns"
        case iterationLimit = "iteration_limit"
        case repeatCount = "repeats"
        case warmupCount = "warmups"
    }

    /// Reads settings.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let seedText = try container.decode(String.self, forKey: .seed)
        guard let seed = UInt64(seedText) else {
            throw DecodingError.dataCorruptedError(
                forKey: .seed, in: container, debugDescription: "'\(seedText)' is no seed")
        }
        self.init(
            dataName: try container.decode(String.self, forKey: .dataName),
            columnCount: try container.decode(Int.self, forKey: .columnCount),
            tolerance: try container.decode(Double.self, forKey: .tolerance),
            iterationLimit: try container.decode(Int.self, forKey: .iterationLimit), seed: seed,
            repeatCount: try container.decode(Int.self, forKey: .repeatCount),
            warmupCount: try container.decode(Int.self, forKey: .warmupCount))
    }
}

extension BenchmarkCell: Decodable {
    private enum CodingKeys: String, CodingKey {
        case rows, k, seeding, algorithm, threads, seconds, iterations, converged, inertia, silhouette
        case matrixByteCount = "matrix_bytes"
        case dataChecksum = "data_checksum"
        case skippedShare = "skipped_share"
    }

    private struct Seconds: Decodable {
        let seeding: BenchmarkTimes?
        let fit: BenchmarkTimes
        let iteration: BenchmarkTimes
        let read: BenchmarkTimes
    }

    /// Reads a cell.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let seconds = try container.decode(Seconds.self, forKey: .seconds)
        self.init(
            key: Key(
                rowCount: try container.decode(Int.self, forKey: .rows),
                clusterCount: try container.decode(Int.self, forKey: .k),
                seeding: try container.decode(String.self, forKey: .seeding),
                algorithm: try container.decode(String.self, forKey: .algorithm),
                threadCount: try container.decode(Int.self, forKey: .threads)),
            matrixByteCount: try container.decode(Int.self, forKey: .matrixByteCount),
            dataChecksum: try container.decode(String.self, forKey: .dataChecksum), seeding: seconds.seeding,
            fit: seconds.fit, iteration: seconds.iteration, read: seconds.read,
            iterationCount: try container.decode(Int.self, forKey: .iterations),
            converged: try container.decode(Bool.self, forKey: .converged),
            skippedShare: try container.decode(Double.self, forKey: .skippedShare),
            inertia: try container.decode(Double.self, forKey: .inertia),
            silhouette: try container.decodeIfPresent(Double.self, forKey: .silhouette))
    }
}

extension BenchmarkTimes: Decodable {
    private enum CodingKeys: String, CodingKey {
        case runs
    }

    /// Reads times; there must be a run, and no run takes no time.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let runs = try container.decode([Double].self, forKey: .runs)
        guard !runs.isEmpty, runs.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .runs, in: container, debugDescription: "times are one or more positive numbers")
        }
        self.init(runs)
    }
}

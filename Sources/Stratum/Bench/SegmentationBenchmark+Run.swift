public import Reports
import Segmentation
import VectorMath

extension SegmentationBenchmark {
    /// Runs the grid.
    ///
    /// - Returns: a report whose `disagreements` are empty unless cells that must find the same found different things.
    /// - Throws: `BenchmarkError` for choices out of range, `SegmentationError`, `CancellationError`.
    /// - Complexity: (`warmupCount` + `repeatCount`) fits for each cell; the memory of one more matrix for each row count
    ///   but that of all rows.
    public func run(on rows: BenchmarkRows) throws -> BenchmarkReport {
        try validate(rowCount: rows.matrix.rowCount)
        let matrices = try (rowCounts.isEmpty ? [rows.matrix.rowCount] : rowCounts).map { count in
            count == rows.matrix.rowCount ? rows.matrix : try rows.matrix.firstRows(count)
        }
        var trials = matrices.flatMap { self.trials(on: $0) }
        let roundCount = warmupCount + repeatCount
        for round in 0..<roundCount {
            for index in trials.indices {
                if isCancelled() { throw CancellationError() }
                progress?(
                    BenchmarkProgress(
                        runsDone: round * trials.count + index, runCount: roundCount * trials.count,
                        cell: trials[index].key))
                try trials[index].run(isMeasured: round >= warmupCount)
            }
        }
        return BenchmarkReport(
            engineVersion: Engine.version, machine: .current,
            settings: settings(dataName: rows.name, columnCount: rows.matrix.columnCount),
            cells: try cells(of: trials), disagreements: Self.disagreements(of: trials))
    }

    private func trials(on matrix: FeatureMatrix) -> [BenchmarkTrial] {
        var trials: [BenchmarkTrial] = []
        for (clusterCount, seeding) in starts {
            for algorithm in algorithms {
                for threadCount in threadCounts {
                    var parameters = KMeansParameters(
                        clusterCount: clusterCount, seeding: seeding, iterationLimit: iterationLimit,
                        tolerance: tolerance, seed: seed)
                    parameters.algorithm = algorithm
                    trials.append(
                        BenchmarkTrial(
                            matrix: matrix, parameters: parameters, workers: Workers(threadCount: threadCount)))
                }
            }
        }
        return trials
    }

    /// Each number of segments with each way to start; given centroids know their number.
    private var starts: [(Int, KMeansSeeding)] {
        var starts: [(Int, KMeansSeeding)] = []
        for case .given(let centroids) in seedings { starts.append((centroids.clusterCount, .given(centroids))) }
        for clusterCount in clusterCounts {
            for seeding in seedings {
                if case .given = seeding { continue }
                starts.append((clusterCount, seeding))
            }
        }
        return starts
    }

    /// The cells, with one silhouette for all that have the same answer.
    private func cells(of trials: [BenchmarkTrial]) throws -> [BenchmarkCell] {
        var silhouettes: [BenchmarkTrial.Question: Double?] = [:]
        return try trials.map { trial in
            var cell = try trial.cell()
            if findsSilhouettes {
                if silhouettes[trial.question] == nil {
                    if isCancelled() { throw CancellationError() }
                    silhouettes[trial.question] = .some(trial.silhouette())
                }
                cell.silhouette = silhouettes[trial.question] ?? nil
            }
            return cell
        }
    }

    /// What is wrong among trials that must have the same answer, and within the runs of each.
    static func disagreements(of trials: [BenchmarkTrial]) -> [String] {
        var disagreements = trials.compactMap(\.change)
        var first: [BenchmarkTrial.Question: BenchmarkTrial] = [:]
        for trial in trials {
            guard let other = first[trial.question] else {
                first[trial.question] = trial
                continue
            }
            guard let mine = trial.answer, let theirs = other.answer, mine != theirs else { continue }
            disagreements.append("\(trial.key.phrase): \(mine.words); \(other.key.phrase): \(theirs.words)")
        }
        return disagreements
    }
}

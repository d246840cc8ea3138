import VectorMath

/// One start of Lloyd's algorithm: assignment and sums in one pass over the matrix, until the centroids rest.
struct LloydRun {
    let matrix: FeatureMatrix
    let survey: FeatureSurvey
    let workers: Workers
    let labels: LargeBuffer<UInt16>

    private(set) var centroids: [Double]
    private(set) var active: [Bool]
    private(set) var sums: CentroidSums
    private(set) var iterations: [KMeansIteration] = []
    private(set) var converged = false

    /// A start from `centroids`, row-major; `labels` has room for whole tiles and is overwritten.
    init(
        _ matrix: FeatureMatrix, survey: FeatureSurvey, labels: LargeBuffer<UInt16>, centroids: [Double],
        workers: Workers
    ) {
        self.matrix = matrix
        self.survey = survey
        self.workers = workers
        self.labels = labels
        self.centroids = centroids
        let clusterCount = centroids.count / matrix.columnCount
        active = [Bool](repeating: true, count: clusterCount)
        sums = CentroidSums(clusterCount: clusterCount, featureCount: matrix.columnCount)
        // SAFETY: all elements of the buffer.
        labels.start.update(repeating: Kernels.noLabel, count: labels.count)
    }

    /// Iterates until no row moves, the centroids move less than `tolerance` asks, or the limit is reached.
    ///
    /// If no row moved, each centroid is the mean of its rows and each row is with its nearest centroid. Otherwise a
    /// last pass makes the latter true, as scikit-learn does.
    mutating func run(
        iterationLimit: Int, tolerance: Double, observe: ((KMeansIteration) -> Void)? = nil
    ) throws {
        let meanVariance = survey.variances.reduce(0, +) / Double(survey.variances.count)
        var isAtRest = false
        while !converged, iterations.count < iterationLimit {
            let movedCount = try assign()
            let inertia = self.inertia
            var next = sums.means(old: centroids)
            let repairCount = try repair(&next)
            let shift = zip(next, centroids).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            centroids = next
            iterations.append(
                KMeansIteration(
                    inertia: inertia, movedCount: movedCount, squaredShift: shift, repairCount: repairCount,
                    skippedCount: 0))
            observe?(iterations[iterations.count - 1])
            isAtRest = movedCount == 0 && repairCount == 0
            converged = isAtRest || (repairCount == 0 && shift <= tolerance * meanVariance)
        }
        if !isAtRest {
            _ = try assign()
            for cluster in active.indices where sums.counts[cluster] == 0 { active[cluster] = false }
        }
    }

    /// The sum of squared distances of the rows to the centroids of their labels.
    var inertia: Double {
        sums.inertia(to: centroids.map { Float($0) }, squareSum: survey.squareSum)
    }

    /// Labels all rows by the nearest centroid and brings the sums up to date; returns how many changed their label.
    private mutating func assign() throws -> Int {
        let tasks = Tasks(rowCount: matrix.rowCount)
        let packed = PackedCentroids(
            featureCount: matrix.columnCount, rowMajor: centroids.map { Float($0) }, active: active)
        let empty = CentroidSums(clusterCount: active.count, featureCount: matrix.columnCount)
        // A state of each thread may be used because the sums are exact: no order of adding shows.
        let change = workers.reduce(
            chunkCount: tasks.count, into: { (sums: empty, movedCount: 0) },
            update: { [matrix, survey, labels] state, task in
                state.movedCount += Kernels.assign(
                    matrix, rows: tasks.rows(task), centroids: packed, magic: survey.magic, labels: labels,
                    sums: &state.sums)
            },
            combine: { state, other in
                state.sums.combine(other.sums)
                state.movedCount += other.movedCount
            })
        sums.combine(change.sums)
        return change.movedCount
    }

    /// Moves centroids without rows onto far rows, or gives them up; returns how many were moved.
    private mutating func repair(_ centroids: inout [Double]) throws -> Int {
        let empty = active.indices.filter { active[$0] && sums.counts[$0] == 0 }
        guard !empty.isEmpty else { return 0 }
        let rule = EmptyClusters(matrix: matrix, workers: workers, coincidence: survey.coincidence)
        let givenUp = try rule.repair(empty, centroids: &centroids, active: active)
        for cluster in givenUp { active[cluster] = false }
        return empty.count - givenUp.count
    }
}

import VectorMath

/// One start of k-means: assignment and sums in one pass over the matrix, until the centroids rest.
struct LloydRun {
    let rows: Kernels.PassRows
    let survey: FeatureSurvey
    let workers: Workers
    let options: PassOptions

    private(set) var centroids: [Double]
    private(set) var active: [Bool]
    private(set) var sums: CentroidSums
    private(set) var iterations: [KMeansIteration] = []
    private(set) var converged = false
    private var policy: BoundPolicy
    private var bounds: TileBounds?

    /// A start from `centroids`, row-major; the labels of `rows` are overwritten.
    init(
        _ rows: Kernels.PassRows, survey: FeatureSurvey, centroids: [Double], algorithm: KMeansAlgorithm,
        workers: Workers, options: PassOptions
    ) {
        self.rows = rows
        self.survey = survey
        self.workers = workers
        self.options = options
        self.centroids = centroids
        let featureCount = rows.matrix.columnCount
        let clusterCount = centroids.count / featureCount
        active = [Bool](repeating: true, count: clusterCount)
        sums = CentroidSums(clusterCount: clusterCount, featureCount: featureCount, isWeighted: rows.weights != nil)
        policy = BoundPolicy(algorithm, clusterCount: clusterCount, featureCount: featureCount)
        // SAFETY: all elements of the buffer.
        rows.labels.start.update(repeating: Kernels.noLabel, count: rows.labels.count)
    }

    /// Iterates until no row moves, the centroids move less than `tolerance` asks, or the limit is reached.
    ///
    /// If no row moved, each centroid is the mean of its rows and each row is with its nearest centroid. Otherwise a
    /// last pass makes the latter true, as scikit-learn does.
    mutating func run(iterationLimit: Int, tolerance: Double, observe: ((KMeansIteration) -> Void)?) throws {
        let meanVariance = survey.variances.reduce(0, +) / Double(survey.variances.count)
        var isAtRest = false
        while !converged, iterations.count < iterationLimit {
            let counts = try assign()
            let inertia = self.inertia
            var next = sums.means(old: centroids)
            let repairCount = try repair(&next)
            let shift = zip(next, centroids).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            noteMoves(to: next, counts: counts, inertia: inertia)
            centroids = next
            let iteration = KMeansIteration(
                inertia: inertia, movedCount: counts.movedCount, squaredShift: shift, repairCount: repairCount,
                skippedCount: counts.skippedCount)
            iterations.append(iteration)
            observe?(iteration)
            isAtRest = counts.movedCount == 0 && repairCount == 0
            converged = isAtRest || (repairCount == 0 && shift <= tolerance * meanVariance)
        }
        if !isAtRest { try settle() }
    }

    /// Labels all rows for the last time; clusters that then have no weight are given up, and their rows go elsewhere.
    private mutating func settle() throws {
        repeat {
            _ = try assign()
            for cluster in active.indices where sums.weight(of: cluster) == 0 { active[cluster] = false }
        } while active.indices.contains { !active[$0] && sums.counts[$0] > 0 }
    }

    /// The sum of squared distances of the rows to the centroids of their labels.
    var inertia: Double {
        sums.inertia(to: centroids.map { Float($0) }, squareSum: survey.squareSum)
    }

    /// Labels all rows by the nearest centroid and brings the sums up to date.
    private mutating func assign() throws -> PassCounts {
        let matrix = rows.matrix
        let passCentroids = PassCentroids(
            featureCount: matrix.columnCount, rowMajor: centroids.map { Float($0) }, active: active)
        let passBounds = try boundsOfNextPass()
        let tasks = Tasks(rowCount: matrix.rowCount, tilesPerTask: options.tilesPerTask)
        let empty = CentroidSums(
            clusterCount: active.count, featureCount: matrix.columnCount, isWeighted: rows.weights != nil)
        // A state of each thread may be used because the sums are exact: no order of adding shows.
        let change = workers.reduce(
            chunkCount: tasks.count, into: { (sums: empty, counts: PassCounts()) },
            update: { [rows, options] state, task in
                state.counts.combine(
                    Kernels.pass(
                        rows, rows: tasks.rows(task), centroids: passCentroids, bounds: passBounds, form: options.form,
                        sums: &state.sums))
            },
            combine: { state, other in
                state.sums.combine(other.sums)
                state.counts.combine(other.counts)
            })
        sums.combine(change.sums)
        if options.checksLabels { try Kernels.checkLabels(rows, centroids: passCentroids.packed) }
        return change.counts
    }

    private mutating func boundsOfNextPass() throws -> TileBounds? {
        guard policy.isOn else { return nil }
        if bounds == nil {
            bounds = try TileBounds(
                tileCount: rows.matrix.tileCount, clusterCount: active.count, isGrouped: policy.isGrouped)
        }
        return bounds
    }

    /// Brings the bounds up to date with centroids that move to `next`, and decides about those of the next pass.
    private mutating func noteMoves(to next: [Double], counts: PassCounts, inertia: Double) {
        let featureCount = rows.matrix.columnCount
        let moves = active.indices.map { cluster in
            guard active[cluster] else { return 0.0 }
            let values = cluster * featureCount..<(cluster + 1) * featureCount
            return values.reduce(0) { sum, index in
                let move = Double(Float(next[index])) - Double(Float(centroids[index]))
                return sum + move * move
            }.squareRoot()
        }
        var shareDone: Double?
        if policy.isOn, bounds != nil {
            if bounds!.areSet {
                shareDone = Double(counts.scoredCount) / Double(rows.matrix.tileCount * bounds!.count)
            }
            // Where almost all was done, the meters may as well begin at 0, where Float reads them best.
            if let shareDone, shareDone > 0.95 { bounds!.clear() } else { bounds!.noteSet() }
            bounds!.advance(moves)
        }
        let drift = moves.sorted().suffix(2).reduce(0, +)
        policy.note(shareDone: shareDone, drift: drift, spread: (inertia / survey.totalWeight).squareRoot())
        if !policy.isOn { bounds?.clear() }
    }

    /// Moves centroids without weight onto far rows, or gives them up; returns how many were moved.
    private mutating func repair(_ centroids: inout [Double]) throws -> Int {
        let empty = active.indices.filter { active[$0] && sums.weight(of: $0) == 0 }
        guard !empty.isEmpty else { return 0 }
        let rule = EmptyClusters(
            matrix: rows.matrix, weights: rows.weights, workers: workers, coincidence: survey.coincidence)
        let givenUp = try rule.repair(empty, centroids: &centroids, active: active)
        for cluster in givenUp { active[cluster] = false }
        return empty.count - givenUp.count
    }
}

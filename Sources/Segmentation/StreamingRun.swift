import VectorMath

/// One start of Lloyd's algorithm over a source: what `LloydRun` does, in passes over blocks.
///
/// The sums are exact, so that neither the order of the blocks nor the number of threads shows: centroids, segments and
/// counts are those of `LloydRun` for the same rows and start, bit by bit.
struct StreamingRun<Source: FeatureSource> {
    let blocks: StreamingBlocks<Source>
    let survey: FeatureSurvey
    let workers: Workers

    private(set) var centroids: [Double]
    private(set) var active: [Bool]
    private(set) var sums: CentroidSums
    private(set) var iterations: [KMeansIteration] = []
    private(set) var converged = false
    /// Whether the source holds the segments that the sums are of.
    private var isAssigned = false

    /// A start from `centroids`, row-major.
    init(_ blocks: StreamingBlocks<Source>, survey: FeatureSurvey, centroids: [Double], workers: Workers) {
        self.blocks = blocks
        self.survey = survey
        self.workers = workers
        self.centroids = centroids
        let clusterCount = centroids.count / blocks.featureCount
        active = [Bool](repeating: true, count: clusterCount)
        sums = CentroidSums(clusterCount: clusterCount, featureCount: blocks.featureCount)
    }

    /// Iterates as `LloydRun.run` does; a limit of 0 only assigns.
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
            let iteration = KMeansIteration(
                inertia: inertia, movedCount: movedCount, squaredShift: shift, repairCount: repairCount,
                skippedCount: 0)
            iterations.append(iteration)
            observe?(iteration)
            isAtRest = movedCount == 0 && repairCount == 0
            converged = isAtRest || (repairCount == 0 && shift <= tolerance * meanVariance)
        }
        if !isAtRest { try settle() }
    }

    /// Labels all rows for the last time, as `LloydRun.settle` does.
    private mutating func settle() throws {
        repeat {
            _ = try assign()
            for cluster in active.indices where sums.counts[cluster] == 0 { active[cluster] = false }
        } while active.indices.contains { !active[$0] && sums.counts[$0] > 0 }
    }

    /// Writes the segments of this run to the source again, after another run has.
    mutating func reassign() throws {
        isAssigned = false
        sums = CentroidSums(clusterCount: active.count, featureCount: blocks.featureCount)
        _ = try assign()
    }

    /// The sum of squared distances of the rows to the centroids of their segments.
    var inertia: Double {
        sums.inertia(to: centroids.map { Float($0) }, squareSum: survey.squareSum)
    }

    /// The inertia from the sums, or by a pass of its own where segments are so tight that the sums cannot tell it.
    func finalInertia() throws -> Double {
        let inertia = self.inertia
        guard inertia < 1e-6 * survey.squareSum else { return inertia }
        let tasks = blocks.tasks
        let rounded = centroids.map { Double(Float($0)) }
        return try workers.map(chunkCount: tasks.count) { task in
            let rows = tasks.rows(task)
            return try blocks.withRows(rows) { block in
                let segments = block.segments(rows.count)
                try blocks.source.readSegments(rows, into: segments)
                var sum = 0.0
                for row in 0..<rows.count {
                    let center = Int(segments[row]) * blocks.featureCount
                    for feature in 0..<blocks.featureCount {
                        let difference = Double(block.matrix[row, feature]) - rounded[center + feature]
                        sum += difference * difference
                    }
                }
                return sum
            }
        }.reduce(0, +)
    }

    /// Brings segments and sums up to date; returns how many rows changed their segment.
    private mutating func assign() throws -> Int {
        let tasks = blocks.tasks
        let nearest = PassCentroids(
            featureCount: blocks.featureCount, rowMajor: centroids.map { Float($0) }, active: active)
        let empty = CentroidSums(clusterCount: active.count, featureCount: blocks.featureCount)
        let change = try workers.reduce(
            chunkCount: tasks.count, into: { (sums: empty, movedCount: 0) },
            update: { [blocks, survey, isAssigned] state, task in
                let rows = tasks.rows(task)
                state.movedCount += try blocks.withRows(rows) { block in
                    let segments = block.segments(rows.count)
                    if isAssigned {
                        try blocks.source.readSegments(rows, into: segments)
                    } else {
                        segments.update(repeating: Kernels.noLabel)
                    }
                    block.setRadii(survey.radii, of: rows)
                    let movedCount = Kernels.pass(
                        block.passRows(survey), rows: 0..<rows.count, centroids: nearest, bounds: nil, form: .best,
                        sums: &state.sums
                    ).movedCount
                    if movedCount > 0 {
                        try blocks.source.writeSegments(UnsafeBufferPointer(segments), from: rows.lowerBound)
                    }
                    return movedCount
                }
            },
            combine: { state, other in
                state.sums.combine(other.sums)
                state.movedCount += other.movedCount
            })
        sums.combine(change.sums)
        isAssigned = true
        return change.movedCount
    }

    /// Moves centroids without rows onto far rows, or gives them up; returns how many were moved.
    private mutating func repair(_ centroids: inout [Double]) throws -> Int {
        let empty = active.indices.filter { active[$0] && sums.counts[$0] == 0 }
        guard !empty.isEmpty else { return 0 }
        let rule = StreamingEmptyClusters(blocks: blocks, workers: workers, coincidence: survey.coincidence)
        let givenUp = try rule.repair(empty, centroids: &centroids, active: active)
        for cluster in givenUp { active[cluster] = false }
        return empty.count - givenUp.count
    }
}

import VectorMath

/// The values of ranked customers, group by group.
struct GroupedValues {
    /// All groups, one after the other.
    private let values: [Double]
    /// For each group where its values end.
    private let ends: [Int]
    private let workers: Workers

    /// - Complexity: O(n + groups); 8 bytes a ranked customer.
    init(_ values: [Double], standings: [Standing]?, groups: CustomerGroups, workers: Workers) {
        checkEqualCount(values, standings)
        precondition(groups.codes.count == values.count, "\(groups.codes.count) groups for \(values.count) values")
        self.workers = workers
        var places = [Int](repeating: 0, count: groups.names.count)
        func forEachRanked(_ body: (_ group: Int, _ value: Double) -> Void) {
            for row in values.indices where groups.codes[row] != CustomerGroups.none {
                guard !values[row].isNaN, (standings?[row] ?? .active) == .active else { continue }
                body(Int(groups.codes[row]), values[row])
            }
        }
        forEachRanked { group, _ in places[group] += 1 }
        var count = 0
        for group in places.indices {
            count += places[group]
            places[group] = count - places[group]
        }
        self.values = [Double](unsafeUninitializedCapacity: count) { room, initializedCount in
            forEachRanked { group, value in
                // SAFETY: places of different groups are disjoint and end at the number of ranked customers.
                room[places[group]] = value
                places[group] += 1
            }
            initializedCount = count
        }
        ends = places
    }

    /// What `body` makes of each group's values, in the order of the groups: large groups one after the other with all
    /// workers, small ones side by side.
    func map<Result: Sendable>(_ body: @Sendable ([Double], Workers) -> Result) -> [Result] {
        let single = Workers(threadCount: 1)
        @Sendable func part(_ group: Int) -> [Double] {
            Array(values[(group == 0 ? 0 : ends[group - 1])..<ends[group]])
        }
        let isLarge = ends.indices.map { ends[$0] - ($0 == 0 ? 0 : ends[$0 - 1]) >= smallestParallelSort }
        var results = workers.map(chunkCount: ends.count) { group in
            isLarge[group] ? nil : Optional(body(part(group), single))
        }
        for group in ends.indices where isLarge[group] { results[group] = body(part(group), workers) }
        return results.map { $0! }
    }
}

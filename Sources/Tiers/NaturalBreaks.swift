// One dimension of k-means, to the optimum. Values in order, the best classes are runs of them, and the cost of a run is
// concave Monge in its ends: so the best start of the last run never moves left when its end moves right, and a layer of
// the dynamic program is solved by divide and conquer in O(m log m) for m candidate places.

/// Where rising values part into classes whose squared distances to their means sum up to least.
///
/// Source of the criterion: Fisher, "On grouping for maximum homogeneity", JASA 53 (1958); Jenks, "The data model concept
/// in statistical mapping" (1967).
///
/// Up to `exactLimit` different values the result is optimal (to the rounding of the sums). Beyond, the candidate places
/// are the ends of about as many groups of equally many values, with exact sums; among these the result is optimal, and
/// then each break in turn is moved to the best place within the groups beside it until none moves: the sum of squares is
/// no larger than that of any breaks between groups, and no break can be moved that far to lower it.
struct NaturalBreaks: Equatable {
    /// For each class but the first, rising, how many values are in the classes before it.
    let starts: [Int]
    /// 1 - (squares within classes) / (squares around the mean of all): Jenks' goodness of variance fit; 1 if all values
    /// are equal.
    let goodnessOfFit: Double

    /// Different values up to which the breaks are optimal.
    static let exactLimit = 1 << 16
    /// Rounds after which breaks that still move are left where they are.
    private static let roundLimit = 100

    /// The breaks of rising values, 1 or more.
    ///
    /// - Parameters:
    ///   - classCount: 1 or more; fewer are made where there are fewer different values.
    ///   - limit: candidate places.
    /// - Complexity: O(n + classes x m log m) for m candidates, 4 bytes of memory a class and candidate.
    init(rising: [Double], classCount: Int, limit: Int = exactLimit) {
        precondition(!rising.isEmpty && classCount >= 1, "\(rising.count) values in \(classCount) classes")
        let sums = RunSums(rising, limit: limit)
        var places = LayeredRuns(sums, classCount: min(classCount, sums.ends.count)).starts.map { sums.ends[$0 - 1] }
        if !sums.isExact { sums.refine(&places, roundLimit: Self.roundLimit) }
        starts = places
        let all = sums.cost(0, rising.count)
        let bounds = [0] + places + [rising.count]
        let within = zip(bounds, bounds.dropFirst()).reduce(0) { $0 + sums.cost($1.0, $1.1) }
        goodnessOfFit = all > 0 ? min(max(1 - within / all, 0), 1) : 1
    }
}

/// Sums and squares of rising values up to each candidate place.
private struct RunSums {
    private let rising: [Double]
    private let scale: Double
    private let center: Double
    /// For each candidate how many values lie before it, rising; the last is the number of all.
    let ends: [Int]
    /// The sums before each candidate, and 0 before the first value.
    let sums: [Double]
    let squares: [Double]
    /// Whether every change of value is a candidate.
    let isExact: Bool

    init(_ rising: [Double], limit: Int) {
        self.rising = rising
        // By a power of two, so that nothing is rounded, squares are finite, and the mean square is near 1.
        let greatest = max(abs(rising[0]), abs(rising[rising.count - 1]), .leastNormalMagnitude)
        let scale = Double(sign: .plus, exponent: -min(max(greatest.exponent, -1_000), 1_000), significand: 1)
        let center = rising[rising.count / 2] * scale
        (self.scale, self.center) = (scale, center)
        var ends: [Int] = []
        var index = 1
        while index < rising.count, ends.count <= limit {
            if rising[index] != rising[index - 1] { ends.append(index) }
            index += 1
        }
        isExact = ends.count < limit
        if !isExact {
            ends.removeAll()
            var end = 0
            for group in 1...limit {
                end = max(end, rising.count / limit * group + rising.count % limit * group / limit)
                while end < rising.count, end > 0, rising[end] == rising[end - 1] { end += 1 }
                if end > (ends.last ?? 0), end < rising.count { ends.append(end) }
            }
        }
        ends.append(rising.count)
        var (sum, square) = (CompensatedSum(), CompensatedSum())
        var (sums, squares) = ([0.0], [0.0])
        var start = 0
        for end in ends {
            for place in start..<end {
                let value = rising[place] * scale - center
                sum.add(value)
                square.add(value * value)
            }
            sums.append(sum.value)
            squares.append(square.value)
            start = end
        }
        (self.ends, self.sums, self.squares) = (ends, sums, squares)
    }

    /// The squares around their mean of the values between two candidates, counted with 0 for the start.
    @inline(__always)
    func cost(from first: Int, to last: Int) -> Double {
        let count = Double((last == 0 ? 0 : ends[last - 1]) - (first == 0 ? 0 : ends[first - 1]))
        let sum = sums[last] - sums[first]
        return max(squares[last] - squares[first] - sum * sum / count, 0)
    }

    /// The sums before any place.
    private func sums(before place: Int) -> (sum: Double, square: Double) {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] <= place { low = middle + 1 } else { high = middle }
        }
        var (sum, square) = (sums[low], squares[low])
        for index in (low == 0 ? 0 : ends[low - 1])..<place {
            let value = rising[index] * scale - center
            sum += value
            square += value * value
        }
        return (sum, square)
    }

    /// The squares around their mean of the values from one place to another.
    func cost(_ start: Int, _ end: Int) -> Double {
        Self.cost(sums(before: start), sums(before: end), count: end - start)
    }

    private static func cost(_ first: (sum: Double, square: Double), _ last: (sum: Double, square: Double), count: Int)
        -> Double
    {
        let sum = last.sum - first.sum
        return max(last.square - first.square - sum * sum / Double(count), 0)
    }

    /// Moves each place to the best one within the groups beside it, again and again until none moves.
    func refine(_ places: inout [Int], roundLimit: Int) {
        for _ in 0..<roundLimit {
            var hasMoved = false
            for index in places.indices {
                let before = index == 0 ? 0 : places[index - 1]
                let after = index == places.count - 1 ? rising.count : places[index + 1]
                let best = best(near: places[index], between: before, and: after)
                if best != places[index] { hasMoved = true }
                places[index] = best
            }
            if !hasMoved { return }
        }
    }

    private func best(near place: Int, between before: Int, and after: Int) -> Int {
        let group = ends.partitioningIndex { $0 >= place }
        let first = max(before + 1, group < 1 ? 1 : ends[group - 1])
        let last = min(after - 1, group + 1 < ends.count ? ends[group + 1] : rising.count - 1)
        let (left, right) = (sums(before: before), sums(before: after))
        func cost(_ middle: (sum: Double, square: Double), at place: Int) -> Double {
            Self.cost(left, middle, count: place - before) + Self.cost(middle, right, count: after - place)
        }
        var best = place
        var least = cost(sums(before: place), at: place)
        var running = sums(before: first)
        var candidate = first
        while candidate <= last {
            // Less by more than the sums are rounded by, so that moves come to an end.
            if rising[candidate] != rising[candidate - 1] {
                let found = cost(running, at: candidate)
                if found < least - 1e-14 * squares[squares.count - 1] { (best, least) = (candidate, found) }
            }
            let value = rising[candidate] * scale - center
            running.sum += value
            running.square += value * value
            candidate += 1
        }
        return best
    }
}

extension [Int] {
    /// The first index whose element fulfills what all after it do; the count if none does.
    fileprivate func partitioningIndex(_ isPast: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isPast(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The dynamic program: for each number of runs and each candidate end the best start of the last run.
private struct LayeredRuns {
    /// For each run but the first the candidate it starts at, counted with 0 for the start.
    let starts: [Int]

    init(_ sums: RunSums, classCount: Int) {
        let count = sums.ends.count
        var costs = (0...count).map { $0 == 0 ? 0 : sums.cost(from: 0, to: $0) }
        var origins: [[Int32]] = []
        for layer in stride(from: 2, through: classCount, by: 1) {
            var next = [Double](repeating: .infinity, count: count + 1)
            var origin = [Int32](repeating: 0, count: count + 1)
            // The last layer is asked for its last end only.
            let first = layer == classCount ? count : layer
            Self.solve(sums, costs, ends: first...count, starts: layer - 1...count - 1, into: &next, &origin)
            costs = next
            origins.append(origin)
        }
        var starts: [Int] = []
        var end = count
        for origin in origins.reversed() {
            end = Int(origin[end])
            starts.append(end)
        }
        self.starts = starts.reversed()
    }

    /// The best starts for a range of ends: the middle one first, whose start parts those of the others.
    private static func solve(
        _ sums: RunSums, _ costs: [Double], ends: ClosedRange<Int>, starts: ClosedRange<Int>,
        into next: inout [Double], _ origin: inout [Int32]
    ) {
        var parts = [(ends: ends, starts: starts)]
        while let part = parts.popLast() {
            let end = (part.ends.lowerBound + part.ends.upperBound) / 2
            var (best, least) = (part.starts.lowerBound, Double.infinity)
            for start in part.starts.lowerBound...max(part.starts.lowerBound, min(part.starts.upperBound, end - 1)) {
                let cost = costs[start] + sums.cost(from: start, to: end)
                if cost < least { (best, least) = (start, cost) }
            }
            next[end] = least
            origin[end] = Int32(best)
            if end > part.ends.lowerBound {
                parts.append((part.ends.lowerBound...end - 1, part.starts.lowerBound...best))
            }
            if end < part.ends.upperBound {
                parts.append((end + 1...part.ends.upperBound, best...part.starts.upperBound))
            }
        }
    }
}

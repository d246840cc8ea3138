/// Bounds that prove that the rows of a tile stay with their centroids, so that a pass may leave the tile out.
///
/// After Hamerly (2010), made for tiles: a tile's rows share cache lines, so nothing is won by skipping one of them.
/// When a tile is done, the least gap over its rows is known, that is the distance to the nearest centroid that is not
/// the row's own less the distance to its own. An iteration moves each centroid c by m(c), so it narrows any gap by
/// m(own) + m(other) at most: the drift. The tile is left alone until the drift since then reaches the gap. Instead of
/// bounds that change in every iteration, what is stored is the reading of the drift's meter at which the tile is due
/// again: 4 bytes for 16 rows, written only when the tile is done.
///
/// With several groups of centroids (after Yinyang: Ding et al. 2015) each tile has a gap and each group a meter of its
/// own, and only groups that are due are compared with: m(other) is the largest of the group.
///
/// Float rounding is always against skipping: gaps are lowered by `relative` times both distances, which covers the
/// errors of the distances that the plain algorithm compares, meters are read high and set low. A tile is skipped only
/// if all its rows have their own centroid strictly nearest in Float, so that ties need no thought.
struct TileBounds {
    /// Packed groups of 4 centroids in a bound group.
    let span: Int
    /// The number of bound groups, at most 48: with the labels that is 14 bytes a row.
    let count: Int
    /// For each tile and group the drift at which it is due.
    let deadlines: LargeBuffer<Float>

    private var drift: [Double]
    /// Whether a pass has set the deadlines, so that the next may use them.
    private(set) var areSet = false

    /// Groups of 8 centroids as far as 48 suffice: large enough to be scored in registers, small enough to be left out.
    static func span(clusterCount: Int, isGrouped: Bool) -> Int {
        let packedCount = (clusterCount + 3) / 4
        guard isGrouped else { return packedCount }
        return max(2, (packedCount + groupLimit - 1) / groupLimit)
    }

    private static let groupLimit = 48

    init(tileCount: Int, clusterCount: Int, isGrouped: Bool) throws(SegmentationError) {
        let packedCount = (clusterCount + 3) / 4
        span = Self.span(clusterCount: clusterCount, isGrouped: isGrouped)
        count = (packedCount + span - 1) / span
        deadlines = try LargeBuffer(count: tileCount * count, for: "bounds of k-means")
        drift = [Double](repeating: 0, count: count)
    }

    /// Forgets what is known: the next pass does every tile and sets all deadlines anew.
    mutating func clear() {
        drift = [Double](repeating: 0, count: count)
        areSet = false
    }

    /// To be called when a pass has set the deadlines.
    mutating func noteSet() { areSet = true }

    /// Notes that centroids moved by `moves`, each in units of the matrix.
    mutating func advance(_ moves: [Double]) {
        guard let farthest = moves.indices.max(by: { moves[$0] < moves[$1] }) else { return }
        let runnerUp = moves.indices.reduce(0) { $1 == farthest ? $0 : max($0, moves[$1]) }
        for group in drift.indices {
            // The largest m(own) + m(other) with different own and other, and other in the group.
            let members = group * 4 * span..<min(moves.count, (group + 1) * 4 * span)
            let other = members.contains(farthest) ? runnerUp : moves[members].max() ?? 0
            drift[group] += moves[farthest] + other
        }
    }

    /// The meters read high, then read low.
    func readings(relative: Float) -> [Float] {
        drift.map { Float($0 * (1 + 2 * Double(relative))).nextUp } + drift.map { max(0, Float($0).nextDown) }
    }
}

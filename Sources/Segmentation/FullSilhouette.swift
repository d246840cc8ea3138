public import VectorMath

/// Rousseeuw's silhouette (1987) of some rows: from all distances between them, so O(n^2 x features).
public struct FullSilhouette: Codable, Equatable, Sendable {
    /// The mean over the rows of (b - a) / max(a, b): a the mean distance to the other rows of the own segment, b the
    /// least mean distance to the rows of another one; 0 for a row alone in its segment. -1...1, the higher the better.
    public let mean: Double
    /// Rows that it was computed from.
    public let rowCount: Int

    /// Up to this many rows the silhouette costs no more than a pass over a few million rows.
    public static let rowLimit = 4_096

    /// The silhouette of the rows at `places`, each in the segment that `assignments` has for it; nil when they are
    /// all in one segment.
    ///
    /// - Parameters:
    ///   - assignments: for each of `places` its segment.
    ///   - places: rows of `matrix`, as `drawn` gives them.
    public init?(assignments: [UInt16], places: [Int], in matrix: FeatureMatrix, workers: Workers) {
        precondition(assignments.count == places.count, "\(assignments.count) segments of \(places.count) rows")
        // By segment, so that the distances to the rows of one segment lie side by side.
        let order = places.indices.sorted { (assignments[$0], $0) < (assignments[$1], $1) }
        var ends: [Int] = []
        for (place, row) in order.enumerated() where place > 0 {
            if assignments[row] != assignments[order[place - 1]] { ends.append(place) }
        }
        guard !ends.isEmpty else { return nil }
        ends.append(order.count)
        let segments = zip([0] + ends, ends).map { $0..<$1 }
        let columns = (0..<matrix.columnCount).map { feature in
            order.map { Double(matrix[places[$0], feature]) }
        }
        let sums = workers.map(chunkCount: segments.count) { own in
            segments[own].reduce(0.0) { $0 + Self.silhouette(of: $1, in: own, of: segments, columns) }
        }
        mean = sums.reduce(0, +) / Double(places.count)
        rowCount = places.count
    }

    private static func silhouette(
        of row: Int, in own: Int, of segments: [Range<Int>], _ columns: [[Double]]
    ) -> Double {
        guard segments[own].count > 1 else { return 0 }
        var squares = [Double](repeating: 0, count: columns[0].count)
        for column in columns {
            let value = column[row]
            for other in squares.indices {
                let difference = column[other] - value
                squares[other] += difference * difference
            }
        }
        var within = 0.0
        var nearest = Double.infinity
        for (segment, rows) in segments.enumerated() {
            var sum = 0.0
            for other in rows { sum += squares[other].squareRoot() }
            if segment == own {
                within = sum / Double(rows.count - 1)
            } else {
                nearest = min(nearest, sum / Double(rows.count))
            }
        }
        let larger = max(within, nearest)
        return larger > 0 ? (nearest - within) / larger : 0
    }
}

/// Rows that stand for all.
enum RowSample {
    /// `count` different rows of `rowCount`, each set equally likely, in rising order; all rows if there are no more.
    ///
    /// Floyd's algorithm (Bentley, "Programming Pearls", 1987).
    static func drawn(_ count: Int, of rowCount: Int, generator: inout RandomGenerator) -> [Int] {
        guard count < rowCount else { return Array(0..<rowCount) }
        var taken: Set<Int> = []
        for last in rowCount - count..<rowCount {
            let drawn = generator.nextIndex(below: last + 1)
            if !taken.insert(drawn).inserted { taken.insert(last) }
        }
        return taken.sorted()
    }
}

public import VectorMath

/// What becomes a `TierTable`: counts, exact sums and least values by tier. Tallies of parts of the customers combine
/// in any order to the same bits.
public struct TierTally: Sendable {
    /// For each code 0...255 what was seen of it; empty until the code occurs.
    private(set) var layers: [Layer?] = Array(repeating: nil, count: 256)

    /// What was seen of one tier or layer.
    struct Layer: Sendable {
        var customerCount = 0
        /// Customers with an amount.
        var amountCount = 0
        var amounts = ExactSum()
        var leastValue = Double.infinity
    }

    /// An empty tally.
    public init() {}

    /// Brings customers in.
    ///
    /// - Parameters:
    ///   - codes: their tiers.
    ///   - values: what they were ranked by, NaN where missing.
    ///   - amounts: the value that the table splits, such as revenue, NaN where missing.
    /// - Complexity: O(n), about 3 ns a customer.
    public mutating func update(
        codes: UnsafeBufferPointer<UInt8>, values: UnsafeBufferPointer<Double>, amounts: UnsafeBufferPointer<Double>
    ) {
        precondition(
            codes.count == values.count && codes.count == amounts.count,
            "\(codes.count) codes, \(values.count) values, \(amounts.count) amounts")
        // Amounts are gathered by tier, since an exact sum takes many at once far faster than one by one.
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 256 * Self.batchSize) { gathered in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { counts in
                counts.initialize(repeating: 0)
                var least = [Double](repeating: .infinity, count: 256)
                var customerCounts = [Int](repeating: 0, count: 256)
                for row in codes.indices {
                    let code = Int(codes[row])
                    customerCounts[code] += 1
                    least[code] = values[row] < least[code] ? values[row] : least[code]
                    guard !amounts[row].isNaN else { continue }
                    // SAFETY: code < 256 and counts[code] < batchSize, since a full part is emptied at once.
                    gathered[code * Self.batchSize + counts[code]] = amounts[row]
                    counts[code] += 1
                    if counts[code] == Self.batchSize { empty(code, gathered, counts) }
                }
                for code in 0..<256 where customerCounts[code] > 0 {
                    empty(code, gathered, counts)
                    layers[code]!.customerCount += customerCounts[code]
                    layers[code]!.leastValue = min(layers[code]!.leastValue, least[code])
                }
            }
        }
    }

    /// Brings another tally in.
    public mutating func combine(_ other: TierTally) {
        for code in 0..<256 {
            guard let theirs = other.layers[code] else { continue }
            guard layers[code] != nil else {
                layers[code] = theirs
                continue
            }
            layers[code]!.customerCount += theirs.customerCount
            layers[code]!.amountCount += theirs.amountCount
            layers[code]!.amounts.combine(theirs.amounts)
            layers[code]!.leastValue = min(layers[code]!.leastValue, theirs.leastValue)
        }
    }

    private static let batchSize = 256

    private mutating func empty(
        _ code: Int, _ gathered: UnsafeMutableBufferPointer<Double>, _ counts: UnsafeMutableBufferPointer<Int>
    ) {
        if layers[code] == nil { layers[code] = Layer() }
        let start = code * Self.batchSize
        // SAFETY: counts[code] amounts were written from `start` on.
        let amounts = UnsafeBufferPointer(rebasing: gathered[start..<start + counts[code]])
        layers[code]!.amounts.update(amounts)
        layers[code]!.amountCount += counts[code]
        counts[code] = 0
    }

    /// The tally of a whole population.
    ///
    /// - Parameter amounts: what the table splits; as many as codes and values.
    public static func of(
        codes: [UInt8], values: [Double], amounts: [Double], workers: Workers
    ) -> TierTally {
        precondition(
            codes.count == values.count && codes.count == amounts.count,
            "\(codes.count) codes, \(values.count) values, \(amounts.count) amounts")
        let chunkCount = (codes.count + chunkRowCount - 1) / chunkRowCount
        return workers.reduce(chunkCount: chunkCount, into: { TierTally() }) { tally, chunk in
            let rows = chunk * chunkRowCount..<min(codes.count, (chunk + 1) * chunkRowCount)
            codes[rows].withUnsafeBufferPointer { codes in
                values[rows].withUnsafeBufferPointer { values in
                    amounts[rows].withUnsafeBufferPointer { tally.update(codes: codes, values: values, amounts: $0) }
                }
            }
        } combine: {
            $0.combine($1)
        }
    }
}

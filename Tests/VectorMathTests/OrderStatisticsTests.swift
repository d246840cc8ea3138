import CKernels
import TestSupport
import Testing

@testable import VectorMath

struct OrderStatisticsTests {
    static let probabilities = [0, 0.01, 0.25, 1.0 / 3, 0.5, 0.9, 0.99, 1]

    /// Columns of every shape, a sample small enough to mislead, chunks of odd sizes, all against a full sort.
    @Test(arguments: 0..<Shape.allCases.count * 6)
    func statisticsAreThoseOfASort(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let shape = Shape.allCases[seed % Shape.allCases.count]
        let values = shape.values(count: generator.integer(in: 0...6_000), &generator)
        let sorted = values.filter { !$0.isNaN }.sorted()
        let ranks = [0, 1, sorted.count / 2, sorted.count - 1, sorted.count].filter { $0 >= 0 }
        let wanted = Self.probabilities.map(OrderStatistic.quantile) + ranks.map(OrderStatistic.rank)
        let source = source(of: [values], &generator)
        for sampleSize in [16, 512, 10_000] {
            let found = try OrderStatistics.find(
                [wanted], in: source, Workers(threadCount: 2), sampleSize: sampleSize)[0]
            #expect(found.presentCount == sorted.count && found.missingCount == values.count - sorted.count)
            let expected = wanted.map { $0.referenceValue(sorted) }
            #expect(bits(found.values) == bits(expected), "\(shape), sample of \(sampleSize)")
        }
    }

    /// The runs that the sample reads are unlike all other rows, so that every bracket fails.
    @Test func aMisleadingSampleChangesNothing() throws {
        let count = 100_000
        let sampleSize = 1_024
        let sampledRows = Set(
            (0..<sampleSize / 16).flatMap { run in
                let start = run * count / (sampleSize / 16)
                return start..<start + 16
            })
        let values = (0..<count).map { sampledRows.contains($0) ? -1e9 : Double($0 * 7_919 % count) + 0.5 }
        let found = try OrderStatistics.find(
            [[.quantile(0.5), .quantile(0.9), .rank(50_000)]], in: ColumnSource(values), Workers(threadCount: 2),
            sampleSize: sampleSize)[0]
        let sorted = values.sorted()
        #expect(
            found.values
                == [OrderStatistic.quantile(0.5), .quantile(0.9), .rank(50_000)].map {
                    $0.referenceValue(sorted)
                })
    }

    @Test(arguments: 0..<8)
    func threadsAndChunksDoNotChangeABit(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let columns = (0..<3).map { Shape.allCases[$0 + seed % 4].values(count: 40_000, &generator) }
        let wanted = columns.map { _ in Self.probabilities.map(OrderStatistic.quantile) }
        let expected = try OrderStatistics.find(wanted, in: source(of: columns, &generator), Workers(threadCount: 1))
        for threadCount in everyThreadCount {
            let found = try OrderStatistics.find(
                wanted, in: source(of: columns, &generator), Workers(threadCount: threadCount))
            #expect(found.map { bits($0.values) } == expected.map { bits($0.values) })
        }
    }

    @Test func quantilesAreThoseOfTypeSevenInR() {
        // R 4.3: quantile(c(15, 20, 35, 40, 50), c(.05, .3, .4, .5, 1), type = 7) is 16, 23, 29, 35, 50.
        let found = OrderStatistics.find(
            [0.05, 0.3, 0.4, 0.5, 1].map { .quantile($0) }, in: [50, 15, 40, 20, 35], Workers(threadCount: 1))
        #expect(zip(found.values, [16, 23, 29, 35, 50]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func whatIsNotThereIsNaN() {
        let none = OrderStatistics.find([.quantile(0.5), .rank(0)], in: [.nan, .nan], Workers(threadCount: 1))
        #expect(none.presentCount == 0 && none.missingCount == 2)
        #expect(none.values.allSatisfy { $0.isNaN })
        let one = OrderStatistics.find(
            [.quantile(0.5), .rank(1), .rank(0)], in: [-0.0, .nan], Workers(threadCount: 1))
        #expect(bits([one.values[0], one.values[2]]) == bits([0, 0]))
        #expect(one.values[1].isNaN)
    }

    @Test func endsOfTheRangeInterpolateWithoutOverflow() {
        let limit = Double.greatestFiniteMagnitude
        let found = OrderStatistics.find([.quantile(0.5)], in: [limit, -limit], Workers(threadCount: 1))
        #expect(found.values == [0])
    }

    @Test func errorsOfTheSourceArePassedOn() {
        struct ReadFailure: Error, Equatable {}
        let source = ColumnSource(columnCount: 1, rowCounts: [10]) { _, _, _, _ in throw ReadFailure() }
        #expect(throws: ReadFailure()) {
            try OrderStatistics.find([[.quantile(0.5)]], in: source, Workers(threadCount: 2))
        }
    }

    @Test(arguments: 0..<60)
    func theKernelCountsAndKeepsWhatItsTwinDoes(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let shape = Shape.allCases[seed % Shape.allCases.count]
        let values = shape.values(count: seed < 40 ? seed : generator.integer(in: 500...2_048), &generator)
        #expect(ck_count_present(values, values.count) == values.count { !$0.isNaN })
        let ends = [values.first ?? 0, values.last ?? 0, 3, -.infinity, .infinity].filter { !$0.isNaN }
        for lower in ends {
            for upper in ends where lower <= upper {
                let twin = RankSieve.sieve(values, RankSieve.Bracket(lower: lower, upper: upper))
                var counts = ck_bracket_counts()
                let interior = [Double](unsafeUninitializedCapacity: values.count) { interior, count in
                    count = ck_sieve(values, values.count, lower, upper, &counts, interior.baseAddress)
                }
                #expect(bits(interior) == bits(twin.interior))
                #expect(counts.below_lower == twin.belowLower && counts.at_lower == twin.atLower)
                #expect(counts.at_upper == twin.atUpper)
            }
        }
    }

    @Test func orderKeysOrderAsTheNumbersDo() {
        var generator = RepeatableGenerator(seed: 1)
        let values =
            [-.infinity, -1, -0x1p-1074, 0, 0x1p-1074, 1, .infinity]
            + (0..<500).map { _ in
                generator.anyFiniteDouble()
            }
        for a in values {
            #expect(value(ofOrderKey: orderKey(of: a)) == a)
            for b in values { #expect((orderKey(of: a) < orderKey(of: b)) == (a < b)) }
        }
        #expect(orderKey(of: -0.0) == orderKey(of: 0))
    }

    @Test(arguments: 0..<40)
    func selectionFindsEveryRank(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let shape = Shape.allCases[seed % Shape.allCases.count]
        let values = shape.values(count: 60, &generator).filter { !$0.isNaN }
        let sorted = values.sorted()
        for rank in sorted.indices {
            var copy = values
            let found = copy.withUnsafeMutableBufferPointer { selectValue(atRank: rank, in: $0) }
            #expect(found == sorted[rank])
        }
    }

    @Test func momentsOfASourceAreThoseOfItsColumns() throws {
        var generator = RepeatableGenerator(seed: 4)
        let columns = (0..<2).map { Shape.allCases[$0 * 3].values(count: 5_000, &generator) }
        for threadCount in everyThreadCount {
            let found = try source(of: columns, &generator).moments(Workers(threadCount: threadCount))
            for (moments, values) in zip(found, columns) {
                var expected = Moments()
                expected.update(values.span)
                #expect(moments.count == expected.count && moments.missingCount == expected.missingCount)
                #expect(moments.sum == expected.sum && moments.standardDeviation == expected.standardDeviation)
            }
        }
    }

    /// A source of columns cut into chunks of random sizes, empty ones among them.
    private func source(of columns: [[Double]], _ generator: inout RepeatableGenerator) -> ColumnSource {
        var starts = [0]
        while starts.last! < columns[0].count {
            starts.append(min(columns[0].count, starts.last! + max(0, generator.integer(in: -300...2_500))))
        }
        let chunkStarts = starts
        return ColumnSource(columnCount: columns.count, rowCounts: zip(starts.dropFirst(), starts).map { $0 - $1 }) {
            column, chunk, rows, values in
            for (offset, row) in rows.enumerated() { values[offset] = columns[column][chunkStarts[chunk] + row] }
        }
    }
}

/// Columns as exports have them, and worse.
enum Shape: CaseIterable {
    case even, skewed, grades, mostlyZero, mostlyMissing, constant, ascending, anyBits

    func values(count: Int, _ generator: inout RepeatableGenerator) -> [Double] {
        (0..<count).map { row in
            switch self {
            case .even: generator.unit() * 200 - 100
            case .skewed: 1 / (1 - generator.unit()) / (1 - generator.unit())
            case .grades: Double(generator.integer(in: 1...5))
            case .mostlyZero: generator.unit() < 0.7 ? (row % 2 == 0 ? 0 : -0.0) : generator.unit() - 0.2
            case .mostlyMissing: generator.unit() < 0.9 ? .nan : generator.unit()
            case .constant: 42
            case .ascending: Double(row)
            case .anyBits: generator.unit() < 0.05 ? .nan : generator.anyFiniteDouble()
            }
        }
    }
}

extension OrderStatistic {
    /// The definition, over a sorted array.
    func referenceValue(_ sorted: [Double]) -> Double {
        switch self {
        case .rank(let rank):
            return rank < sorted.count ? sorted[rank] + 0.0 : .nan
        case .quantile(let p):
            guard !sorted.isEmpty else { return .nan }
            let position = Double(sorted.count - 1) * p
            let low = sorted[Int(position)]
            let high = sorted[min(sorted.count - 1, Int(position) + 1)]
            let fraction = position - position.rounded(.down)
            if fraction == 0 || low == high { return low + 0.0 }
            return (high - low).isFinite ? low + fraction * (high - low) : low * (1 - fraction) + high * fraction
        }
    }
}

import Glibc
import Scoring
import TestSupport
import Testing

struct ObjectiveWeightingTests {
    private func columns(_ seed: Int, rows: Int = 200, count: Int = 5, missing: Bool = false) -> [[Double]] {
        var generator = RepeatableGenerator(seed: seed)
        let common = (0..<rows).map { _ in generator.unit() }
        return (0..<count).map { column in
            (0..<rows).map { row in
                let value = generator.unit() + Double(column) * common[row]
                return missing && generator.integer(in: 0...6) == 0 ? .nan : value * value
            }
        }
    }

    @Test func criticOfDiakoulaki1995IsMet() throws {
        let firms = [
            [61, 20.7, 16.3, 9, 5.4, 4, -6.1, -34.6], [1.08, 0.26, 1.98, 3.29, 2.77, 4.12, 3.52, 3.31],
            [4.33, 4.34, 2.53, 1.65, 2.33, 1.21, 2.10, 0.98],
        ]
        let weights = try ArrayPopulation(firms).weights(.critic)
        #expect(isClose(weights, [0.20222554, 0.48090173, 0.31687273], within: 5e-9))
    }

    /// The methods as their papers write them, on min-max values with gaps left out pair by pair.
    private func reference(_ method: ObjectiveWeighting, _ columns: [[Double]]) -> [Double] {
        let normalized = columns.map { column -> [Double] in
            let known = column.filter { !$0.isNaN }
            let (low, high) = (known.min()!, known.max()!)
            return column.map { $0.isNaN ? .nan : ($0 - low) / (high - low) }
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        func deviation(_ values: [Double]) -> Double {
            let center = mean(values)
            return mean(values.map { ($0 - center) * ($0 - center) }).squareRoot()
        }
        func correlation(_ left: [Double], _ right: [Double]) -> Double {
            let pairs = zip(left, right).filter { !$0.0.isNaN && !$0.1.isNaN }
            let (first, second) = (pairs.map(\.0), pairs.map(\.1))
            let products = mean(pairs.map { ($0 - mean(first)) * ($1 - mean(second)) })
            return products / (deviation(first) * deviation(second))
        }
        let known = normalized.map { $0.filter { !$0.isNaN } }
        let raw: [Double]
        switch method {
        case .entropy:
            raw = known.map { values in
                let sum = values.reduce(0, +)
                let entropy = values.filter { $0 > 0 }.reduce(0) { $0 - $1 / sum * log($1 / sum) }
                return 1 - entropy / log(Double(values.count))
            }
        case .critic:
            raw = normalized.indices.map { first in
                deviation(known[first])
                    * normalized.indices.reduce(0) { $0 + 1 - correlation(normalized[first], normalized[$1]) }
            }
        case .standardDeviation: raw = known.map(deviation)
        case .coefficientOfVariation: raw = known.map { deviation($0) / mean($0) }
        case .merec:
            let rowCount = normalized[0].count
            let logs = normalized.map { $0.map { $0.isNaN ? 0 : abs(log(1 / (1 + $0))) } }
            let count = Double(logs.count)
            raw = logs.indices.map { removed in
                (0..<rowCount).reduce(0) { sum, row in
                    let all = log(1 + logs.reduce(0) { $0 + $1[row] } / count)
                    let rest = logs.indices.filter { $0 != removed }.reduce(0) { $0 + logs[$1][row] }
                    return sum + abs(log(1 + rest / count) - all)
                }
            }
        case .principalComponent:
            let correlations = normalized.map { row in normalized.map { correlation(row, $0) } }
            var vector = [Double](repeating: 1, count: normalized.count)
            for _ in 0..<5_000 {
                let product = correlations.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
                let size = product.reduce(0) { $0 + $1 * $1 }.squareRoot()
                vector = product.map { $0 / size }
            }
            raw = vector.map(abs)
        }
        let sum = raw.reduce(0, +)
        return raw.map { $0 / sum }
    }

    @Test(arguments: ObjectiveWeighting.allCases, [false, true])
    func weightsAreThoseOfTheDefinition(method: ObjectiveWeighting, missing: Bool) throws {
        for seed in 0..<4 {
            let columns = columns(seed, rows: missing ? 150 : 300, missing: missing)
            let weights = try ArrayPopulation(columns).weights(method)
            #expect(isClose(weights, reference(method, columns), within: 1e-9), "seed \(seed)")
            #expect(abs(weights.reduce(0, +) - 1) < 1e-14)
        }
    }

    @Test(arguments: ObjectiveWeighting.allCases)
    func unitsAndSenseOfAnIndicatorDoNotCount(method: ObjectiveWeighting) throws {
        let columns = columns(3)
        let weights = try ArrayPopulation(columns).weights(method)
        var scaled = columns
        scaled[1] = scaled[1].map { $0 * 1024 + 64 }
        scaled[2] = scaled[2].map { -$0 }
        let directions: [Direction] = [.higher, .higher, .lower, .higher, .higher]
        #expect(isClose(try ArrayPopulation(scaled, directions: directions).weights(method), weights, within: 1e-9))
    }

    @Test(arguments: ObjectiveWeighting.allCases)
    func orderOfCustomersDoesNotCount(method: ObjectiveWeighting) throws {
        let columns = columns(4, rows: 1_500, missing: true)
        let weights = try ArrayPopulation(columns).weights(method)
        let turned = columns.map { Array($0.reversed()) }
        #expect(isClose(try ArrayPopulation(turned).weights(method), weights, within: 1e-9))
    }

    /// Entropy over its largest value depends on how many customers there are; all others do not.
    @Test(arguments: ObjectiveWeighting.allCases.filter { $0 != .entropy })
    func everyCustomerTwiceChangesNothing(method: ObjectiveWeighting) throws {
        let columns = columns(5)
        let weights = try ArrayPopulation(columns).weights(method)
        #expect(isClose(try ArrayPopulation(columns.map { $0 + $0 }).weights(method), weights, within: 1e-9))
    }

    @Test(arguments: ObjectiveWeighting.allCases)
    func indicatorsMayChangePlaces(method: ObjectiveWeighting) throws {
        let columns = columns(6, missing: true)
        let weights = try ArrayPopulation(columns).weights(method)
        let turned = try ArrayPopulation(columns.reversed()).weights(method)
        #expect(isClose(turned.reversed(), weights, within: 1e-9))
    }

    @Test(arguments: ObjectiveWeighting.allCases)
    func constantAndAbsentIndicatorsWeighNothing(method: ObjectiveWeighting) throws {
        let rows = 100
        let weights = try ArrayPopulation(
            columns(7, rows: rows, count: 2) + [
                Array(repeating: 4.5, count: rows), Array(repeating: .nan, count: rows),
            ]
        ).weights(method)
        #expect(weights[2...] == [0, 0])
        #expect(abs(weights[0] + weights[1] - 1) < 1e-14)
        let nothing = try ArrayPopulation([[1, 1, 1], [2, 2, 2]]).weights(method)
        #expect(nothing == [0.5, 0.5])
    }

    @Test(arguments: ObjectiveWeighting.allCases)
    func groupsAreWeighedAmongThemselves(method: ObjectiveWeighting) throws {
        let columns = columns(8, count: 6).map { column in
            let (low, high) = (column.min()!, column.max()!)
            return column.map { ($0 - low) / (high - low) }
        }
        var moments = IndicatorMoments(indicatorCount: 6, groups: [0..<2, 2..<6, 0..<6])
        moments.update(columns: columns)
        for (group, range) in moments.groups.enumerated() {
            var alone = IndicatorMoments(indicatorCount: range.count, groups: [0..<range.count])
            alone.update(columns: Array(columns[range]))
            #expect(
                isClose(
                    method.weights(from: moments, group: group), method.weights(from: alone, group: 0), within: 1e-12))
        }
    }

    @Test func combinationReachesFromOneSetToTheOther() {
        let (subjective, objective) = ([0.5, 0.5, 0], [0.1, 0.6, 0.3])
        #expect(
            isClose(combinedWeights(subjective: subjective, objective: objective, share: 1), subjective, within: 1e-15))
        #expect(
            isClose(combinedWeights(subjective: subjective, objective: objective, share: 0), objective, within: 1e-15))
        let half = combinedWeights(subjective: subjective, objective: objective, share: 0.5)
        let roots = [sqrt(0.05), sqrt(0.3), 0]
        #expect(isClose(half, roots.map { $0 / (roots[0] + roots[1]) }, within: 1e-15))
        #expect(combinedWeights(subjective: [1, 0], objective: [0, 1], share: 0.5) == [1, 0])
    }
}

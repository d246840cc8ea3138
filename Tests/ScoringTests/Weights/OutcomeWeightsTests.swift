import Glibc
@testable import Scoring
import TestSupport
import Testing
import VectorMath

struct OutcomeWeightsTests {
    private func population(
        _ regression: OutcomeRegression, _ coefficients: [Double], intercept: Double, noise: Double, seed: Int,
        rows: Int = 4_000
    ) throws -> ArrayPopulation {
        var generator = RepeatableGenerator(seed: seed)
        var columns = coefficients.map { _ in (0..<rows).map { _ in generator.unit() } }
        for column in columns.indices { columns[column][0] = 0; columns[column][1] = 1 }
        let outcomes = (0..<rows).map { row in
            let value = intercept + coefficients.indices.reduce(0) { $0 + coefficients[$1] * columns[$1][row] }
            switch regression {
            case .leastSquares: return value + noise * (generator.unit() - 0.5)
            case .logistic: return generator.unit() < 1 / (1 + exp(-value)) ? 1 : 0
            }
        }
        return try ArrayPopulation(columns, outcomes: outcomes)
    }

    @Test func leastSquaresFindsWhatMadeTheOutcome() throws {
        let fit = try OutcomeWeights.fit(
            .leastSquares, to: population(.leastSquares, [3, 0, 1], intercept: 10, noise: 0, seed: 1),
            indicatorCount: 3)
        #expect(isClose(fit.coefficients, [3, 0, 1], within: 1e-9))
        #expect(isClose(fit.weights, [0.75, 0, 0.25], within: 1e-9))
        #expect(abs(fit.intercept - 10) < 1e-9)
        #expect(try #require(fit.holdOutFigure) > 1 - 1e-12)
        #expect(fit.fittedCount + fit.heldOutCount == 4_000)
        #expect((600...1_000).contains(fit.heldOutCount))
    }

    @Test func whatCountsAgainstTheOutcomeWeighsNothing() throws {
        let fit = try OutcomeWeights.fit(
            .leastSquares, to: population(.leastSquares, [2, -1, 1], intercept: 0, noise: 0.5, seed: 2),
            indicatorCount: 3)
        #expect(fit.weights[1] == 0)
        #expect(fit.weights[0] > fit.weights[2])
        #expect((0.5...1).contains(try #require(fit.holdOutFigure)))
    }

    @Test func logisticRegressionMeetsItsOwnConditions() throws {
        let population = try population(.logistic, [4, 1, -2], intercept: -2, noise: 0, seed: 3)
        let fit = try OutcomeWeights.fit(.logistic, to: population, indicatorCount: 3)
        #expect(fit.converged)
        #expect(fit.weights[2] == 0)
        #expect(abs(fit.coefficients[0] - 4) < 0.6)
        // Karush, Kuhn & Tucker: no gradient where a coefficient is positive, none that would raise one held at 0.
        var gradient = [0.0, 0, 0, 0]
        for row in population.outcomes.indices where !ScoredRows.isHeldOut(row) {
            let values = population.columns.map { $0[row] } + [1]
            let value = fit.intercept + zip(fit.coefficients, values).reduce(0) { $0 + $1.0 * $1.1 }
            for index in gradient.indices {
                gradient[index] += (population.outcomes[row] - 1 / (1 + exp(-value))) * values[index]
            }
        }
        for index in [0, 1, 3] { #expect(abs(gradient[index]) < 1e-6) }
        #expect(gradient[2] < 0)
        #expect((0.6...1).contains(try #require(fit.holdOutFigure)))
    }

    @Test(arguments: OutcomeRegression.allCases)
    func blocksOfAnySizeGiveTheSameWeights(regression: OutcomeRegression) throws {
        var population = try population(regression, [1, 2, 0.5], intercept: -1, noise: 1, seed: 4)
        let whole = try OutcomeWeights.fit(regression, to: population, indicatorCount: 3)
        population.blockRowCount = 77
        let pieces = try OutcomeWeights.fit(regression, to: population, indicatorCount: 3)
        #expect(isClose(pieces.weights, whole.weights, within: 1e-9))
        #expect(pieces.heldOutCount == whole.heldOutCount)
    }

    @Test(arguments: OutcomeRegression.allCases)
    func unitsAndSenseOfAnIndicatorDoNotCount(regression: OutcomeRegression) throws {
        let population = try population(regression, [1, 2, 0.5], intercept: -1, noise: 1, seed: 6)
        let weights = try OutcomeWeights.fit(regression, to: population, indicatorCount: 3).weights
        var columns = population.columns
        columns[0] = columns[0].map { $0 * 1024 + 64 }
        columns[1] = columns[1].map { -$0 }
        let turned = try ArrayPopulation(
            columns, outcomes: population.outcomes, directions: [.higher, .lower, .higher])
        let others = try OutcomeWeights.fit(regression, to: turned, indicatorCount: 3).weights
        #expect(isClose(others, weights, within: 1e-7))
    }

    /// Other customers are held out then, so of what chance adds a part is another.
    @Test(arguments: OutcomeRegression.allCases)
    func orderAndCopiesOfCustomersHardlyCount(regression: OutcomeRegression) throws {
        let population = try population(regression, [1, 3, 2], intercept: -3, noise: 0, seed: 7, rows: 20_000)
        let weights = try OutcomeWeights.fit(regression, to: population, indicatorCount: 3).weights
        let tolerance = regression == .leastSquares ? 1e-9 : 0.02
        let turned = try ArrayPopulation(
            population.columns.map { $0.reversed() }, outcomes: population.outcomes.reversed())
        let twice = try ArrayPopulation(
            population.columns.map { $0 + $0 }, outcomes: population.outcomes + population.outcomes)
        for other in [turned, twice] {
            let others = try OutcomeWeights.fit(regression, to: other, indicatorCount: 3).weights
            #expect(isClose(others, weights, within: tolerance))
        }
    }

    @Test func ridgeDrawsTwinsTogether() throws {
        var generator = RepeatableGenerator(seed: 5)
        let first = (0..<500).map { _ in generator.unit() }
        let second = first.map { $0 + 1e-9 * generator.unit() }
        let population = try ArrayPopulation([first, second], outcomes: first)
        let fit = try OutcomeWeights.fit(.leastSquares, to: population, indicatorCount: 2, ridge: 0.01)
        #expect(isClose(fit.weights, [0.5, 0.5], within: 0.01))
        let same = try ArrayPopulation([first, first], outcomes: first)
        let plain = try OutcomeWeights.fit(.leastSquares, to: same, indicatorCount: 2)
        #expect(abs(plain.weights.reduce(0, +) - 1) < 1e-12)
    }

    @Test func separableOutcomesEndWithWeights() throws {
        let values = (0..<300).map { Double($0) }
        let population = try ArrayPopulation([values], outcomes: values.map { $0 < 150 ? 0 : 1 })
        let fit = try OutcomeWeights.fit(.logistic, to: population, indicatorCount: 1)
        #expect(fit.weights == [1])
        #expect(fit.holdOutFigure == 1)
    }

    @Test(arguments: OutcomeRegression.allCases)
    func outcomesThatTellNothingAreRefused(regression: OutcomeRegression) throws {
        let column = (0..<50).map { Double($0 % 7) }
        for outcomes in [
            Array(repeating: 1, count: 50), Array(repeating: .nan, count: 50),
            [0, 1] + Array(repeating: .nan, count: 48),
        ] {
            let population = try ArrayPopulation([column, column.map { $0 * $0 }], outcomes: outcomes)
            #expect(throws: ScoringError.self) {
                try OutcomeWeights.fit(regression, to: population, indicatorCount: 2)
            }
        }
        let amounts = try ArrayPopulation([column], outcomes: column)
        #expect(throws: ScoringError.self) { try OutcomeWeights.fit(.logistic, to: amounts, indicatorCount: 1) }
    }

    @Test(arguments: 0..<50) func areaUnderTheCurveIsTheShareOfPairsInOrder(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let pairs = (0..<40).map { _ in
            (value: Double(generator.integer(in: 0...9)), outcome: Double(generator.integer(in: 0...1)))
        }
        let (ones, zeros) = (pairs.filter { $0.outcome == 1 }, pairs.filter { $0.outcome == 0 })
        let wins = ones.reduce(0.0) { sum, one in
            sum + zeros.reduce(0) { $0 + (one.value > $1.value ? 1 : one.value == $1.value ? 0.5 : 0) }
        }
        let area = areaUnderCurve(pairs)
        let share: Double? = ones.isEmpty || zeros.isEmpty ? nil : wins / Double(ones.count * zeros.count)
        #expect(area == share)
    }

    @Test(arguments: 0..<200) func minimumIsTheBestOfAllSets(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let order = generator.integer(in: 1...6)
        let rows = (0..<order + 3).map { _ in (0..<order).map { _ in generator.unit() - 0.3 } }
        let elements = (0..<order * order).map { place in
            rows.reduce(0) { $0 + $1[place / order] * $1[place % order] }
        }
        let curvature = SymmetricMatrix(order: order, elements: elements)
        let linear = (0..<order).map { _ in generator.unit() - 0.5 }
        let free = (0..<order).map { _ in generator.integer(in: 0...3) == 0 }
        func loss(_ x: [Double]) -> Double {
            var loss = 0.0
            for row in 0..<order {
                for column in 0..<order { loss += x[row] * curvature[row, column] * x[column] / 2 }
                loss -= linear[row] * x[row]
            }
            return loss
        }
        var best = 0.0
        for set in 1..<(1 << order) {
            let members = (0..<order).filter { set >> $0 & 1 == 1 }
            let part = SymmetricMatrix(
                order: members.count, elements: members.flatMap { c in members.map { curvature[$0, c] } })
            guard let solution = part.solve(members.map { linear[$0] }) else { continue }
            guard zip(members, solution).allSatisfy({ free[$0] || $1 >= 0 }) else { continue }
            var x = [Double](repeating: 0, count: order)
            for (index, value) in zip(members, solution) { x[index] = value }
            best = min(best, loss(x))
        }
        let found = nonNegativeMinimum(curvature: curvature, linear: linear, free: free)
        #expect(zip(found, free).allSatisfy { $1 || $0 >= 0 })
        #expect(abs(loss(found) - best) <= 1e-9 * (1 + abs(best)))
    }
}

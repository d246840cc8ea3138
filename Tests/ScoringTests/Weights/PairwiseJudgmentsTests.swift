import Scoring
import TestSupport
import Testing

struct PairwiseJudgmentsTests {
    private let saatysHouse: [Double] = [
        5, 3, 7, 6, 6, 1 / 3, 1 / 4,
        1 / 3, 5, 3, 3, 1 / 5, 1 / 7,
        6, 3, 4, 6, 1 / 5,
        1 / 3, 1 / 4, 1 / 7, 1 / 8,
        1 / 2, 1 / 5, 1 / 6,
        1 / 5, 1 / 6,
        1 / 2,
    ]

    @Test func houseOfSaaty1990IsMetToThePrintedDigits() throws {
        let judgments = try PairwiseJudgments(upperTriangle: saatysHouse)
        #expect(abs(judgments.principalEigenvalue - 9.669) < 0.0005)
        #expect(abs(judgments.consistencyIndex - 0.238) < 0.0005)
        #expect(abs(judgments.consistencyRatio - 0.169) < 0.0005)
        #expect(
            isClose(judgments.weights, [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333], within: 0.0006))
    }

    @Test func threeFiveThreeIsMet() throws {
        let judgments = try PairwiseJudgments(upperTriangle: [3, 5, 3])
        #expect(isClose(judgments.weights, [0.636986, 0.258285, 0.104729], within: 5e-7))
        #expect(abs(judgments.consistencyRatio - 0.033199) < 5e-7)
    }

    @Test(arguments: 0..<50) func weightsAreAnEigenvector(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let count = generator.integer(in: 2...15)
        let judgments = try PairwiseJudgments(
            upperTriangle: (0..<count * (count - 1) / 2).map { _ in
                let ratio = Double(generator.integer(in: 1...9))
                return generator.integer(in: 0...1) == 0 ? ratio : 1 / ratio
            })
        #expect(abs(judgments.weights.reduce(0, +) - 1) < 1e-14)
        for row in 0..<count {
            var product = 0.0
            for column in 0..<count { product += judgments.ratios[row * count + column] * judgments.weights[column] }
            #expect(abs(product - judgments.principalEigenvalue * judgments.weights[row]) < 1e-12)
        }
    }

    @Test func criteriaMayChangePlaces() throws {
        let judgments = try PairwiseJudgments(upperTriangle: saatysHouse)
        let last = 7
        let turned = try PairwiseJudgments(
            upperTriangle: (0..<last).flatMap { row in
                (row + 1...last).map { judgments.ratios[(last - row) * 8 + last - $0] }
            })
        #expect(isClose(turned.weights.reversed(), judgments.weights, within: 1e-13))
        #expect(abs(turned.consistencyRatio - judgments.consistencyRatio) < 1e-13)
    }

    @Test func consistentJudgmentsHaveNoOutlier() throws {
        let judgments = try PairwiseJudgments(upperTriangle: [2, 4, 8, 2, 4, 2])
        #expect(judgments.consistencyRatio < 1e-12)
        #expect(judgments.mostInconsistent == nil)
        let powers: [Double] = [8, 4, 2, 1]
        #expect(isClose(judgments.weights, powers.map { $0 / 15 }, within: 1e-14))
    }

    @Test func oneWrongJudgmentIsNamedAndMended() throws {
        // 8 : 4 : 2 : 1, but the second is said to be 7 times less important than the fourth.
        let judgments = try PairwiseJudgments(upperTriangle: [2, 4, 8, 2, 1 / 7, 2])
        let outlier = try #require(judgments.mostInconsistent)
        #expect((outlier.row, outlier.column) == (1, 3))
        #expect(abs(outlier.mendedRatio - 4) < 1e-9)
        #expect(judgments.consistencyRatio > PairwiseJudgments.consistencyLimit)
        #expect(outlier.mendedConsistencyRatio < 1e-9)
    }

    @Test func oneAndTwoCriteriaCannotContradict() throws {
        #expect(try PairwiseJudgments(upperTriangle: []).weights == [1])
        let two = try PairwiseJudgments(upperTriangle: [3])
        #expect(isClose(two.weights, [0.75, 0.25], within: 1e-15))
        #expect(two.consistencyRatio == 0)
    }

    @Test(arguments: [[1.0, 2], [0, 1, 1], [1, .nan, 1], [1, 2000, 1], Array(repeating: 1, count: 120)])
    func whatIsNoTriangleOfRatiosIsRefused(triangle: [Double]) {
        #expect(throws: ScoringError.self) { try PairwiseJudgments(upperTriangle: triangle) }
    }
}

import TestSupport
import Testing
import VectorMath

struct MomentsTests {
    /// Certified values of the NIST Statistical Reference Datasets, univariate summary statistics.
    @Test(arguments: NumAccDataset.all)
    func meanAndDeviationAreNISTsToFourteenDigits(_ dataset: NumAccDataset) throws {
        let moments = moments(of: dataset.values)
        let mean = try #require(moments.mean)
        let deviation = try #require(moments.standardDeviation)
        #expect(abs(mean / dataset.mean - 1) < 1e-15)
        // The data are decimals rounded to binary: their own deviation is NIST's to the digits given here.
        #expect(abs(deviation / dataset.standardDeviation - 1) < dataset.tolerance)
    }

    @Test(arguments: 0..<20)
    func aShiftOf1e15ChangesNoDigitOfTheVariance(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let whole = (0..<3_000).map { _ in Double(generator.integer(in: -50...50)) }
        let variance = try #require(moments(of: whole).variance)
        let shifted = try #require(moments(of: whole.map { $0 + 1e15 }).variance)
        #expect(variance == shifted)
        // Whole numbers: the two-pass formula in integers is exact.
        let sum = whole.reduce(0) { $0 + Int($1) }
        let numerator = whole.reduce(0) { $0 + Int($1) * Int($1) } * 3_000 - sum * sum
        #expect(abs(variance / (Double(numerator) / (3_000 * 2_999)) - 1) <= 0x1p-51)
    }

    @Test(arguments: 0..<20)
    func chunkingAndOrderDoNotChangeABit(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let values = (0..<5_000).map { _ in
            generator.unit() < 0.1 ? .nan : generator.unit() * (seed % 2 == 0 ? 1 : 1e200) - 0.3
        }
        let expected = summary(moments(of: values))
        #expect(summary(moments(of: values.shuffled(using: &generator))) == expected)
        var combined = Moments()
        var start = 0
        while start < values.count {
            let end = min(values.count, start + generator.integer(in: 1...2_000))
            combined.combine(moments(of: Array(values[start..<end])))
            start = end
        }
        #expect(summary(combined) == expected)
    }

    @Test func missingValuesAreCountedApart() {
        let moments = moments(of: [.nan, 2, .infinity, -4, .nan])
        #expect(moments.count == 2 && moments.missingCount == 3)
        #expect(moments.minimum == -4 && moments.maximum == 2)
        #expect(moments.sum == -2 && moments.mean == -1)
        #expect(moments.variance == 18 && moments.populationStandardDeviation == 3)
    }

    @Test func tooFewValuesHaveNoMoments() {
        let none = moments(of: [.nan])
        #expect(none.minimum == nil && none.maximum == nil && none.mean == nil && none.variance == nil)
        #expect(none.sum == 0 && none.populationStandardDeviation == nil)
        let one = moments(of: [-0.0])
        #expect(one.minimum?.sign == .plus && one.maximum?.sign == .plus)
        #expect(one.mean == 0 && one.standardDeviation == nil && one.populationStandardDeviation == 0)
    }

    @Test func extremesOfTheRangeStayFinite() throws {
        let large = moments(of: [Double](repeating: .greatestFiniteMagnitude, count: 3) + [0])
        #expect(large.sum == .infinity)
        #expect(large.mean == .greatestFiniteMagnitude * 0.75)
        #expect(large.variance == .infinity)
        #expect(large.standardDeviation == .greatestFiniteMagnitude / 2)
        let tiny = moments(of: [0x1p-1074, 0x1p-1074 * 3])
        #expect(tiny.mean == 0x1p-1073 && tiny.populationStandardDeviation == 0x1p-1074)
        #expect(moments(of: [5, 5, 5]).variance == 0)
    }

    private func moments(of values: [Double]) -> Moments {
        var moments = Moments()
        moments.update(values.span)
        return moments
    }

    private func summary(_ moments: Moments) -> [UInt64] {
        [moments.count, moments.missingCount].map { UInt64($0) }
            + bits([moments.minimum!, moments.maximum!, moments.sum, moments.mean!, moments.standardDeviation!])
    }
}

/// NumAcc1 to NumAcc4 of NIST's StRD (https://www.itl.nist.gov/div898/strd/univ/homepage.html).
struct NumAccDataset: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let values: [Double]
    let mean: Double
    let standardDeviation: Double
    let tolerance: Double

    static let all: [NumAccDataset] = [
        NumAccDataset(
            testDescription: "NumAcc1", values: [10_000_001, 10_000_003, 10_000_002], mean: 10_000_002,
            standardDeviation: 1, tolerance: 0x1p-52),
        alternating("NumAcc2", first: 1.2, 1.1, 1.3, mean: 1.2, tolerance: 1e-14),
        alternating("NumAcc3", first: 1_000_000.2, 1_000_000.1, 1_000_000.3, mean: 1_000_000.2, tolerance: 2e-9),
        alternating("NumAcc4", first: 10_000_000.2, 10_000_000.1, 10_000_000.3, mean: 10_000_000.2, tolerance: 2e-8),
    ]

    private static func alternating(
        _ name: String, first: Double, _ low: Double, _ high: Double, mean: Double, tolerance: Double
    ) -> NumAccDataset {
        NumAccDataset(
            testDescription: name, values: [first] + (0..<1_000).map { $0 % 2 == 0 ? low : high }, mean: mean,
            standardDeviation: 0.1, tolerance: tolerance)
    }
}

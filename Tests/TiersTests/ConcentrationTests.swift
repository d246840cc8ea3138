import TestSupport
import Testing
import Tiers
import VectorMath

private let workers = Workers(threadCount: 2)

struct ConcentrationTests {
    @Test func theGiniCoefficientOfCDNOWIsThePublishedOne() throws {
        let concentration = try #require(Concentration(of: try cdnowSpend(), workers: workers))
        #expect((concentration.gini * 1e6).rounded() == 630_917)
        #expect((concentration.topShares[0].ofValue * 1e5).rounded() == 14_554)
        #expect((concentration.topShares[1].ofValue * 1e5).rounded() == 14_554 + 21_513)
        #expect(!concentration.holdsEightyTwenty)
        #expect(concentration.lorenzCurve.count == 101)
    }

    @Test func oneOwnerOfAllIsTheMostUnevenAndEqualAmountsAreNot() throws {
        let one = try #require(Concentration(of: [0, 0, 0, 7], workers: workers))
        #expect(one.gini == 0.75)
        #expect(one.lorenzCurve[75] == 0 && one.lorenzCurve[100] == 1)
        #expect(one.customersForEightyPercent == 0.25)
        let equal = try #require(Concentration(of: [Double](repeating: 3, count: 200), workers: workers))
        #expect(abs(equal.gini) < 1e-12)
        #expect(equal.topShares.map(\.ofValue) == [0.01, 0.05, 0.1, 0.2])
        #expect(zip(equal.lorenzCurve, 0...100).allSatisfy { abs($0 - Double($1) / 100) < 1e-12 })
    }

    @Test func negativeAmountsCountAsZeroAndAreStated() throws {
        let mixed = try #require(Concentration(of: [-5, -1, .nan, 4, 4], workers: workers))
        let zeros = try #require(Concentration(of: [0, 0, 4, 4], workers: workers))
        #expect(mixed.negativeCount == 2 && mixed.negativeValue == -6)
        #expect(mixed.gini == zeros.gini && mixed.lorenzCurve == zeros.lorenzCurve)
        #expect(mixed.customerCount == 4)
        #expect(Concentration(of: [.nan], workers: workers) == nil)
    }

    @Test func theCurveInterpolatesBetweenCustomers() throws {
        let concentration = try #require(Concentration(of: [1, 3], workers: workers))
        #expect(concentration.lorenzCurve[25] == 0.125)
        #expect(concentration.lorenzCurve[50] == 0.25)
        #expect(concentration.lorenzCurve[75] == 0.625)
    }

    @Test(arguments: 0..<6)
    func anyThreadCountGivesTheBitsOfAPlainSort(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let count = seed < 3 ? 123_457 : 300
        let amounts = (0..<count).map { _ -> Double in
            switch generator.integer(in: 0...9) {
            case 0: .nan
            case 1, 2: 0
            case 3: -generator.unit()
            case 4: Double(generator.integer(in: 1...5))
            default: generator.unit() * 1e5
            }
        }
        let sorted = amounts.filter { !$0.isNaN }.map { max($0, 0) }.sorted()
        let total = sorted.reduce(0, +)
        let n = Double(sorted.count)
        let weighted = sorted.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
        let all = everyThreadCount.map { Concentration(of: amounts, workers: Workers(threadCount: $0)) }
        #expect(all.allSatisfy { $0 == all[0] })
        let first = try #require(all[0])
        #expect(abs(first.gini - (2 * weighted / (n * total) - (n + 1) / n)) < 1e-10)
        #expect(abs(first.value - total) < 1e-9 * total)
    }
}

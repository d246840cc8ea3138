import TestSupport
import Testing
import Tiers
import VectorMath

private let workers = Workers(threadCount: 2)

struct TierFitTests {
    private func counts(_ codes: [UInt8], _ tierCount: Int) -> [Int] {
        (0..<tierCount).map { tier in codes.count { $0 == UInt8(tier) } }
    }

    @Test func thePyramidOfCDNOWHasThePublishedCountsAndCutoffs() throws {
        let spend = try cdnowSpend()
        let fit = try TierFit.fit(.pyramid, values: spend, workers: workers)
        #expect(spend.count == 2_357)
        #expect(fit.askedCounts == [24, 94, 353, 1_886])
        #expect(fit.cutoffs.lowerBounds == [940.48, 389.44, 130.54])
        #expect(counts(fit.assign(spend, workers: workers), 4) == [24, 94, 353, 1_886])
    }

    @Test(arguments: [
        (1_000, [10, 40, 150, 800]), (2_357, [24, 94, 353, 1_886]), (1, [0, 0, 0, 1]), (50, [1, 2, 7, 40]),
        (10_000_000, [100_000, 400_000, 1_500_000, 8_000_000]),
    ])
    func sharesBecomeCountsByRoundingHalfUp(customerCount: Int, asked: [Int]) throws {
        guard customerCount <= 10_000 else {
            #expect(cumulative(customerCount) == asked)
            return
        }
        let values = (0..<customerCount).map { Double(($0 * 7_919) % customerCount) }
        let fit = try TierFit.fit(.pyramid, values: values, workers: workers)
        #expect(fit.askedCounts == asked)
    }

    private func cumulative(_ count: Int) -> [Int] {
        let ends = TierFit.endCounts(of: count, shares: [0.01, 0.04, 0.15, 0.80])
        return ends.indices.map { ends[$0] - ($0 == 0 ? 0 : ends[$0 - 1]) }
    }

    @Test(arguments: [
        (TieRule.upward, [4, 1], [8.0]), (.downward, [1, 4], [9.0]), (.split, [2, 3], [8.0]),
    ])
    func tiesFollowTheRule(ties: TieRule, expected: [Int], bounds: [Double]) throws {
        let values = [8.0, 9, 8, 8, 1]
        let specification = TierSpecification(names: ["a", "b"], rule: .customerShares([0.4, 0.6]), ties: ties)
        let fit = try TierFit.fit(specification, values: values, workers: workers)
        #expect(fit.askedCounts == [2, 3])
        #expect(fit.cutoffs.lowerBounds == bounds)
        #expect(counts(fit.assign(values, workers: workers), 2) == expected)
    }

    @Test func splitTakesLargerKeysFirstThenRowOrder() throws {
        let values = [8.0, 9, 8, 8, 8]
        let specification = TierSpecification(names: ["a", "b"], rule: .customerShares([0.6, 0.4]), ties: .split)
        let fit = try TierFit.fit(specification, values: values, workers: workers)
        #expect(fit.assign(values, workers: workers) == [0, 0, 0, 1, 1])
        #expect(fit.assign(values, tieKeys: [1, 0, 2, .nan, 2], workers: workers) == [1, 0, 0, 1, 0])
    }

    @Test func oneTiedGroupCanFillSeveralTiers() throws {
        let values = [Double](repeating: 5, count: 100)
        var specification = TierSpecification.pyramid
        specification.ties = .split
        let fit = try TierFit.fit(specification, values: values, workers: workers)
        #expect(counts(fit.assign(values, workers: workers), 4) == [1, 4, 15, 80])
        specification.ties = .downward
        let down = try TierFit.fit(specification, values: values, workers: workers)
        #expect(down.cutoffs.lowerBounds == [nil, nil, nil])
        #expect(counts(down.assign(values, workers: workers), 4) == [0, 0, 0, 100])
        specification.ties = .upward
        let up = try TierFit.fit(specification, values: values, workers: workers)
        #expect(counts(up.assign(values, workers: workers), 4) == [100, 0, 0, 0])
    }

    @Test func bandsIncludeTheirLowerBound() throws {
        let specification = TierSpecification(
            names: ["VIP", "gold", "silver", "ordinary"], rule: .lowerBounds([100_000, 50_000, 20_000]))
        let values = [100_000, 99_999.99, 50_000, 20_000, 19_999.99, -5, .nan]
        let fit = try TierFit.fit(specification, values: values, workers: workers)
        #expect(fit.askedCounts == nil)
        #expect(fit.rankedCount == 6)
        #expect(fit.assign(values, workers: workers) == [0, 1, 1, 2, 3, 3, 255])
    }

    @Test func classATakesWhoeverReachesEightyPercent() throws {
        let specification = TierSpecification(names: ["A", "B", "C"], rule: .valueShares([0.8, 0.95]))
        let values = [1.0, 50, 30, 10, 5, 4, 0, -20]
        let fit = try TierFit.fit(specification, values: values, workers: workers)
        #expect(fit.askedCounts == [2, 2, 4])
        #expect(fit.assign(values, workers: workers) == [2, 0, 0, 1, 1, 2, 2, 2])
    }

    @Test func layersAreTakenOutBeforeRanking() throws {
        var specification = TierSpecification(names: ["a", "b"], rule: .customerShares([0.5, 0.5]))
        let values: [Double] = [10, 20, 30, 40, .nan]
        let standings: [Standing] = [.active, .active, .inactive, .potential, .active]
        let error = #expect(throws: TiersError.self) {
            try TierFit.fit(specification, values: values, standings: standings, workers: workers)
        }
        #expect(error?.kind == .missingTier)
        specification.inactiveName = "asleep"
        specification.potentialName = "maybe"
        let fit = try TierFit.fit(specification, values: values, standings: standings, workers: workers)
        let codes = fit.assign(values, standings: standings, workers: workers)
        #expect(codes == [1, 0, 2, 3, 255])
        #expect(codes.map(fit.cutoffs.name(of:)) == ["b", "a", "asleep", "maybe", nil])
    }

    @Test func nobodyToRankIsAnError() {
        let error = #expect(throws: TiersError.self) {
            try TierFit.fit(.pyramid, values: [.nan, .nan], workers: workers)
        }
        #expect(error?.kind == .noValues)
    }

    @Test(arguments: 0..<12, [TieRule.upward, .downward, .split])
    func fitAgreesWithASlowRankingForAnyThreadCount(seed: Int, ties: TieRule) throws {
        var generator = RepeatableGenerator(seed: seed)
        // Few distinct values on even seeds; more than one chunk of parallel work on every fourth.
        let count = seed % 4 == 0 ? 150_001 : generator.integer(in: 1...500)
        let distinct = seed % 2 == 0 ? 40 : 1_000_000
        let values = (0..<count).map { _ in
            generator.unit() < 0.02 ? .nan : Double(generator.integer(in: -distinct...distinct)) / 8
        }
        var specification = TierSpecification.pyramid
        specification.ties = ties
        let slow = slowTiers(
            values, ends: TierFit.endCounts(of: values.count { !$0.isNaN }, shares: [0.01, 0.04, 0.15, 0.8]), ties)
        for threadCount in everyThreadCount {
            let workers = Workers(threadCount: threadCount)
            let fit = try TierFit.fit(specification, values: values, workers: workers)
            #expect(fit.assign(values, workers: workers) == slow)
            for (row, value) in values.enumerated().prefix(1_000) where ties != .split {
                #expect(fit.cutoffs.tier(of: value) == slow[row])
            }
            let few = Array(values.prefix(1_000))
            #expect(fit.cutoffs.tiers(of: few) == few.map { fit.cutoffs.tier(of: $0) })
        }
    }

    /// Ranks by sorting rows, then moves groups of equal values as a whole.
    private func slowTiers(_ values: [Double], ends: [Int], _ ties: TieRule) -> [UInt8] {
        var codes = [UInt8](repeating: 255, count: values.count)
        let rows = values.indices.filter { !values[$0].isNaN }.sorted { (values[$1], $0) < (values[$0], $1) }
        func tier(ofRank rank: Int) -> UInt8 { UInt8(ends.firstIndex { rank < $0 }!) }
        var start = 0
        while start < rows.count {
            var end = start
            while end < rows.count, values[rows[end]] == values[rows[start]] { end += 1 }
            for rank in start..<end {
                switch ties {
                case .upward: codes[rows[rank]] = tier(ofRank: start)
                case .downward: codes[rows[rank]] = tier(ofRank: end - 1)
                case .split: codes[rows[rank]] = tier(ofRank: rank)
                }
            }
            start = end
        }
        return codes
    }
}

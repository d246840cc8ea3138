import TestSupport
import Testing
import Tiers
import VectorMath

private let workers = Workers(threadCount: 2)

struct HybridTests {
    private let values: [Double] = [900, 800, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10]

    private func fit(_ rule: TierSpecification.Rule, _ ties: TieRule = .upward) throws -> TierFit {
        try TierFit.fit(
            TierSpecification(names: ["VIP", "gold", "silver"], rule: rule, ties: ties), values: values,
            workers: workers)
    }

    @Test func sharesOfTheRestAreOfCustomersBelowTheBands() throws {
        let fit = try fit(.bandsThenShares(bounds: [800], shares: [0.3], of: .rest))
        #expect(fit.cutoffs.lowerBounds == [800, 80])
        #expect(fit.askedCounts == [nil, 3, 7])
        #expect(fit.assign(values, workers: workers) == [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2])
    }

    @Test func sharesOfAllAreOfTheBandsCustomersToo() throws {
        let fit = try fit(.bandsThenShares(bounds: [800], shares: [0.5], of: .all))
        #expect(fit.cutoffs.lowerBounds == [800, 50])
        #expect(fit.askedCounts == [nil, 6, 4])
    }

    @Test func bandsMayFollowShares() throws {
        let fit = try fit(.sharesThenBands(shares: [0.25], bounds: [50]))
        #expect(fit.cutoffs.lowerBounds == [100, 50])
        #expect(fit.askedCounts == [3, nil, nil])
    }

    @Test func aBandAboveTheSharesBeforeItStaysEmpty() throws {
        let fit = try fit(.sharesThenBands(shares: [0.5], bounds: [500]))
        #expect(fit.cutoffs.lowerBounds == [70, 70])
        #expect(fit.assign(values, workers: workers) == [0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2])
    }

    @Test func equalsThatAShareLeavesOutGoWhereTheirValueBelongs() throws {
        let specification = TierSpecification(
            names: ["a", "b", "c", "d"], rule: .sharesThenBands(shares: [0.5], bounds: [40, 20]), ties: .split)
        let values: [Double] = [90, 30, 30, 10]
        let fit = try TierFit.fit(specification, values: values, workers: workers)
        #expect(fit.assign(values, workers: workers) == [0, 0, 2, 3])
    }

    @Test func bandsThatTakeEverybodyLeaveEmptyTiers() throws {
        let fit = try fit(.bandsThenShares(bounds: [5], shares: [0.3], of: .rest))
        #expect(fit.assign(values, workers: workers) == [UInt8](repeating: 0, count: 12))
        #expect(fit.askedCounts == [nil, 0, 0])
        #expect(fit.cutoffs.tier(of: 4) == 2)
    }

    @Test(arguments: 0..<12, TieRule.allCases)
    func tiersBelowABandAreThoseOfTheRestByItself(seed: Int, ties: TieRule) throws {
        var generator = RepeatableGenerator(seed: seed)
        let values = (0..<(seed % 3 == 0 ? 90_000 : 400)).map { _ in Double(generator.integer(in: 0...60)) }
        let hybrid = TierSpecification(
            names: ["x", "a", "b", "c"], rule: .bandsThenShares(bounds: [50], shares: [0.1, 0.3], of: .rest),
            ties: ties)
        let codes = try TierFit.fit(hybrid, values: values, workers: workers).assign(values, workers: workers)
        let rest = values.map { $0 < 50 ? $0 : .nan }
        let plain = TierSpecification(
            names: ["a", "b", "c"], rule: .customerShares([0.1, 0.3, 0.6]), ties: ties)
        let expected = try TierFit.fit(plain, values: rest, workers: workers).assign(rest, workers: workers)
        #expect(codes == expected.map { $0 == 255 ? 0 : $0 + 1 })
    }

    @Test(arguments: [
        TierSpecification.Rule.bandsThenShares(bounds: [1], shares: [0.5, 0.6], of: .rest),
        .bandsThenShares(bounds: [1, 2], shares: [0.5], of: .rest), .bandsThenShares(bounds: [1], shares: [], of: .all),
        .sharesThenBands(shares: [-0.1], bounds: [2, 1]), .sharesThenBands(shares: [0.1], bounds: [.infinity, 1]),
    ])
    func unsoundMixesAreRefused(rule: TierSpecification.Rule) {
        let error = #expect(throws: TiersError.self) {
            try TierSpecification(names: ["a", "b", "c", "d"], rule: rule).validate()
        }
        #expect(error?.kind == .invalidSpecification)
    }
}

struct TierPropertyTests {
    private static let rules: [TierSpecification.Rule] = [
        .customerShares([0.1, 0.3, 0.6]), .valueShares([0.5, 0.8]), .naturalBreaks,
        .bandsThenShares(bounds: [400], shares: [0.25], of: .rest), .sharesThenBands(shares: [0.1], bounds: [100]),
    ]

    @Test(arguments: 0..<6, rules)
    func cutoffsFollowScaleAndNeitherOrderNorCopies(seed: Int, rule: TierSpecification.Rule) throws {
        var generator = RepeatableGenerator(seed: seed)
        // 100 in the band and 400 below it: every share asks for whole customers, of one population and of two copies.
        let values = (0..<500).map { Double(generator.integer(in: $0 < 100 ? 3_200...4_000 : 0...3_199)) / 8 }
        func bounds(_ values: [Double], _ rule: TierSpecification.Rule) throws -> [Double?] {
            let specification = TierSpecification(names: ["a", "b", "c"], rule: rule)
            return try TierFit.fit(specification, values: values, workers: workers).cutoffs.lowerBounds
        }
        let plain = try bounds(values, rule)
        #expect(try bounds(values.shuffled(using: &generator), rule) == plain)
        #expect(try bounds(values + values, rule) == plain)
        let scaled: TierSpecification.Rule =
            switch rule {
            case .bandsThenShares(let bands, let shares, let base):
                .bandsThenShares(bounds: bands.map { $0 * 4 }, shares: shares, of: base)
            case .sharesThenBands(let shares, let bands):
                .sharesThenBands(shares: shares, bounds: bands.map { $0 * 4 })
            default: rule
            }
        #expect(try bounds(values.map { $0 * 4 }, scaled) == plain.map { $0.map { $0 * 4 } })
    }

    @Test func equalValuesAtEachCutAreCounted() throws {
        let specification = TierSpecification(names: ["a", "b"], rule: .customerShares([0.4, 0.6]))
        let fit = try TierFit.fit(specification, values: [8, 9, 8, 8, 1], workers: workers)
        #expect(fit.equalCounts == [3])
        let many = (0..<50_000).map { Double($0 / 10) }
        #expect(try TierFit.fit(specification, values: many, workers: workers).equalCounts == [10])
    }

    @Test func frozenCutoffsAreNotLearned() throws {
        let cutoffs = TierCutoffs(names: ["old", "older"], lowerBounds: [5])
        let specification = TierSpecification(names: ["a", "b"], rule: .customerShares([0.5, 0.5]))
        let fit = try TierFit.frozen(cutoffs, specification, values: [1, 2, 3, 9], workers: workers)
        #expect(fit.isFrozen && fit.askedCounts == nil && fit.cutoffs.names == ["a", "b"])
        #expect(fit.assign([1, 2, 3, 9], workers: workers) == [1, 1, 1, 0])
    }

    @Test func layersHaveCodesAndNamesInTheOrderOfTheTable() throws {
        let specification = TierSpecification(
            names: ["a"], rule: .lowerBounds([]), inactiveName: "i", potentialName: "p", negativeName: "n",
            badDebtName: "b")
        let standings: [Standing] = [.active, .badDebt, .negative, .potential, .inactive]
        let values: [Double] = [1, 2, 3, 4, 5]
        let fit = try TierFit.fit(specification, values: values, standings: standings, workers: workers)
        let codes = fit.assign(values, standings: standings, workers: workers)
        #expect(codes.map { fit.cutoffs.name(of: $0) } == ["a", "b", "n", "p", "i"])
        let table = TierTable(fit, TierTally.of(codes: codes, values: values, amounts: values, workers: workers))
        #expect(table.rows.map(\.name) == ["a", "i", "p", "n", "b"])
        #expect(table.rows.map(\.value) == [1, 5, 4, 3, 2])
        let nameless = TierSpecification(names: ["a"], rule: .lowerBounds([]))
        let error = #expect(throws: TiersError.self) {
            try TierFit.fit(nameless, values: [1], standings: [.badDebt], workers: workers)
        }
        #expect(error?.kind == .missingTier && error?.path == "badDebtName")
    }
}

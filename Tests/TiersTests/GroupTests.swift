import TestSupport
import Testing
import Tiers
import VectorMath

private let workers = Workers(threadCount: 2)

struct GroupTests {
    @Test(arguments: 0..<8, TieRule.allCases)
    func eachGroupIsCutAsIfItWereAlone(seed: Int, ties: TieRule) throws {
        var generator = RepeatableGenerator(seed: seed)
        // Groups past the size at which one is cut by all workers, on every fourth seed.
        let count = seed % 4 == 0 ? 90_000 : 800
        let names = ["a", "b", "z", "é"]
        let codes = (0..<count).map { _ in
            let group = generator.integer(in: 0...4)
            return group == 4 ? CustomerGroups.none : UInt16(group)
        }
        let values = codes.map { _ in generator.unit() < 0.05 ? .nan : Double(generator.integer(in: 0...90)) }
        let standings: [Standing] = codes.map { _ in generator.unit() < 0.1 ? .inactive : .active }
        var specification = TierSpecification.pyramid
        specification.inactiveName = "asleep"
        specification.ties = ties
        let groups = CustomerGroups(codes: codes, names: names)
        for threadCount in everyThreadCount {
            let workers = Workers(threadCount: threadCount)
            let fit = try TierFit.fit(
                specification, values: values, standings: standings, groups: groups, workers: workers)
            let tiers = fit.assign(values, standings: standings, groups: groups, workers: workers)
            for (group, name) in names.enumerated() {
                let rows = codes.indices.filter { codes[$0] == UInt16(group) }
                let alone = try TierFit.fit(
                    specification, values: rows.map { values[$0] }, standings: rows.map { standings[$0] },
                    workers: workers)
                #expect(fit.cutoffs.groups?.groups[group].name == name)
                #expect(fit.cutoffs.groups?.groups[group].lowerBounds == alone.cutoffs.lowerBounds)
                let expected = alone.assign(
                    rows.map { values[$0] }, standings: rows.map { standings[$0] }, workers: workers)
                #expect(rows.map { tiers[$0] } == expected)
            }
            for row in codes.indices where codes[row] == CustomerGroups.none {
                #expect(tiers[row] == fit.cutoffs.tier(of: values[row], standing: standings[row]))
            }
        }
    }

    @Test func aGroupWhereNobodyIsRankedHasTheCutoffsOfAll() throws {
        let groups = CustomerGroups(codes: [0, 0, 1, .max], names: ["north", "south"])
        let specification = TierSpecification(names: ["a", "b"], rule: .customerShares([0.5, 0.5]))
        let fit = try TierFit.fit(specification, values: [1, 2, .nan, 9], groups: groups, workers: workers)
        #expect(fit.cutoffs.groups == GroupCutoffs([.init(name: "north", lowerBounds: [2])]))
        let bounds = TierBounds(fit.cutoffs, groups: [[], Array("north".utf8), Array("west".utf8)])
        #expect([0, 1, 2, 3].map { bounds.hasOwn($0) } == [false, true, false, false])
        let tables = fit.tables(
            of: groups, codes: [1, 0, 255, 0], values: [1, 2, .nan, 9], amounts: [1, 2, 3, 9], workers: workers)
        #expect(tables.map(\.name) == ["north"])
        #expect(tables[0].table.rows.map(\.customerCount) == [1, 1])
        #expect(tables[0].table.rows.map(\.customersAsked) == [1, 1])
    }

    @Test func groupsAreFoundByTheBytesOfTheirNames() {
        let names = ["z", "é", "e\u{301}", "", "大区"]
        let groups = GroupCutoffs(names.map { .init(name: $0, lowerBounds: []) })
        for name in names {
            #expect(
                groups.index(of: Array(name.utf8)).map { groups.groups[$0].name.utf8.elementsEqual(name.utf8) } == true)
        }
        #expect(groups.index(of: [0xC3]) == nil)
        #expect(groups.isSound(tierCount: 1) && !groups.isSound(tierCount: 2))
    }
}

struct HysteresisTests {
    private func hold(
        _ hysteresis: Hysteresis?, _ values: [Double], was previous: [UInt8]
    ) -> (codes: [UInt8], moves: TierMoves, kept: [Int]) {
        let cutoffs = TierCutoffs(names: ["a", "b", "c"], lowerBounds: [100, 50], inactiveName: "asleep")
        var codes = cutoffs.tiers(of: values)
        var kept: [Int] = []
        let moves = codes.withUnsafeMutableBufferPointer { codes in
            previous.withUnsafeBufferPointer { previous in
                values.withUnsafeBufferPointer { values in
                    TierBounds(cutoffs).hold(
                        hysteresis, codes, previous: previous, values: values,
                        groups: UnsafeBufferPointer(start: nil, count: 0)
                    ) { kept.append($0) }
                }
            }
        }
        return (codes, moves, kept)
    }

    @Test func aCustomerLeavesATierOnlyPastTheCutoffByTheMargin() {
        let held = hold(.units(2), [98, 97.99, 101.99, 102, 99, 49, 47], was: [0, 0, 1, 1, 1, 0, 2])
        #expect(held.codes == [0, 1, 1, 0, 1, 2, 2])
        #expect(held.kept == [0, 2])
        #expect(held.moves.kept == 2 && held.moves.fallen == 2 && held.moves.risen == 1 && held.moves.stayed == 2)
    }

    @Test func aMarginMayBeAShareOfTheCutoff() {
        let held = hold(.share(0.1), [90, 89, 45, 44, 54, 55], was: [0, 0, 1, 1, 2, 2])
        #expect(held.codes == [0, 1, 1, 2, 2, 1])
    }

    @Test func newCustomersAndThoseOfLayersAreNotHeld() {
        let held = hold(.units(100), [99, 99, .nan, 101], was: [Hysteresis.newCode, 3, 0, 255])
        #expect(held.codes == [1, 1, 255, 0])
        #expect(held.moves.new == 1 && held.moves.other == 3 && held.moves.knownCount == 3)
    }

    @Test func withoutAMarginEveryoneIsCountedAndNobodyHeld() {
        let held = hold(nil, [99, 101, 60], was: [0, 1, 1])
        #expect(held.codes == [1, 0, 1])
        #expect(held.moves.fallen == 1 && held.moves.risen == 1 && held.moves.stayed == 1)
    }
}

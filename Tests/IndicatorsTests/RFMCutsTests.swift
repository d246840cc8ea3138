import Indicators
import TestSupport
import Testing
import VectorMath

struct RFMCutsTests {
    struct Customers: Equatable {
        var recency: [Double] = []
        var frequency: [Double] = []
        var monetary: [Double] = []

        /// Random customers, with many equal values and a few without a purchase.
        init(count: Int, seed: Int) {
            var random = RepeatableGenerator(seed: seed)
            for _ in 0..<count {
                let has = random.unit() > 0.05
                recency.append(has ? Double(random.integer(in: 0...(seed % 2 == 0 ? 20 : 700))) : .nan)
                frequency.append(has ? (1 / max(1e-3, random.unit())).rounded(.down) : 0)
                monetary.append(Double(random.integer(in: -500...100_000)) / 100)
            }
        }

        init(_ rows: [(Double, Double, Double)]) {
            recency = rows.map(\.0)
            frequency = rows.map(\.1)
            monetary = rows.map(\.2)
        }

        func cuts(_ specification: RFMSpecification = RFMSpecification(), threads: Int = 2) -> RFMCuts {
            RFMCuts.fit(
                recency: recency, frequency: frequency, monetary: monetary, specification,
                Workers(threadCount: threads))
        }

        func cells(_ cuts: RFMCuts) -> [UInt16] {
            var cells = [UInt16](repeating: 0, count: recency.count)
            var span = cells.mutableSpan
            cuts.score(recency: recency.span, frequency: frequency.span, monetary: monetary.span, into: &span)
            return cells
        }

        mutating func append(_ other: Customers) {
            recency += other.recency
            frequency += other.frequency
            monetary += other.monetary
        }
    }

    static func nested(_ isNested: Bool, scores: Int = 5) -> RFMSpecification {
        var specification = RFMSpecification()
        specification.isNested = isNested
        specification.scoreCount = scores
        return specification
    }

    /// Ten customers by hand: two of ten fall into each fifth; of frequency seven are 1, so that the cuts of the scores
    /// 1, 2 and 3 are all 1, and 2 has the score 4.
    @Test func tenCustomersAreScoredAsByHand() {
        let customers = Customers([
            (1, 9, 900), (5, 3, 100), (10, 2, 200), (20, 1, 300), (30, 1, 400), (40, 1, 500), (50, 1, 600),
            (60, 1, 700), (70, 1, 800), (80, 1, 50),
        ])
        let cuts = customers.cuts()
        #expect(cuts.recency == [5, 20, 40, 60])
        #expect(cuts.frequency == [[1, 1, 1, 2]])
        #expect(cuts.monetary == [[100, 300, 500, 700]])
        let codes = customers.cells(cuts).map { cuts.code(ofCell: Int($0)) }
        #expect(codes == [555, 551, 442, 412, 313, 313, 214, 214, 115, 111])
    }

    @Test func givenCutsAreTheLargestValuesOfTheirScores() {
        var specification = Self.nested(false, scores: 3)
        specification.recencyCuts = [30, 90]
        specification.frequencyCuts = [1, 4]
        specification.monetaryCuts = [0, 100]
        let customers = Customers([(30, 4, 100), (31, 1, 0), (90, 5, 100.01), (91, 2, -1), (.nan, 0, -5)])
        let cuts = customers.cuts(specification)
        let cells = customers.cells(cuts)
        #expect(cells.dropLast().map { cuts.code(ofCell: Int($0)) } == [322, 211, 233, 121])
        #expect(cells.last == RFMCuts.noCell)
    }

    @Test func frequencyIsCutWithinRecencyAndMonetaryWithinBoth() {
        // Two halves by recency; the good one buys 1...4 times, the other 10...13 times.
        let customers = Customers([
            (1, 1, 0), (1, 2, 1), (1, 3, 2), (1, 4, 3), (2, 10, 4), (2, 11, 5), (2, 12, 6), (2, 13, 7),
        ])
        let cuts = customers.cuts(Self.nested(true, scores: 2))
        #expect(cuts.recency == [1])
        #expect(cuts.frequency == [[11], [2]])
        #expect(cuts.monetary == [[4], [6], [0], [2]])
        let codes = customers.cells(cuts).map { cuts.code(ofCell: Int($0)) }
        #expect(codes == [211, 212, 221, 222, 111, 112, 121, 122])
    }

    @Test(arguments: 0..<24) func equalValuesAreNeverSplitAndBetterOnesNeverScoreLess(seed: Int) {
        let customers = Customers(count: [3, 40, 1_000][seed % 3], seed: seed)
        let cuts = customers.cuts(Self.nested(false, scores: 2 + seed % 8))
        let cells = customers.cells(cuts)
        let scored = cells.indices.filter { cells[$0] != RFMCuts.noCell }
        #expect(scored == cells.indices.filter { !customers.recency[$0].isNaN })
        var random = Self.generator(seed)
        for (one, other) in zip(scored, scored.shuffled(using: &random)) {
            let (a, b) = (cuts.scores(ofCell: Int(cells[one])), cuts.scores(ofCell: Int(cells[other])))
            if customers.recency[one] <= customers.recency[other] { #expect(a.r >= b.r) }
            if customers.frequency[one] >= customers.frequency[other] { #expect(a.f >= b.f) }
            if customers.monetary[one] >= customers.monetary[other] { #expect(a.m >= b.m) }
        }
    }

    private static func generator(_ seed: Int) -> RepeatableGenerator { RepeatableGenerator(seed: seed &+ 1) }

    @Test(arguments: 0..<12) func differentValuesFillTheScoresEvenly(seed: Int) {
        var random = Self.generator(seed)
        let count = random.integer(in: 1...3_000)
        let values = (1...count).map(Double.init)
        var customers = Customers([])
        customers.recency = values.shuffled(using: &random)
        customers.frequency = values.shuffled(using: &random)
        customers.monetary = values
        let n = 2 + seed % 8
        for isNested in [false, true] {
            let cuts = customers.cuts(Self.nested(isNested, scores: n))
            let scores = customers.cells(cuts).map { cuts.scores(ofCell: Int($0)) }
            for score in 1...n {
                var sizes = [scores.count { $0.r == score }]
                if !isNested { sizes += [scores.count { $0.f == score }, scores.count { $0.m == score }] }
                let even = count / n...(count + n - 1) / n
                for size in sizes { #expect(even.contains(size), "\(size) of \(count)") }
            }
        }
    }

    @Test(arguments: 0..<12) func neitherOrderNorThreadsNorCopiesChangeTheCuts(seed: Int) {
        let customers = Customers(count: 50_000 / (1 + 99 * (seed % 3)), seed: seed)
        let specification = Self.nested(seed % 2 == 1)
        let cuts = customers.cuts(specification, threads: 1)
        var random = Self.generator(seed)
        let order = customers.recency.indices.shuffled(using: &random)
        var shuffled = Customers(
            order.map { (customers.recency[$0], customers.frequency[$0], customers.monetary[$0]) })
        #expect(shuffled.cuts(specification, threads: 7) == cuts)
        shuffled.append(customers)
        shuffled.append(customers)
        #expect(shuffled.cuts(specification) == cuts)
    }

    @Test func withoutPurchasesThereIsNothingToCut() {
        let customers = Customers([(.nan, 0, -5), (.nan, 0, 0)])
        for isNested in [false, true] {
            let cuts = customers.cuts(Self.nested(isNested))
            #expect(cuts.recency.isEmpty)
            #expect(customers.cells(cuts) == [RFMCuts.noCell, RFMCuts.noCell])
        }
    }

    @Test(arguments: 0..<20) func cutsThatWereFoundBelongToTheirSpecificationAndNoOther(seed: Int) {
        let customers = Customers(count: 400, seed: seed)
        for isNested in [false, true] {
            var specification = Self.nested(isNested, scores: 2 + seed % 8)
            if seed % 3 == 0 { specification.monetaryCuts = (1...1 + seed % 8).map { Double($0) * 50 } }
            var flat = specification
            flat.isNested = false
            let cuts = customers.cuts(specification).filled(from: customers.cuts(flat))
            #expect(cuts.belong(to: specification))
            // Nobody was in the classes that were filled.
            #expect(customers.cells(cuts) == customers.cells(customers.cuts(specification)))
            specification.scoreCount = 2 + (seed + 1) % 8
            #expect(!cuts.belong(to: specification))
            specification.scoreCount = 2 + seed % 8
            specification.isNested.toggle()
            #expect(!cuts.belong(to: specification))
            specification.isNested.toggle()
            specification.recencyCuts = (1...1 + seed % 8).map { Double($0) * -1 - 0.5 }
            #expect(!cuts.belong(to: specification))
        }
    }

    @Test func aClassWithoutCustomersIsCutAsAllAre() {
        let customers = Customers([(1, 1, 10), (2, 2, 20), (3, 3, 30)])
        var specification = Self.nested(true, scores: 2)
        specification.recencyCuts = [100]
        let nested = customers.cuts(specification)
        specification.isNested = false
        let all = customers.cuts(specification)
        // Everybody bought lately: nobody has r 1.
        #expect(nested.frequency == [[], [2]] && nested.monetary == [[], [], [10], [30]])
        let filled = nested.filled(from: all)
        #expect(filled.frequency == [[2], [2]] && filled.monetary == [[20], [20], [10], [30]])
    }
}

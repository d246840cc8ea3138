import Reports
import Scoring
import Tables
import VectorMath

/// Who would recommend the firm, of the answers in one column: whole numbers of 0...10.
struct NetPromoterTally: Equatable, Sendable {
    /// 9 and 10.
    private(set) var promoterCount = 0
    /// 7 and 8.
    private(set) var passiveCount = 0
    /// 0...6.
    private(set) var detractorCount = 0

    /// Counts the answers of a column; other numbers and missing cells are none.
    mutating func update(_ column: NumberColumn) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.blockRowCount) { room in
            for start in stride(from: 0, to: column.count, by: Self.blockRowCount) {
                let rows = start..<min(column.count, start + Self.blockRowCount)
                column.decode(rows, into: room)
                for row in 0..<rows.count {
                    let value = room[row]
                    guard value >= 0, value <= 10, value == value.rounded(.down) else { continue }
                    promoterCount += value >= 9 ? 1 : 0
                    passiveCount += value >= 7 && value < 9 ? 1 : 0
                    detractorCount += value < 7 ? 1 : 0
                }
            }
        }
    }

    mutating func combine(_ other: NetPromoterTally) {
        promoterCount += other.promoterCount
        passiveCount += other.passiveCount
        detractorCount += other.detractorCount
    }

    /// The net promoter score (Reichheld 2003): the share of promoters less that of detractors, -100...100; nil without
    /// an answer.
    var score: Double? {
        let count = promoterCount + passiveCount + detractorCount
        return count == 0 ? nil : 100 * Double(promoterCount - detractorCount) / Double(count)
    }

    private static let blockRowCount = 2_048
}

extension ResolvedPlan {
    /// The indicators whose normalization is that of the net promoter score, and where their columns are.
    var netPromoterIndicators: [(name: String, column: Int)] {
        zip(scoring.indicators, indicatorColumns)
            .filter { $0.0.normalization == .netPromoter }
            .map { ($0.0.name, $0.1) }
    }

    /// What the results say of those indicators; nothing for a plan without one.
    func netPromoterResults(_ tallies: [NetPromoterTally]) -> [JSONValue.Member] {
        let indicators = netPromoterIndicators
        guard !indicators.isEmpty else { return [] }
        let list = zip(indicators, tallies).map { indicator, tally -> JSONValue in
            [
                "indicator": .text(indicator.name), "promoters": .integer(tally.promoterCount),
                "passives": .integer(tally.passiveCount), "detractors": .integer(tally.detractorCount),
                "score": .optional(tally.score),
            ]
        }
        return [.init("netPromoter", .list(list))]
    }
}

extension Population {
    /// Who would recommend the firm, for each indicator that asks it.
    func netPromoterTallies(_ plan: ResolvedPlan, workers: Workers) -> [NetPromoterTally] {
        plan.netPromoterIndicators.map { indicator in
            let batches = table.batches
            return workers.map(chunkCount: batches.count) { batch in
                var tally = NetPromoterTally()
                tally.update(batches[batch].columns[indicator.column])
                return tally
            }.reduce(into: NetPromoterTally()) { $0.combine($1) }
        }
    }
}

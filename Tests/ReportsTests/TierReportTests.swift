import Reports
import Testing
import Tiers
import VectorMath

struct TierReportTests {
    /// Eight customers by amount; one inactive, one without a value.
    private func report() throws -> TierReport {
        let specification = TierSpecification(
            names: ["A, \"best\"", "B", "C"], rule: .customerShares([0.25, 0.25, 0.5]), inactiveName: "asleep")
        let values = [80, 40, 30, 20, 10, 5, 99, .nan]
        let amounts: [Double] = [800, 400.5, 300, 200, 100, 50, 7, 3]
        let standings: [Standing] = [.active, .active, .active, .active, .active, .active, .inactive, .active]
        let workers = Workers(threadCount: 1)
        let fit = try TierFit.fit(specification, values: values, standings: standings, workers: workers)
        let codes = fit.assign(values, standings: standings, workers: workers)
        let tally = TierTally.of(codes: codes, values: values, amounts: amounts, workers: workers)
        return TierReport(table: TierTable(fit, tally), tierCount: 3, valueTitle: "spend")
    }

    @Test func csvHasAllDigitsAndQuotesNames() throws {
        let csv = try report().csv
        #expect(
            "\n" + String(decoding: csv, as: UTF8.self) == #"""

                tier,customers_asked,customers,share_of_customers,value,share_of_value,mean_value,least_score,cut_off
                "A, ""best""",2,2,0.25,1200.5,0.6452566514377855,600.25,40,40
                B,1,1,0.125,300,0.16124697661918838,300,30,30
                C,3,3,0.375,350,0.18812147272238647,116.66666666666667,5,
                asleep,,1,0.125,7,0.0037624294544477293,7,99,
                unranked,,1,0.125,3,0.0016124697661918839,3,,
                """# + "\n")
    }

    @Test func sumsAreLeftOutWithoutAValue() throws {
        var report = try report()
        report.valueTitle = nil
        let lines = String(decoding: report.csv, as: UTF8.self).split(separator: "\n")
        #expect(lines[1] == #""A, ""best""",2,2,0.25,,,,40,40"#)
        #expect(report.json["rows"] != nil && report.json["value"] == .null)
        #expect(report.pyramid.value == nil)
    }

    @Test func layersOutsideTheRankingStandBelowTheBase() throws {
        let pyramid = try report().pyramid
        #expect(pyramid.layers.map(\.name) == ["A, \"best\"", "B", "C", "asleep", "unranked"])
        #expect(pyramid.layers.map(\.isRanked) == [true, true, true, false, false])
    }

    @Test func concentrationIsOneSentence() throws {
        let amounts = [Double](repeating: 1, count: 80) + [Double](repeating: 16, count: 20)
        let even = try #require(Concentration(of: amounts, workers: Workers(threadCount: 1)))
        #expect(
            even.sentence(valueTitle: "spend")
                == "The best 20 % of customers hold 80.0 % of spend: 80/20 holds. "
                + "80 % of it comes from the best 20.0 %; Gini 0.600.")
    }
}

import Reports
import Testing
import Tiers

/// Cut-offs of groups beside each other.
struct GroupTierReportTests {
    private func report(groupCount: Int, rest: Int) -> GroupTierReport {
        let groups = (0..<groupCount).map { place in
            let name = "g\(place < 10 ? "0" : "")\(place)"
            return GroupCutoffs.Group(name: name, lowerBounds: [place == 0 ? nil : 80 + Double(place) / 4, 50])
        }
        let cutoffs = TierCutoffs(
            names: ["top", "major", "small"], lowerBounds: [81.5, 50], groups: GroupCutoffs(groups))
        return GroupTierReport(
            title: "地区", cutoffs, counts: (0..<groupCount).map { $0 * 100 }, restCount: rest)
    }

    @Test func eachGroupHasALineAndSoHaveThoseWithoutOne() {
        #expect(
            report(groupCount: 3, rest: 7).text(TerminalStyle(width: 80)) == """
                地区           ranked      top  major
                g00                 0   nobody   ≥ 50
                g01               100  ≥ 80.25   ≥ 50
                g02               200   ≥ 80.5   ≥ 50
                none of these       7   ≥ 81.5   ≥ 50

                """)
    }

    @Test func ofManyGroupsTheLargestAreShown() {
        let lines = report(groupCount: 40, rest: 0).text(TerminalStyle(width: 80)).split(separator: "\n")
        #expect(lines.count == 1 + GroupTierReport.rowLimit + 1)
        #expect(lines[1].hasPrefix("g39") && lines[12].hasPrefix("g28"))
        #expect(lines[13] == "28 smaller ones are left out; tiers.csv of a run has all of them.")
    }

    @Test func rangesAreOfTheGroupsThatReachATier() {
        let report = report(groupCount: 3, rest: 0)
        #expect(report.range(ofTier: 0) == 80.25...80.5)
        #expect(report.range(ofTier: 1) == 50...50)
        #expect(report.range(ofTier: 2) == nil)
    }
}

import Foundation
import Reports
import Segmentation
import Testing
import VectorMath

/// Reports on a small fit whose figures can be told by hand: threes around 1, 11 and 41.
struct SegmentationReportTests {
    private static func matrix() throws -> FeatureMatrix {
        try FeatureMatrix(columns: [[0, 1, 2, 10, 11, 12, 40, 41, 42]], scalings: [.identity])
    }

    private static func choice(_ criterion: ClusterCountCriterion = .silhouette) throws -> ClusterCountReport {
        let search = ClusterCountSearch(
            KMeansParameters(clusterCount: 1, tolerance: 0, restartCount: 10), counts: 2...4, criterion: criterion)
        return ClusterCountReport(
            try search.run(try matrix(), workers: Workers(threadCount: 1)).choice, seconds: [0.5, 1.25, 60])
    }

    @Test func theCurveHasAllFiguresAndNoTimes() throws {
        let lines = String(decoding: try Self.choice().csv, as: UTF8.self).split(separator: "\n")
        #expect(
            lines[0] == "k,segments,inertia,simplified_silhouette,silhouette,calinski_harabasz,davies_bouldin,gap,"
                + "gap_standard_error,knee_distance,smallest_share,iterations,converged,recommended")
        #expect(lines.count == 4)
        let three = lines[2].split(separator: ",", omittingEmptySubsequences: false)
        #expect(three[0...2] == ["3", "3", "6"] && three[7] == "" && three[13] == "yes")
        // B = 3 (16.667^2 + 6.667^2 + 23.333^2) = 2600 and W = 6 on 2 and 6 degrees of freedom.
        #expect(abs(Double(three[5])! - 1300) < 1e-9)
        // (2/3 + 2/3) / 10 twice, / 30 once.
        #expect(abs(Double(three[6])! - (4.0 / 30 + 4.0 / 30 + 4.0 / 90) / 3) < 1e-12)
    }

    @Test func theTableMarksTheRecommendedNumber() throws {
        let text = try Self.choice().text(TerminalStyle(width: 100, asciiOnly: true))
        let lines = text.split(separator: "\n")
        #expect(
            lines[0].split(separator: " ") == [
                "k", "inertia", "simplified", "silhouette", "Cal-Har", "Dav-Bou", "knee", "smallest", "steps", "time",
            ])
        #expect(lines[2].hasPrefix("> 3        6      0.9"))
        #expect(lines[2].hasSuffix(" 1.25 s"))
        #expect(lines.last == "Recommended: 3 segments, by the highest simplified silhouette.")
        #expect(
            try Self.choice(.knee).sentence.hasSuffix(
                "by the knee of the inertia, farthest below the chord between its ends."))
    }

    @Test func theSummaryHasTheCurveAndWhatDecided() throws {
        let json = try Self.choice().json
        #expect(json["criterion"] == .text("silhouette") && json["recommended"] == .integer(3))
        #expect(json["silhouette_rows"] == .integer(9) && json["gap_rows"] == .null)
        guard case .list(let curve)? = json["curve"] else { throw CancellationError() }
        #expect(curve.map { $0["k"] } == [.integer(2), .integer(3), .integer(4)])
        #expect(!String(decoding: json.encoded(indented: false), as: UTF8.self).contains("seconds"))
    }

    @Test func driftNamesWhatMovedTheMost() throws {
        func drift(_ number: Int, _ previous: String, _ shifts: [Double]) -> String {
            #"{"number":\#(number),"previousNumber":\#(previous),"share":0.25,"previousShare":\#(previous == "null" ? "null" : "0.5"),"shifts":\#(shifts)}"#
        }
        let text = "[\(drift(1, "2", [0.3, -0.4, 0])),\(drift(2, "null", []))]"
        let drifts = try JSONDecoder().decode([SegmentDrift].self, from: Data(text.utf8))
        let report = DriftReport(
            drifts: drifts, names: ["best", "rest"], features: ["spend", "visits", "nps"],
            ended: [.init(number: 1, name: "gone")])
        #expect(
            report.text(TerminalStyle(width: 100)) == """
                   segment  was   share  before  drift (sd)  most along
                1  best       2  25.0 %  50.0 %       0.500  visits −0.400, spend +0.300
                2  rest     new  25.0 %
                Segment 1 (gone) has no successor.

                """)
        guard case .list(let segments)? = report.json["segments"] else { throw CancellationError() }
        #expect(segments[0]["drift"] == .number(0.5) && segments[1]["drift"] == .null)
    }

    @Test func convergenceIsTimedOnTheTerminalOnly() throws {
        let start = try Centroids(featureCount: 1, values: [0, 10, 40])
        let result = try KMeans(KMeansParameters(clusterCount: 3, seeding: .given(start), tolerance: 0))
            .fit(try Self.matrix(), workers: Workers(threadCount: 1))
        let report = ConvergenceReport(result, seconds: result.iterations.map { _ in 0.0125 })
        let lines = report.text(TerminalStyle()).split(separator: "\n")
        #expect(lines[0] == "iteration  inertia  moved  skipped     time")
        #expect(lines[1] == "        1       15      9    0.0 %  12.5 ms")
        #expect(lines.last == "2 iterations, inertia 6, at rest.")
        let json = String(decoding: report.json.encoded(indented: false), as: UTF8.self)
        #expect(json.hasPrefix(#"{"inertia":6,"converged":true,"iterations":[{"inertia":15,"moved":9,"#))
        #expect(!json.contains("0.0125"))
    }

    @Test func sizesStandBesideThoseOfTheFit() {
        let report = SegmentSizeReport(names: ["a", "b"], sizes: [30, 10], previousShares: [0.5, 0.5])
        #expect(
            report.text(TerminalStyle()) == """
                   segment  customers   share  when found
                1  a               30  75.0 %      50.0 %
                2  b               10  25.0 %      50.0 %

                """)
    }
}

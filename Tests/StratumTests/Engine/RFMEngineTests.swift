import Foundation
import Indicators
import Reports
import Rules
import Testing

@testable import Stratum

/// Order logs to scores of recency, frequency and monetary value, through the engine.
struct RFMEngineTests {
    static let log = """
        id,date,amount
        a,2024-01-10,5
        a,2024-03-01,20.5
        a,2024-03-01,-0.5
        b,2024-01-01,10
        c,2024-02-20,7
        c,2024-02-21,7
        c,2024-02-22,1
        d,2024-02-01,-3

        """

    static func scored(
        _ log: String, _ specification: RFMSpecification, isMean: Bool = false, segments: RFMSegments? = nil,
        threads: Int = 2
    ) throws -> (lines: [String], result: RunResult) {
        let folder = EngineTests.Folder()
        try Data(log.utf8).write(to: URL(fileURLWithPath: folder.path + "/log.csv"))
        var options = RunOptions()
        options.threadCount = threads
        options.sync = false
        let output = folder.path + "/rfm.csv"
        let result = try Engine.rfm(
            inputs: [folder.path + "/log.csv"], of: OrderColumns(id: "id", date: "date", amount: "amount"),
            by: specification, isMean: isMean,
            segments: try segments ?? .usual(scoreCount: specification.scoreCount), output: output, options: options)
        return (try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").map(String.init), result)
    }

    @Test func aSmallLogIsScoredAsByHand() throws {
        var specification = RFMSpecification()
        specification.scoreCount = 3
        specification.recencyCuts = [0, 8]
        let found = try Self.scored(Self.log, specification)
        // Purchases 2, 1, 3; spends 25, 10, 15; the third customer's last day is 8 days before the last in the log.
        #expect(
            found.lines == [
                "id,recency_days,frequency,monetary,r,f,m,code,segment", "a,0,2,25,3,2,3,323,potential loyalist",
                "b,60,1,10,1,1,1,111,lost", "c,8,3,15,2,3,2,232,loyal", "d,,0,,,,,,",
            ])
        guard case .rfm(let report) = found.result.tables else {
            Issue.record("no report")
            return
        }
        #expect(report.unscoredCount == 1)
        #expect(report.frequencyCuts == [[1, 2]] && report.monetaryCuts == [[10, 15]])
        #expect(report.grid.map(\.customerCount) == [1, 0, 0, 0, 0, 1, 0, 1, 0])
        #expect(report.grid.map(\.value) == [10, 0, 0, 0, 0, 15, 0, 25, 0])
        #expect(report.segments.first { $0.name == "loyal" }?.meanRecency == 8)
        #expect(found.result.summary.warnings.contains("1 customers without a purchase have no scores"))
    }

    @Test func theMeanOfAPurchaseMayBeScored() throws {
        var specification = RFMSpecification()
        specification.scoreCount = 2
        let lines = try Self.scored(Self.log, specification, isMean: true).lines
        #expect(lines[1].hasPrefix("a,0,2,12.5,2,") && lines[3].hasPrefix("c,8,3,5,"))
    }

    @Test func theUsualRulesNameAll125CodesAndEachNameOccurs() throws {
        let segments = try RFMSegments.usual(scoreCount: 5)
        #expect(segments.coverage.isComplete && segments.coverage.unreachableRules.isEmpty)
        #expect(segments.codes.count == 125)
        #expect(Set(segments.codes) == Set(0..<11))
        func name(_ r: Int, _ f: Int, _ m: Int) -> String {
            segments.names[Int(segments.codes[(r - 1) * 25 + (f - 1) * 5 + m - 1])]
        }
        #expect(name(5, 4, 5) == "champions" && name(1, 5, 5) == "can't lose them" && name(1, 1, 5) == "lost")
        #expect(name(5, 1, 1) == "new" && name(3, 1, 1) == "about to sleep" && name(2, 4, 3) == "at risk")
    }

    @Test(arguments: RFMSpecification.scoreCounts) func theUsualRulesNameEveryCodeOfAnyScores(count: Int) throws {
        let segments = try RFMSegments.usual(scoreCount: count)
        #expect(segments.codes.count == count * count * count)
        #expect(!segments.codes.contains(OrderedRules.uncovered))
        #expect(segments.names[Int(segments.codes[0])] == "lost")
        #expect(segments.names[Int(segments.codes[count * count * count - 1])] == "champions")
    }

    @Test func rulesThatLeaveScoresWithoutANameAreRefused() throws {
        #expect {
            try RFMSegments([Rule("good", when: [Condition("r", atLeast: 2)])], scoreCount: 3)
        } throws: {
            "\($0)".contains("r 1")
        }
        let own = try RFMSegments([Rule("good", when: [Condition("r", atLeast: 2)]), Rule("other")], scoreCount: 3)
        var specification = RFMSpecification()
        specification.scoreCount = 3
        let lines = try Self.scored(Self.log, specification, segments: own).lines
        #expect(
            lines.dropFirst().map { String($0.split(separator: ",").last ?? "") } == ["good", "other", "good", "0"])
    }

    @Test func threadsAndTheOrderOfLinesChangeNothing() throws {
        let log = try OrderLogEngineTests.cdnow()
        let specification = RFMSpecification()
        let one = try Self.scored(log, specification, threads: 1)
        var lines = log.split(separator: "\n").map(String.init)
        lines[1...].reverse()
        let other = try Self.scored(lines.joined(separator: "\n") + "\n", specification, threads: 7)
        #expect(one.lines == other.lines)
        #expect(one.lines.count == 2_358)
        guard case .rfm(let report) = one.result.tables, case .rfm(let same) = other.result.tables else {
            Issue.record("no report")
            return
        }
        #expect(report == same)
        #expect(report.segments.reduce(0) { $0 + $1.group.customerCount } == 2_357)
    }
}

import Foundation
import Reports
import Stratum
import Testing

@testable import StratumCLI

/// `stratum bench` as a user runs it.
struct BenchTests {
    private static let tiny = ["bench", "--rows", "1e3", "--columns", "3", "--repeats", "2", "--iterations", "5"]

    private static let export =
        "customer_id,revenue,orders\n" + (1...300).map { "C\($0),\($0 * 7919 % 1009),\($0 % 9)\n" }.joined()

    @Test func aGridBecomesATable() throws {
        let run = try Tool.run(Self.tiny + ["--k", "2,3", "--algorithm", "all", "--threads", "1,2"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty)
        let lines = run.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[2].hasPrefix("1,000 x 3, clustered; start greedyKMeansPlusPlus; tolerance 0.0001; medians of 2"))
        #expect(run.text.contains("of read") && run.text.contains("silhouette"))
        #expect(lines.count { $0.contains(" hamerly ") && $0.contains(" s  ") == false } >= 4)
    }

    @Test func theNameOfTheFileChoosesItsForm() throws {
        let folder = try Folder()
        for name in ["a.json", "b.csv", "c.txt"] {
            let run = try Tool.run(Self.tiny + ["--k", "2", "-o", name, "--quiet"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.text.contains("iterations"))
        }
        let report = try BenchmarkReport.decode(folder.read("a.json"), path: "a.json")
        #expect(report.cells.map(\.key.clusterCount) == [2] && report.settings.columnCount == 3)
        #expect(String(decoding: try folder.read("b.csv"), as: UTF8.self).hasPrefix("data,rows,columns,k,"))
        #expect(String(decoding: try folder.read("c.txt"), as: UTF8.self).contains("of read"))
        #expect(try folder.names() == ["a.json", "b.csv", "c.txt"])
    }

    @Test func jsonOnStandardOutputIsAReportToo() throws {
        let run = try Tool.run(Self.tiny + ["--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try BenchmarkReport.decode(run.output, path: "-").cells.count == 1)
        let piped = try Tool.run(Self.tiny + ["-o", "-", "--format", "csv"])
        #expect(piped.text.hasPrefix("data,rows") && piped.text.split(separator: "\n").count == 2)
    }

    @Test func ownRowsByColumnsByPlanAndByMatrix() throws {
        let folder = try Folder()
        try folder.write(Self.export, to: "in.csv")
        try folder.write(
            """
            version: 1
            dimensions:
              - {name: economic, indicators: [revenue, orders]}
            segments: 4
            """, to: "plan.yaml")
        let columns = try Tool.run(
            "bench", "in.csv", "--features", "revenue,orders", "--k", "2...4", "--rows", "200,300", "--repeats", "1",
            "--json", in: folder)
        #expect(columns.status == 0, "\(columns.errors)")
        let report = try BenchmarkReport.decode(columns.output, path: "-")
        #expect(report.cells.map(\.key.rowCount) == [200, 200, 200, 300, 300, 300])
        #expect(report.cells.map(\.key.clusterCount) == [2, 3, 4, 2, 3, 4])
        #expect(report.settings.dataName == "in.csv" && report.settings.columnCount == 2)
        let plan = try Tool.run("bench", "plan.yaml", "in.csv", "--k", "4", "--repeats", "1", "--json", in: folder)
        #expect(plan.status == 0, "\(plan.errors)")
        let byPlan = try BenchmarkReport.decode(plan.output, path: "-")
        #expect(byPlan.cells.map(\.key.rowCount) == [300])
        // The plan's features are normalized to 0...1, the columns standardized.
        #expect(byPlan.cells[0].inertia < report.cells[5].inertia)
    }

    @Test func givenCentroidsAreInTheColumnsOwnUnits() throws {
        let folder = try Folder()
        try folder.write(
            "a,b\n" + (0..<40).map { "\($0 < 20 ? 100 : 900 + $0 % 2),\($0 % 2)\n" }.joined(), to: "in.csv")
        try folder.write("b,a\n0.5,900\n0.5,100\n", to: "start.csv")
        let run = try Tool.run(
            "bench", "in.csv", "--features", "a,b", "--start", "start.csv", "--repeats", "1", "--json", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let cell = try #require(try BenchmarkReport.decode(run.output, path: "-").cells.first)
        #expect(cell.key.clusterCount == 2 && cell.seeding == nil)
        // Both centroids start with their own rows, so nothing moves after the first iteration.
        #expect(cell.iterationCount <= 2)
    }

    private func baseline(_ runs: String, in folder: Folder) throws {
        let run = try Tool.run(Self.tiny + ["--k", "2,3", "-o", "base.json"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let text = String(decoding: try folder.read("base.json"), as: UTF8.self)
        let changed = text.replacingOccurrences(
            of: #""runs": \[[^\]]*\]"#, with: "\"runs\": \(runs)", options: .regularExpression)
        #expect(changed != text)
        try folder.write(changed, to: "base.json")
    }

    @Test func slowerThanTheBaselineEndsWithSeven() throws {
        let folder = try Folder()
        try baseline("[1e-9, 1e-9]", in: folder)
        let run = try Tool.run(
            Self.tiny + ["--k", "3,4", "--baseline", "base.json", "--max-slower", "10%"], in: folder)
        #expect(run.status == 7)
        #expect(run.text.contains("1 of 1 cell slower by more than 10.0 %; 1 only now; 1 only before"))
        #expect(run.errors.contains("stratum: slower than the baseline by more than the limit (base.json)"))
        #expect(run.errors.contains("k 3, start greedyKMeansPlusPlus, automatic") && !run.errors.contains("k 4"))
    }

    @Test func fasterThanTheBaselineEndsWell() throws {
        let folder = try Folder()
        try baseline("[1000, 1000]", in: folder)
        let run = try Tool.run(
            Self.tiny + ["--k", "2,3", "--baseline", "base.json", "-o", "now.json"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.contains("faster"))
        let written = String(decoding: try folder.read("now.json"), as: UTF8.self)
        #expect(written.contains("\"comparison\"") && written.contains("\"verdict\": \"faster\""))
    }

    @Test func whatCannotBeComparedIsRefused() throws {
        let folder = try Folder()
        try baseline("[1000, 1000]", in: folder)
        func status(_ arguments: String...) throws -> (Int32, String) {
            let run = try Tool.run(Self.tiny + ["--baseline", "base.json"] + arguments, in: folder)
            return (run.status, run.errors)
        }
        let settings = try status("--tolerance", "0")
        #expect(settings.0 == 2 && settings.1.contains("tolerance 0, not 0.0001"), "\(settings.1)")
        let nothing = try status("--k", "9")
        #expect(nothing.0 == 2 && nothing.1.contains("no cell of the grid"), "\(nothing.1)")
        try folder.write("{}", to: "base.json")
        let file = try status("--k", "2")
        #expect(file.0 == 5 && file.1.contains("no file of benchmark results"), "\(file.1)")
    }

    @Test(arguments: [
        (["in.csv"], 2, "--features a,b,c"), (["in.csv", "--features", "revenue", "--columns", "3"], 2, "--columns"),
        (["--features", "revenue"], 2, "--features belongs"),
        (["in.csv", "--features", "revenue,nothing"], 3, "nothing"),
        (["in.csv", "--features", "revenue", "--rows", "1e4"], 2, "10000 is out of range"),
        (["--k", "0"], 2, "--k"), (["--k", "3...2"], 2, "--k"), (["--k", "70000"], 2, "segment counts"),
        (["--algorithm", "elkan"], 2, "yinyang"), (["--seeding", "best"], 2, "kMeansParallel"),
        (["--threads", "2000"], 2, "--threads is 2000"), (["--repeats", "0"], 2, "repeats"),
        (["--max-slower", "10%"], 2, "--max-slower needs --baseline"), (["--max-slower", "10"], 2, "--max-slower"),
        (["--baseline", "none.json"], 4, "none.json"), (["--start", "s.npy", "--k", "3"], 2, "--start brings"),
        (["in.npy"], 3, "not a file of numpy.save"), (["in.csv", "in.npy"], 2, "taken alone"),
        (["-o", "in.csv", "--rows", "1e3"], 4, "in.csv"), (["--rows", "1e12"], 2, "2^34"),
        (["--rows", "1.5"], 2, "--rows"),
    ])
    func typicalMistakes(_ arguments: [String], _ status: Int32, _ words: String) throws {
        let folder = try Folder()
        try folder.write(Self.export, to: "in.csv")
        try folder.write(Self.export, to: "in.npy")
        let run = try Tool.run(["bench"] + arguments, in: folder)
        #expect(run.status == status, "\(run.errors)")
        #expect(run.errors.hasPrefix("stratum: ") && run.errors.contains(words), "\(run.errors)")
        #expect(run.output.isEmpty)
        #expect(try folder.names() == ["in.csv", "in.npy"])
    }

    @Test func stoppedByASignalItLeavesNothing() throws {
        let folder = try Folder()
        let running = try Tool.start(["bench", "--rows", "1e6", "--repeats", "1000", "-o", "r.json"], in: folder)
        Thread.sleep(forTimeInterval: 0.3)
        running.process.interrupt()
        #expect(try Tool.finish(running).status == 130)
        #expect(try folder.names().isEmpty)
    }

    @Test(arguments: [
        ("8", [8]), ("4,8,16", [4, 8, 16]), ("2...5", [2, 3, 4, 5]), ("1e6,2.5e6", [1_000_000, 2_500_000]),
        ("2...3,8", [2, 3, 8]),
    ])
    func countsAreReadInAllTheirForms(_ text: String, _ counts: [Int]) {
        #expect(CountListArgument(argument: text)?.counts == counts)
    }

    @Test(arguments: ["", ",", "0", "-1", "1.5", "1e-3", "nan", "0x10", "4...2", "1...1e9", "2..4", "1e400", "8,"])
    func whatIsNoCountIsRefused(_ text: String) {
        #expect(CountListArgument(argument: text) == nil)
    }

    @Test func progressIsOneLine() {
        let progress = BenchmarkProgress(
            runsDone: 6, runCount: 24,
            cell: .init(
                rowCount: 1_000_000, clusterCount: 8, seeding: "random", algorithm: "lloyd", threadCount: 2))
        let line = BenchProgressLine(progress: progress, seconds: 20)
        #expect(line.plain == "run 7 of 24: 1,000,000 rows, k 8, start random, lloyd, 2 threads, 1 min 00 s left")
        #expect(line.bar(width: 40) == "██████░░░░░░░░░░░░░░░░░░ run 7 of 24: 1")
    }
}

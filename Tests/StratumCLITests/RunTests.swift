import Foundation
import Testing

/// The main job through the built command: what it writes, and that nothing but the input and the plan decides it.
struct RunTests {
    /// A folder with a plan and an export of 20,000 customers.
    private static func prepared() throws -> Folder {
        let folder = try Folder()
        #expect(try Tool.shell("stratum plan > plan.yaml", in: folder).status == 0)
        #expect(try Tool.run("generate", "--customers", "20000", "-q", "-o", "c.csv", in: folder).status == 0)
        return folder
    }

    @Test func theSamplePlanRuns() throws {
        let folder = try Self.prepared()
        let outcome = try Tool.run("run", "plan.yaml", "c.csv", "-o", "out", in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        for file in ["scores.csv", "tiers.csv", "segments.csv", "rejects.csv", "model.json", "summary.json"] {
            #expect(FileManager.default.fileExists(atPath: folder.path + "/out/" + file), "\(file)")
        }
        #expect(try folder.read("out/scores.csv").count { $0 == 0x0A } == 20_001)
        for tier in ["top", "major", "medium", "small"] { #expect(outcome.errors.contains(tier)) }
        #expect(outcome.errors.contains("20,000 rows read, none rejected, in "))
    }

    @Test func sameBytesForAnyThreadsAndAnyFormOfInput() throws {
        let folder = try Self.prepared()
        #expect(try Tool.shell("gzip -k c.csv", in: folder).status == 0)
        let expected = try scores(of: "run plan.yaml c.csv --threads 1", in: folder, as: "a")
        #expect(!expected.isEmpty)
        for (index, command) in [
            "run plan.yaml c.csv --threads 2", "run plan.yaml c.csv --threads 7", "run plan.yaml - < c.csv",
            "run plan.yaml c.csv.gz", "run plan.yaml - < c.csv.gz", "run plan.yaml c.csv --no-sync",
        ].enumerated() {
            #expect(try scores(of: command, in: folder, as: "b\(index)") == expected, "\(command)")
        }
    }

    @Test func anOutputThatExistsIsKeptUnlessForced() throws {
        let folder = try Self.prepared()
        _ = try scores(of: "run plan.yaml c.csv", in: folder, as: "out")
        let refused = try Tool.run("run", "plan.yaml", "c.csv", "-o", "out", in: folder)
        #expect(refused.status == 4)
        #expect(refused.errors.contains("the output exists already"))
        #expect(refused.errors.contains("--force"))
        #expect(try Tool.run("run", "plan.yaml", "c.csv", "-o", "out", "--force", in: folder).status == 0)
    }

    @Test func jsonSummaryIsOnStandardOutput() throws {
        let folder = try Self.prepared()
        let outcome = try Tool.run("run", "plan.yaml", "c.csv", "-o", "out", "--json", "--quiet", in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        let summary = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any]
        let rows = summary?["rows"] as? [String: Any]
        #expect(rows?["read"] as? Int == 20_000)
        #expect(rows?["accepted"] as? Int == 20_000)
        #expect(rows?["rejected"] as? Int == 0)
    }

    @Test func aFittedModelScoresLikeTheRunThatMadeIt() throws {
        let folder = try Self.prepared()
        _ = try scores(of: "run plan.yaml c.csv", in: folder, as: "out")
        #expect(try Tool.run("fit", "plan.yaml", "c.csv", "-q", "-o", "model.json", in: folder).status == 0)
        #expect(try folder.read("model.json") == folder.read("out/model.json"))
        let scored = try Tool.run("score", "model.json", "c.csv", "-o", "-", in: folder)
        #expect(scored.status == 0)
        // All but the percentile rank, which a model keeps at a finite number of points.
        let expected = String(decoding: try folder.read("out/scores.csv"), as: UTF8.self)
        #expect(withoutRank(scored.text) == withoutRank(expected))
    }

    @Test func featuresAloneMakeSegments() throws {
        let folder = try Self.prepared()
        let outcome = try Tool.run(
            "segment", "--features", "revenue_12m,visits_90d,nps", "--k", "4", "--id", "customer_id", "c.csv", "-o",
            "-", in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.count == 20_001)
        #expect(Set(lines.dropFirst().map { $0.split(separator: ",")[1] }) == ["1", "2", "3", "4"])
        #expect(try Tool.run("segment", "plan.yaml", "c.csv", "-q", "-o", "s.csv", in: folder).status == 0)
    }

    @Test func inspectDescribesEveryColumn() throws {
        let folder = try Self.prepared()
        let table = try Tool.run("inspect", "c.csv", in: folder)
        #expect(table.status == 0)
        for column in ["customer_id", "revenue_12m", "nps", "referrals"] { #expect(table.text.contains(column)) }
        let json = try Tool.run("inspect", "c.csv", "--json", in: folder)
        let columns = try JSONSerialization.jsonObject(with: Data(json.output)) as? [[String: Any]]
        let object = try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any]
        #expect(columns?.count == 13 || (object?["columns"] as? [Any])?.count == 13)
    }

    @Test func interruptedInTheMiddleNothingIsLeft() throws {
        let folder = try Folder()
        #expect(try Tool.shell("stratum plan > plan.yaml; mkfifo pipe", in: folder).status == 0)
        // A pipe that is fed but never closed: the run is in the middle for as long as it takes.
        let feeder = try Tool.start(["generate", "--customers", "1000", "--force", "-q", "-o", "pipe"], in: folder)
        let running = try Tool.start(["run", "plan.yaml", "pipe", "-o", "out"], in: folder)
        let holder = try FileHandle(forUpdating: folder.url("pipe"))
        #expect(try Tool.finish(feeder).status == 0)
        usleep(300_000)
        #expect(running.process.isRunning)
        kill(running.process.processIdentifier, SIGINT)
        #expect(try Tool.finish(running).status == 130)
        try holder.close()
        let left = try folder.names().filter { $0 != "out" }
        #expect(left == ["pipe", "plan.yaml"])
        if try folder.names().contains("out") {
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").isEmpty)
        }
    }

    private func scores(of command: String, in folder: Folder, as output: String) throws -> [UInt8] {
        let parts = command.split(separator: "<", maxSplits: 1).map(String.init)
        let redirection = parts.count > 1 ? " <\(parts[1])" : ""
        let outcome = try Tool.shell("stratum \(parts[0]) -q -o \(output)\(redirection)", in: folder)
        #expect(outcome.status == 0, "\(command): \(outcome.errors)")
        return try folder.read("\(output)/scores.csv")
    }

    private func withoutRank(_ scores: String) -> [[Substring]] {
        let lines = scores.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let rank = lines.first?.firstIndex(of: "percentile_rank")
        return lines.map { fields in fields.enumerated().filter { $0.offset != rank }.map(\.element) }
    }
}

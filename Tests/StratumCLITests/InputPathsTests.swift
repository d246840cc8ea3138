import Foundation
import Testing

@testable import StratumCLI

/// Several inputs, folders, patterns and the options that say how they are written.
struct InputPathsTests {
    private static let plan = """
        version: 1
        input: {id: id}
        dimensions:
          - name: value
            indicators: [{name: a}]
        """

    /// A folder with a plan, three parts of an export, and their concatenation.
    private static func folder() throws -> Folder {
        let folder = try Folder()
        try FileManager.default.createDirectory(
            at: folder.url("parts/inner"), withIntermediateDirectories: true)
        try folder.write(plan, to: "plan.yaml")
        let rows = (0..<60).map { ("k\($0)", ($0 * 37) % 100) } + [("k3", 1)]
        var whole = "id,a\n"
        for part in 0..<3 {
            var text = part == 1 ? "a,id\n" : "id,a\n"
            for (id, a) in rows[(part * 20)..<(part == 2 ? 61 : part * 20 + 20)] {
                text += part == 1 ? "\(a),\(id)\n" : "\(id),\(a)\n"
                whole += "\(id),\(a)\n"
            }
            try folder.write(text, to: "parts/\(["B", "a", "é"][part]).csv")
        }
        try folder.write(whole, to: "whole.csv")
        for name in [".hidden.csv", "_SUCCESS", "README.md", "sums.SHA256", "inner/x.csv"] {
            try folder.write("not data", to: "parts/\(name)")
        }
        return folder
    }

    @Test func aFolderAPatternAndAListGiveTheOutputsOfOneFile() throws {
        let folder = try Self.folder()
        let inputs = [["whole.csv"], ["parts"], ["parts/*.csv"], ["parts/B.csv", "parts/a.csv", "parts/é.csv"]]
        for (number, input) in inputs.enumerated() {
            for threads in ["1", "2", "7"] {
                let out = "out\(number)-\(threads)"
                let outcome = try Tool.run(
                    ["run", "plan.yaml"] + input + ["-o", out, "--threads", threads, "--max-rejects", "1"], in: folder)
                try #require(outcome.status == 0, "\(outcome.errors)")
                for file in ["scores.csv", "tiers.csv"] {
                    #expect(try folder.read("\(out)/\(file)") == folder.read("out0-1/\(file)"))
                }
                let rejects = String(decoding: try folder.read("\(out)/rejects.csv"), as: UTF8.self)
                #expect(rejects.contains(number == 0 ? "whole.csv,62,61," : "parts/é.csv,22,21,"), "\(rejects)")
                let summary = String(decoding: try folder.read("\(out)/summary.json"), as: UTF8.self)
                #expect(summary.components(separatedBy: "\"accepted\": 20").count - 1 == (number == 0 ? 0 : 3))
            }
        }
        let told = try Tool.run("inspect", "parts", in: folder).errors
        #expect(told.contains("left out") && told.contains("parts/README.md") && !told.contains("inner/x.csv"))
    }

    @Test func fitScoreAndSegmentTakeSeveralInputs() throws {
        let folder = try Self.folder()
        for (number, inputs) in [["whole.csv"], ["parts"]].enumerated() {
            let calls = [
                ["fit", "plan.yaml"] + inputs + ["-o", "model\(number).json"],
                ["score", "model0.json"] + inputs + ["-o", "scores\(number).csv"],
                ["segment", "--id", "id", "--features", "a", "--k", "2"] + inputs + ["-o", "segments\(number).csv"],
            ]
            for call in calls {
                let outcome = try Tool.run(call + ["-q", "--max-rejects", "1", "--expect-rows", "61"], in: folder)
                #expect(outcome.status == 0, "\(call): \(outcome.errors)")
            }
        }
        #expect(try folder.read("scores0.csv") == folder.read("scores1.csv"))
        #expect(try folder.read("segments0.csv") == folder.read("segments1.csv"))
    }

    @Test func mistakesNameTheInput() throws {
        let folder = try Self.folder()
        try folder.write("id,b\n1,2\n", to: "other.csv")
        func expect(_ arguments: [String], _ status: Int32, _ text: String) throws {
            let before = try folder.names()
            let outcome = try Tool.run(arguments, in: folder)
            #expect(outcome.status == status && outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
            #expect(try folder.names() == before)
        }
        let fit = ["fit", "plan.yaml"]
        try expect(fit + ["whole.csv", "other.csv", "-o", "m"], 3, "other.csv")
        try expect(fit + ["whole.csv", "-", "-", "-o", "m"], 2, "standard input is named more than once")
        try expect(["fit", "-", "-", "-o", "m"], 2, "standard input is named more than once")
        try expect(fit + ["*.tsv", "-o", "m"], 4, "no file matches the pattern")
        try expect(fit + ["parts/inner/none", "-o", "m"], 4, "no such file")
        try expect(fit + ["whole.csv", "./whole.csv", "-o", "m"], 3, "the same input is named twice")
        try expect(fit + ["other.csv", "whole.csv", "-o", "whole.csv", "-f"], 4, "the output is one of the inputs")
        try expect(fit + ["parts", "-o", "m", "--expect-rows", "60"], 3, "61 records, 60 expected")
        try expect(fit + ["whole.csv", "-o", "m", "--encoding", "latin1"], 2, "encoding")
        try expect(fit + ["whole.csv", "-o", "m", "--comment", "\""], 2, "comment")
    }

    @Test func aPreambleInGB18030IsReadByOptions() throws {
        let folder = try Self.folder()
        try folder.write("# 报表\n标题\nid;a\n# 注释\n张三;5\n李四;7\n", to: "utf8.csv")
        let made = try Tool.shell("iconv -f UTF-8 -t GB18030 utf8.csv > gb.csv", in: folder)
        try #require(made.status == 0, "\(made.errors)")
        for file in ["utf8.csv", "gb.csv"] {
            let outcome = try Tool.run(
                [
                    "run", "plan.yaml", file, "-o", "\(file).out", "--skip-lines", "2", "--comment", "#",
                    "--delimiter",
                    "auto", "--expect-rows", "2",
                ] + (file == "gb.csv" ? ["--encoding", "gb18030"] : []), in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("is read with ';' between fields"))
        }
        #expect(try folder.read("utf8.csv.out/scores.csv") == folder.read("gb.csv.out/scores.csv"))
    }
}

import Foundation
import Testing

/// `--sha256` against `sha256sum`.
struct SummaryDigestTests {
    /// What `sha256sum` prints for a file or, with a pipe before it, for standard input.
    private static func digest(_ command: String, in folder: Folder) throws -> String {
        String(try Tool.shell(command, in: folder).text.prefix(64))
    }

    private struct File: Decodable {
        var path: String
        var sha256: String?
    }

    private struct Summary: Decodable {
        var inputs: [File]
        var outputs: [File]
    }

    private static func summary(_ bytes: [UInt8]) throws -> Summary {
        try JSONDecoder().decode(Summary.self, from: Data(bytes))
    }

    private static func folder() throws -> Folder {
        let folder = try Folder()
        let made = try Tool.shell(
            """
            stratum plan > plan.yaml; stratum generate --customers 20000 -q -o c.csv; gzip -k c.csv
            (printf '\\xff\\xfe'; iconv -f utf-8 -t utf-16le c.csv) > c16.csv; mkdir parts
            head -9000 c.csv > parts/1.csv; (head -1 c.csv; tail -n +9001 c.csv) > parts/2.csv
            """, in: folder)
        #expect(made.status == 0, "\(made.errors)")
        return folder
    }

    @Test(arguments: ["c.csv", "c.csv.gz", "c16.csv", "parts", "- < c.csv", "- < c.csv.gz", "<(cat c.csv)"])
    func aRunTellsTheDigestsOfSha256sum(input: String) throws {
        let folder = try Self.folder()
        for options in ["--threads 1", "--threads 3 --compress zst"] {
            let outcome = try Tool.shell("stratum run plan.yaml -o out -f -q --sha256 \(options) \(input)", in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
            let summary = try Self.summary(folder.read("out/summary.json"))
            for file in summary.inputs where file.path.hasPrefix("c") || file.path.hasPrefix("parts") {
                #expect(try file.sha256 == Self.digest("sha256sum \(file.path)", in: folder), "\(file)")
            }
            if input.hasPrefix("-") || input.hasPrefix("<") {
                let stored = input.hasSuffix("gz") ? "c.csv.gz" : "c.csv"
                #expect(try summary.inputs.map(\.sha256) == [Self.digest("sha256sum \(stored)", in: folder)])
            }
            #expect(summary.inputs.count == (input == "parts" ? 2 : 1))
            #expect(summary.outputs.count == 5)
            for file in summary.outputs {
                #expect(try file.sha256 == Self.digest("sha256sum \(file.path)", in: folder), "\(file)")
            }
        }
    }

    @Test func theOtherVerbsTellThemToo() throws {
        let folder = try Self.folder()
        for (command, output) in [
            ("fit plan.yaml c.csv -o model.json", "model.json"), ("score model.json c.csv -o s.csv.gz", "s.csv.gz"),
            ("segment plan.yaml c.csv -o g.csv", "g.csv"),
        ] {
            let outcome = try Tool.shell("stratum \(command) -q --sha256 --json", in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
            let summary = try Self.summary(outcome.output)
            #expect(try summary.inputs.map(\.sha256) == [Self.digest("sha256sum c.csv", in: folder)])
            #expect(try summary.outputs.map(\.sha256) == [Self.digest("sha256sum \(output)", in: folder)])
        }
        let piped = try Tool.shell(
            "stratum score model.json c.csv -o - -q --sha256 --summary s.json > piped.csv", in: folder)
        try #require(piped.status == 0, "\(piped.errors)")
        let outputs = try Self.summary(folder.read("s.json")).outputs
        #expect(try outputs.map(\.sha256) == [Self.digest("sha256sum piped.csv", in: folder)])
    }

    @Test func nothingIsDigestedUnasked() throws {
        let folder = try Self.folder()
        #expect(try Tool.shell("stratum run plan.yaml c.csv -o out -q", in: folder).status == 0)
        #expect(try !String(decoding: folder.read("out/summary.json"), as: UTF8.self).contains("sha256"))
        let useless = try Tool.shell("stratum fit plan.yaml c.csv -o m.json --sha256", in: folder)
        #expect(useless.status == 2 && useless.errors.contains("--summary"), "\(useless.errors)")
    }
}

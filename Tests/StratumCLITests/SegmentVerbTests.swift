import Foundation
import Testing

/// `stratum segment` as a user runs it: what is printed and written, and the texts of typical mistakes.
struct SegmentVerbTests {
    /// 90 customers in three groups of 30, with a weight.
    private static let export =
        "customer_id,spend,visits,w\n"
        + (0..<90).map { "C\($0),\($0 % 3 * 50 + $0 % 7),\($0 % 3 * 20 + $0 % 5),\($0 % 4)\n" }.joined()

    private static func prepared() throws -> Folder {
        let folder = try Folder()
        try folder.write(export, to: "in.csv")
        return folder
    }

    private func expect(
        _ line: String, status: Int32, says words: [String], in folder: Folder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try Tool.shell(line, in: folder)
        #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
        for word in words {
            #expect(outcome.errors.contains(word), "\(word) | \(outcome.errors)", sourceLocation: sourceLocation)
        }
    }

    @Test func aRangeWithoutAnOutputPrintsItsTable() throws {
        let folder = try Self.prepared()
        let outcome = try Tool.shell("stratum segment --features spend,visits --k 2...5 in.csv", in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.contains("▶ 3 "))
        #expect(outcome.text.contains("Recommended: 3 segments, by the highest simplified silhouette.\n"))
        #expect(outcome.text.contains("high spend"))
        #expect(try folder.names() == ["in.csv"])
        let json = try Tool.shell("stratum segment --features spend,visits --k 2...5 in.csv --json -q", in: folder)
        let summary = try #require(try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
        let counts = try #require(summary["segment_counts"] as? [String: Any])
        #expect(counts["recommended"] as? Int == 3 && (counts["curve"] as? [Any])?.count == 4)
    }

    @Test func verboseTellsEveryIteration() throws {
        let outcome = try Tool.shell(
            "stratum segment --features spend,visits --k 3 in.csv -o s.csv -v", in: try Self.prepared())
        let header = outcome.errors.split(separator: "\n").first { $0.hasPrefix("iteration ") }
        #expect(header?.split(separator: " ") == ["iteration", "inertia", "moved", "skipped", "time"])
        #expect(outcome.errors.contains(", at rest."))
    }

    @Test func theNumberOfThreadsIsInNoFile() throws {
        let folder = try Self.prepared()
        for threads in [1, 7] {
            let line =
                "stratum segment --features spend,visits --k 2...5 --weight w in.csv --threads \(threads) -q "
                + "-o s\(threads).csv --distances --model m\(threads).json --profiles p\(threads).csv "
                + "--curve c\(threads).csv"
            try expect(line, status: 0, says: [], in: folder)
        }
        for name in ["s#.csv", "m#.json", "p#.csv", "c#.csv"] {
            let (one, seven) = (
                name.replacingOccurrences(of: "#", with: "1"), name.replacingOccurrences(of: "#", with: "7")
            )
            #expect(try folder.read(one) == folder.read(seven), "\(name)")
        }
    }

    @Test func aModelIsAppliedAndContinued() throws {
        let folder = try Self.prepared()
        try expect(
            "stratum segment --features spend,visits --k 3 in.csv -o s.csv --model m.json", status: 0,
            says: ["90 rows read"], in: folder)
        try expect("stratum segment --apply m.json in.csv -o t.csv", status: 0, says: ["when found"], in: folder)
        #expect(try folder.read("s.csv") == folder.read("t.csv"))
        try expect(
            "stratum segment --features spend,visits --previous m.json in.csv -o u.csv", status: 0,
            says: ["drift (sd)", "0.000"], in: folder)
        #expect(try folder.read("s.csv") == folder.read("u.csv"))
        // What segments were weighed and numbered by need not be there tonight.
        try expect(
            "stratum segment --features visits,spend --scaling robust --weight w --value w --k 2...4 in.csv -q -o v.csv "
                + "--model w.json; cut -d, -f1-3 in.csv > cut.csv", status: 0, says: [], in: folder)
        try expect("stratum segment --apply w.json cut.csv -o w.csv", status: 0, says: ["90 rows read"], in: folder)
        #expect(try folder.read("v.csv") == folder.read("w.csv"))
        try expect(
            "stratum score m.json in.csv -o x.csv", status: 5,
            says: ["it holds segments only", "stratum segment --apply"], in: folder)
    }

    @Test func aPlanIsOverruledAndItsModelApplied() throws {
        let folder = try Folder()
        try expect(
            "stratum plan > p.yaml; stratum generate --customers 3000 -q -o c.csv", status: 0, says: [], in: folder)
        try expect("stratum segment p.yaml c.csv -q -o six.csv", status: 0, says: [], in: folder)
        try expect("stratum run p.yaml c.csv -q -o out", status: 0, says: [], in: folder)
        try expect("stratum segment --apply out/model.json c.csv -q -o applied.csv", status: 0, says: [], in: folder)
        #expect(try folder.read("six.csv") == folder.read("applied.csv"))
        let range = try Tool.shell("stratum segment p.yaml c.csv --k 2...4 --criterion davies-bouldin -q", in: folder)
        #expect(range.text.contains("by the lowest Davies-Bouldin index."))
        try expect(
            "stratum run p.yaml c.csv --previous out/model.json -o again", status: 0, says: ["drift (sd)"], in: folder)
        // A run's scores can be segmented in their turn.
        try expect(
            "stratum segment --features economic,behavioral,potential --k 4 out/scores.csv -q -o on-scores.csv",
            status: 0, says: [], in: folder)
        #expect(try folder.read("on-scores.csv").count { $0 == 0x0A } == 3_001)
    }

    @Test func typicalMistakesAreNamedWithTheirRemedy() throws {
        let folder = try Self.prepared()
        let find = "stratum segment --features spend,visits"
        try folder.write("", to: "empty.csv")
        try folder.write("customer_id,spend,visits\n", to: "header.csv")
        try folder.write((0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 3) }, to: "garbage.csv")
        try folder.write("version: 1\ndimensions:\n  - {name: a, indicators: [spend]}\n", to: "no-segments.yaml")
        try expect("\(find) --k 3 empty.csv", status: 3, says: ["empty.csv"], in: folder)
        try expect("\(find) --k 3 header.csv", status: 3, says: ["no customer", "header.csv"], in: folder)
        try expect("\(find) --k 3 garbage.csv", status: 3, says: ["garbage.csv"], in: folder)
        try expect("stratum segment --features spent --k 3 in.csv", status: 3, says: ["spent", "spend"], in: folder)
        try expect("\(find) --k 3 --weight weight in.csv", status: 3, says: ["weight"], in: folder)
        try folder.write("customer_id,spend,visits\nA,1,2\nB,-4,3\n", to: "negative.csv")
        try expect(
            "\(find) --k 2 --weight spend negative.csv", status: 3,
            says: ["a customer cannot count -4.0 (column 'spend', customer 'B')", "weights are 0 or more"], in: folder)
        try expect("\(find) --k 3 --id client in.csv", status: 3, says: ["client"], in: folder)
        try expect(
            "stratum segment no-segments.yaml in.csv -o s.csv", status: 2,
            says: ["the plan has no segments", "give the number with --k"], in: folder)
        try expect("stratum segment --apply in.csv in.csv -o s.csv", status: 5, says: ["not a model"], in: folder)
        try expect("stratum segment --apply none.json in.csv -o s.csv", status: 4, says: ["none.json"], in: folder)
        try expect("\(find) --k 3 in.csv -q --model m.json", status: 0, says: [], in: folder)
        try expect("\(find) --k 3 in.csv --model m.json", status: 4, says: ["exists already", "--force"], in: folder)
        try expect(
            "stratum segment --features spend --previous m.json in.csv", status: 5,
            says: ["other features: spend, visits", "use the same features"], in: folder)
        try expect(
            "\(find) --k 2...3 --criterion knee in.csv", status: 2, says: ["a knee between two numbers"], in: folder)
        try expect("\(find) --k 3 in.csv -o in.csv --force", status: 4, says: ["one of the inputs"], in: folder)
        #expect(try folder.read("in.csv") == Array(Self.export.utf8))
    }

    @Test func moreSegmentsThanCustomersAndEqualCustomersEndWell() throws {
        let folder = try Folder()
        try folder.write("customer_id,a\n1,5\n2,5\n3,\n", to: "in.csv")
        try expect(
            "stratum segment --features a --k 5 in.csv -o s.csv", status: 0,
            says: ["only 1 of 5 segments", "there are no more distinct customers"], in: folder)
        #expect(
            String(decoding: try folder.read("s.csv"), as: UTF8.self)
                == "customer_id,segment,segment_name\n1,1,average\n2,1,average\n3,1,average\n")
        let range = try Tool.shell("stratum segment --features a --k 2...4 in.csv -q", in: folder)
        #expect(range.status == 0)
        #expect(range.text.contains("Nothing speaks for a number"))
    }
}

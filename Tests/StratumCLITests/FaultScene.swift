import Foundation
import Testing

/// A folder in which a run replaces the outputs of an older one: after any fault, what is there can be told apart.
final class FaultScene {
    /// What an output's name holds.
    enum Content { case old, new, broken, sameInBoth }

    static let names = ["tiers.csv", "segments.csv", "rejects.csv", "model.json", "summary.json", "scores.csv"]

    let folder: Folder
    private var expected: [(old: [UInt8], new: [UInt8])] = []

    /// - Parameter customerCount: size of the input.
    init(customerCount: Int = 300) throws {
        folder = try Folder()
        let made = try Tool.shell(
            """
            stratum plan > plan.yaml
            stratum generate --customers 200 --seed 5 -q -o before.csv
            stratum generate --customers \(customerCount) -q -o c.csv
            gzip -kn c.csv
            stratum run plan.yaml before.csv -q -o old --no-sync
            stratum run plan.yaml c.csv -q -o new --no-sync
            """, in: folder)
        #expect(made.status == 0, "\(made.errors)")
        for name in Self.names {
            expected.append((try folder.read("old/" + name), try folder.read("new/" + name)))
        }
        try reset()
    }

    /// Puts the older run's outputs into `out` again.
    func reset() throws {
        let (old, out) = (folder.url("old"), folder.url("out"))
        try? FileManager.default.removeItem(at: out)
        try FileManager.default.copyItem(at: old, to: out)
    }

    /// What each name in `out` holds. A summary tells times, so a new one is known by its rows.
    func contents() throws -> [Content] {
        try zip(Self.names, expected).map { name, expected in
            guard let bytes = try? folder.read("out/" + name) else { return .broken }
            if bytes == expected.old { return expected.old == expected.new ? .sameInBoth : .old }
            if bytes == expected.new { return .new }
            guard name == "summary.json", try rowsRead(bytes) == rowsRead(expected.new) else { return .broken }
            return .new
        }
    }

    /// Whether each name holds the new bytes.
    func isNew() throws -> Bool { try Self.areNew(contents()) }

    private static func areNew(_ contents: [Content]) -> Bool { !contents.contains { $0 == .old || $0 == .broken } }

    /// Names in `out` beside the outputs.
    func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").filter { !Self.names.contains($0) }
    }

    /// After an end that the command could handle: all new and status 0, or all old and one of `statuses`; nothing else.
    func expectAllOrNothing(_ outcome: Tool.Outcome, failing statuses: Set<Int32>, _ fault: String) throws {
        let contents = try contents()
        if outcome.status == 0 {
            #expect(Self.areNew(contents), "\(fault): done, \(contents)")
        } else {
            #expect(statuses.contains(outcome.status), "\(fault): status \(outcome.status), \(outcome.errors)")
            let areOld = !contents.contains { $0 == .new || $0 == .broken }
            #expect(areOld, "\(fault): status \(outcome.status), \(contents)")
        }
        let leftovers = try leftovers()
        #expect(leftovers.isEmpty, "\(fault): \(leftovers)")
    }

    /// After an end in the middle of giving names: each holds old or new bytes, and a new score file stands for all.
    func expectEachWhole(_ fault: String) throws {
        let contents = try contents()
        #expect(!contents.contains(.broken), "\(fault): \(contents)")
        if contents.last == .new { #expect(Self.areNew(contents), "\(fault): \(contents)") }
    }

    private func rowsRead(_ summary: [UInt8]) throws -> Int? {
        let object = try JSONSerialization.jsonObject(with: Data(summary)) as? [String: Any]
        return (object?["rows"] as? [String: Any])?["read"] as? Int
    }
}

/// strace, which makes the command's system calls fail or wait.
enum Tracer {
    /// Whether every call is tried, for minutes, or a part of them, for seconds; `STRATUM_FAULT_SWEEP=all` asks for all.
    static let sweepsAll = ProcessInfo.processInfo.environment["STRATUM_FAULT_SWEEP"] == "all"

    /// Whether strace is there and may attach.
    static let isUsable: Bool = {
        guard let folder = try? Folder() else { return false }
        return (try? Tool.shell("strace -f -o /dev/null -e trace=none true", in: folder).status) == 0
    }()

    /// Runs the command of the scene with `options` of strace in front.
    static func run(_ options: String, _ arguments: String, in scene: FaultScene) throws -> Tool.Outcome {
        try Tool.shell("exec strace -f -qq -o /dev/null \(options) '\(Tool.path)' \(arguments)", in: scene.folder)
    }

    /// For each kind of call which ones the main thread makes after the plan is opened: those before are the loader's.
    static func calls(_ kinds: [String], _ arguments: String, in scene: FaultScene) throws -> [String: ClosedRange<Int>]
    {
        let outcome = try Tool.shell(
            "exec strace -f -qq -o calls -e trace=\(kinds.joined(separator: ",")) '\(Tool.path)' \(arguments)",
            in: scene.folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = String(decoding: try scene.folder.read("calls"), as: UTF8.self).split(separator: "\n")
        let main = lines.first?.prefix { $0 != " " }
        var counts: [String: Int] = [:]
        var firsts: [String: Int] = [:]
        var isOurs = false
        for line in lines where line.prefix(while: { $0 != " " }) == main {
            let call = line.drop { $0 != " " }.drop { $0 == " " }
            guard let kind = kinds.first(where: { call.hasPrefix($0 + "(") }) else { continue }
            counts[kind, default: 0] += 1
            isOurs = isOurs || call.contains("\"plan.yaml\"")
            if isOurs, firsts[kind] == nil { firsts[kind] = counts[kind]! }
        }
        #expect(isOurs)
        var ranges: [String: ClosedRange<Int>] = [:]
        for (kind, first) in firsts { ranges[kind] = first...counts[kind]! }
        return ranges
    }
}

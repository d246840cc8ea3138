import Foundation
import Testing

/// The built command, run as a user runs it.
enum Tool {
    /// How a run of the command ended.
    struct Outcome {
        /// The exit status; 128 + n when signal n ended the process.
        var status: Int32
        var output: [UInt8]
        var errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Where the command is: `STRATUM` if set, otherwise beside the test bundle.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["STRATUM"] { return path }
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("stratum").path
    }()

    /// Runs the command to its end.
    static func run(_ arguments: String..., input: [UInt8] = [], in folder: Folder? = nil) throws -> Outcome {
        try run(arguments, input: input, in: folder)
    }

    /// Runs the command to its end.
    static func run(_ arguments: [String], input: [UInt8] = [], in folder: Folder? = nil) throws -> Outcome {
        try finish(start(arguments, input: input, in: folder))
    }

    /// Runs a line of the shell in which `stratum` is the command.
    static func shell(_ line: String, in folder: Folder) throws -> Outcome {
        try finish(start("/bin/bash", ["-c", "stratum() { \"\(path)\" \"$@\"; }; \(line)"], in: folder))
    }

    /// A process under way, with the files that hold what it says.
    struct Running {
        let process: Process
        let scratch: Folder
    }

    static func start(_ arguments: [String], input: [UInt8] = [], in folder: Folder? = nil) throws -> Running {
        try start(path, arguments, input: input, in: folder)
    }

    private static func start(
        _ executable: String, _ arguments: [String], input: [UInt8] = [], in folder: Folder?
    ) throws -> Running {
        let scratch = try Folder()
        try scratch.write(input, to: "input")
        for name in ["output", "errors"] { try scratch.write([], to: name) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder.path) }
        process.standardInput = try FileHandle(forReadingFrom: scratch.url("input"))
        process.standardOutput = try FileHandle(forWritingTo: scratch.url("output"))
        process.standardError = try FileHandle(forWritingTo: scratch.url("errors"))
        try process.run()
        return Running(process: process, scratch: scratch)
    }

    static func finish(_ running: Running) throws -> Outcome {
        running.process.waitUntilExit()
        let bySignal = running.process.terminationReason == .uncaughtSignal
        return Outcome(
            status: running.process.terminationStatus + (bySignal ? 128 : 0),
            output: try running.scratch.read("output"),
            errors: String(decoding: try running.scratch.read("errors"), as: UTF8.self))
    }
}

/// A folder for one test, gone with it.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("stratum-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func url(_ name: String) -> URL { URL(fileURLWithPath: path).appendingPathComponent(name) }

    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: url(name)) }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func read(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: url(name))) }

    /// The names of everything inside, hidden files too.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

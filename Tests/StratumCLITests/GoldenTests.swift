import Foundation
import Testing

/// The outputs for a small export with Chinese headings, against files kept in data/golden.
///
/// Text must be equal to the byte, numbers to `numberTolerance`. To record after a change that is meant, run with
/// `STRATUM_RECORD=1`: it writes the files and fails, so that nobody records by accident.
struct GoldenTests {
    /// Relative; written numbers have 17 digits at most, and their last may hang on the machine's mathematics library.
    private static let numberTolerance = 1e-12

    @Test(arguments: ["scores.csv", "tiers.csv", "segments.csv"])
    func outputsAreAsRecorded(file: String) throws {
        let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../data")
            .standardizedFileURL
        let folder = try Folder()
        let outcome = try Tool.run(
            "run", data.path + "/plans/零售.yaml", data.path + "/零售.csv", "-q", "-o", "out", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        try compare(file, in: folder, with: data.appendingPathComponent("golden/零售/\(file)"))
    }

    /// The plan that uses every part.
    @Test(arguments: ["scores.csv", "tiers.csv", "segments.csv", "classes.csv", "worklist.csv"])
    func outputsOfEveryPartAreAsRecorded(file: String) throws {
        let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../data")
            .standardizedFileURL
        let folder = try Folder()
        let outcome = try Tool.run(
            "run", data.path + "/plans/accounts.yaml", data.path + "/accounts.csv", "-q", "-o", "out", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        try compare(file, in: folder, with: data.appendingPathComponent("golden/accounts/\(file)"))
    }

    /// The flowers of iris, by the number of segments that the Calinski-Harabasz index recommends.
    @Test(arguments: ["segments.csv", "profiles.csv", "curve.csv"])
    func segmentsOfIrisAreAsRecorded(file: String) throws {
        let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../data")
            .standardizedFileURL
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path + "/out", withIntermediateDirectories: false)
        let outcome = try Tool.shell(
            "stratum segment --features sepal_length,sepal_width,petal_length,petal_width --id id --scaling none "
                + "--k 2...6 --criterion calinski-harabasz --restarts 10 '\(data.path)/iris.csv' -q "
                + "-o out/segments.csv --profiles out/profiles.csv --curve out/curve.csv", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        // Silhouettes are made of distances in Float, whose last places hang on the processor.
        try compare(
            file, in: folder, with: data.appendingPathComponent("golden/iris/\(file)"),
            tolerance: file == "curve.csv" ? 1e-6 : Self.numberTolerance)
    }

    /// Compares an output with the file kept, or records it.
    private func compare(
        _ file: String, in folder: Folder, with golden: URL, tolerance: Double = numberTolerance
    ) throws {
        if ProcessInfo.processInfo.environment["STRATUM_RECORD"] != nil {
            try FileManager.default.createDirectory(
                at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(try folder.read("out/\(file)")).write(to: golden)
            Issue.record("recorded \(file); look at the difference before you commit it")
            return
        }
        let expected = cells(try Array(Data(contentsOf: golden)))
        let written = cells(try folder.read("out/\(file)"))
        #expect(written.count == expected.count)
        for (line, (new, old)) in zip(written, expected).enumerated() where !isSame(new, old, tolerance) {
            Issue.record("line \(line + 1): \(new) is not \(old)")
        }
    }

    private func cells(_ bytes: [UInt8]) -> [[Substring]] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }

    private func isSame(_ new: [Substring], _ old: [Substring], _ tolerance: Double) -> Bool {
        new.count == old.count
            && zip(new, old).allSatisfy { new, old in
                if new.utf8.elementsEqual(old.utf8) { return true }
                guard let first = Double(new), let second = Double(old) else { return false }
                return abs(first - second) <= tolerance * max(abs(first), abs(second))
            }
    }
}

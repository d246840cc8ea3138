import Foundation
import Testing

/// data/README.md lists the rules of CSV with their tests: every name in the table is that of a test.
struct RuleTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    /// The text of every suite, by its name.
    private static func suites() throws -> [String: String] {
        var suites: [String: String] = [:]
        let files = FileManager.default.enumerator(at: root.appending(path: "Tests"), includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            let parts = text.components(separatedBy: "\nstruct ").dropFirst()
            for part in parts { suites[String(part.prefix { $0.isLetter || $0.isNumber }), default: ""] += part }
        }
        return suites
    }

    @Test func everyTestThatARuleNamesExists() throws {
        let suites = try Self.suites()
        let document = try String(contentsOf: Self.root.appending(path: "data/README.md"), encoding: .utf8)
        var count = 0
        for row in document.split(separator: "\n") where row.hasPrefix("| ") {
            // A name without a suite belongs to the one named before it in the row.
            var suite: String?
            for quoted in row.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            where quoted.offset % 2 == 1 {
                let name = quoted.element.split(separator: "/").last ?? ""
                if name.contains(" ") { continue }
                let parts = name.split(separator: ".").map(String.init)
                if let first = parts.first, first.hasSuffix("Tests") {
                    suite = first
                    #expect(suites[first] != nil, "\(first) in: \(row)")
                    guard parts.count > 1 else { count += 1; continue }
                } else if suite == nil || !name.allSatisfy({ $0.isLetter || $0.isNumber }) || name.count < 12 {
                    continue
                }
                count += 1
                let function = parts.last ?? ""
                let isThere = suites[suite ?? ""]?.contains("func \(function)(") == true
                #expect(isThere, "\(suite ?? "").\(function) in: \(row)")
            }
        }
        #expect(count > 50, "the table is not where it was")
    }
}

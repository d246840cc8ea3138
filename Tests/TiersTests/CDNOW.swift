import Foundation

/// The spend of each customer of the CDNOW 1/10 sample, in the order of their numbers; data/README.md has the origin.
func cdnowSpend() throws -> [Double] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "data/cdnow_sample.txt"), encoding: .utf8)
    var cents: [Int: Int] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
        let fields = line.split(separator: " ")
        let parts = fields[4].split(separator: ".", omittingEmptySubsequences: false)
        cents[Int(fields[1])!, default: 0] += Int(parts[0])! * 100 + Int(parts[1])!
    }
    return cents.sorted { $0.key < $1.key }.map { Double($0.value) / 100 }
}

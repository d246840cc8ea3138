public import Reports

extension BenchmarkReport {
    /// Reads a file of results.
    ///
    /// - Parameter path: what the file is called in messages.
    /// - Throws: `BenchmarkError` of kind `badBaseline`.
    public static func decode(_ bytes: [UInt8], path: String) throws(BenchmarkError) -> BenchmarkReport {
        func bad(_ problem: String) -> BenchmarkError {
            BenchmarkError(.badBaseline, at: path, problem, remedy: "give a file that stratum bench -o wrote as .json")
        }
        let node: PlanNode
        do { node = try PlanNode(json: bytes, byteLimit: byteLimit) } catch { throw bad("this is not JSON: \(error)") }
        guard node.scalar("format") == format else { throw bad("this is no file of benchmark results") }
        guard node.scalar("version") == String(formatVersion) else {
            throw bad("results of version \(node.scalar("version") ?? "unknown"); this release reads \(formatVersion)")
        }
        do {
            return try node.decoded(as: BenchmarkReport.self)
        } catch let DecodingError.keyNotFound(key, _) {
            throw bad("'\(key.stringValue)' is missing")
        } catch let DecodingError.typeMismatch(_, context), let DecodingError.dataCorrupted(context) {
            throw bad("\(context.codingPath.map(\.stringValue).joined(separator: ".")): \(context.debugDescription)")
        } catch {
            throw bad("\(error)")
        }
    }

    /// The largest file of results that is read: a grid of ten thousand cells stays below it.
    public static let byteLimit = 64 << 20
}

extension PlanNode {
    /// The scalar under a key of a map.
    fileprivate func scalar(_ key: String) -> String? {
        guard case .map(let entries) = content,
            case .scalar(let text, _)? = entries.first(where: { $0.key == key })?.value.content
        else { return nil }
        return text
    }
}

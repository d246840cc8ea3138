import Reports
import TableIO
import Tables
import Tiers
import VectorMath

/// The tiers of the last run, looked up by id.
///
/// Memory: the bytes of the ids and 17 to 29 more for each customer of the last run.
struct PreviousTiers: Sendable {
    private let index: IdentifierIndex
    /// For each customer of the last run the code of the tier.
    private let codes: [UInt8]

    /// Customers of the last run.
    var count: Int { codes.count }

    /// Reads a scores file, plain or packed; of its columns the id's and `tier` are taken.
    ///
    /// - Throws: `TableIOError`; `EngineError` of kind `otherTiers` for a tier that `cutoffs` does not have.
    init(path: String, id: String, cutoffs: TierCutoffs, options: RunOptions) throws {
        let workers = Workers(threadCount: options.threadCount)
        let reader = try CSVReader(
            sources: try options.sources([path]), identifier: id, columns: [], labels: ["tier"])
        var read = ReadOptions()
        read.keepsAllIdentifiers()
        read.isCancelled = options.checkpoint(path)
        read.rejectLimit = .count(0)
        let places = Dictionary(
            uniqueKeysWithValues: cutoffs.namedCodes.map { (Array((cutoffs.name(of: $0) ?? "").utf8), $0) })
        let batches = Collected<(Identifiers, [UInt8])>()
        _ = try reader.forEachBatch(workers: workers, options: read) { _, batch in
            let labels = batch.labels[0]
            let codes = try labels.texts.enumerated().map { number, text in
                if number == 0 { return TierCutoffs.unrankedCode }
                guard let code = places[text] else { throw Self.unknown(text, path, cutoffs) }
                return code
            }
            return (batch.identifiers, labels.codes.map { codes[Int($0)] })
        } deliver: {
            batches.append($0)
        }
        let all = batches.elements
        codes = all.flatMap(\.1)
        guard codes.count <= IdentifierIndex.rowLimit else {
            throw TableIOError(.outOfMemory, path: path, detail: "\(codes.count) customers")
        }
        index = IdentifierIndex(all.map(\.0), workers: workers)
    }

    private static func unknown(_ text: [UInt8], _ path: String, _ cutoffs: TierCutoffs) -> EngineError {
        let known = cutoffs.namedCodes.compactMap { cutoffs.name(of: $0) }.joined(separator: ", ")
        return EngineError(
            .otherTiers, at: path,
            "a customer was in the tier '\(TerminalText.escaped(String(decoding: text, as: UTF8.self)))', "
                + "which is none of these: \(known)",
            remedy: "give scores of a run with the same tiers, or leave them out this once")
    }

    /// The tiers that customers were in, `Hysteresis.newCode` for those who were not there.
    ///
    /// - Parameter hint: the row of the last run that the first customer is likely to have.
    func codes(of identifiers: Identifiers, near hint: Int = 0) -> [UInt8] {
        var found = [UInt8](repeating: Hysteresis.newCode, count: identifiers.count)
        index.find(identifiers, near: hint) { row, place in
            if let place { found[row] = codes[place] }
        }
        return found
    }
}

extension TierMoves {
    /// What became of customers since the last run, for the summary.
    func json(previousCount: Int, _ hysteresis: Hysteresis?) -> JSONValue {
        [
            "customers": .integer(previousCount), "hysteresis": hysteresis?.json ?? .null,
            "stayed": .integer(stayed), "kept_by_hysteresis": .integer(kept), "up": .integer(risen),
            "down": .integer(fallen), "to_or_from_a_layer": .integer(other), "new": .integer(new),
            "gone": .integer(previousCount - knownCount),
        ]
    }

    /// The same as a sentence.
    func sentence(previousCount: Int) -> String {
        let counts = [
            (stayed, "stayed in their tier"), (kept, "were kept in it by the hysteresis"), (risen, "went up"),
            (fallen, "went down"), (other, "came from or went to a layer outside the ranking"), (new, "are new"),
            (previousCount - knownCount, "are gone"),
        ]
        let parts = counts.filter { $0.0 > 0 }.map { "\(groupedText($0)) \($1)" }
        return "Since the last run: " + parts.joined(separator: ", ") + "."
    }
}

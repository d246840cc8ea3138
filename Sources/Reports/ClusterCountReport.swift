public import Segmentation

/// The numbers of segments that were tried, as a table, CSV and JSON.
public struct ClusterCountReport: Equatable, Sendable {
    /// What was tried and what is recommended.
    public var choice: ClusterCountChoice
    /// Seconds that each number took, in the order of the candidates; empty if nobody took the time.
    public var seconds: [Double]

    /// A report on a choice.
    public init(_ choice: ClusterCountChoice, seconds: [Double] = []) {
        self.choice = choice
        self.seconds = seconds
    }

    /// The bytes of the curve's file: one row for each number, every figure with all its digits, no times.
    public var csv: [UInt8] {
        var csv = CSVText()
        csv.append([
            "k", "segments", "inertia", "simplified_silhouette", "silhouette", "calinski_harabasz", "davies_bouldin",
            "gap", "gap_standard_error", "knee_distance", "smallest_share", "iterations", "converged", "recommended",
        ])
        for candidate in choice.candidates {
            let quality = candidate.quality
            let figures = [
                quality.inertia, quality.simplifiedSilhouette, candidate.silhouette?.mean, quality.calinskiHarabasz,
                quality.daviesBouldin, candidate.gap?.gap, candidate.gap?.standardError, candidate.kneeDistance,
                candidate.smallestShare,
            ]
            csv.append(
                [String(candidate.clusterCount), String(candidate.foundCount)] + figures.map { CSVText.field($0) }
                    + [
                        String(candidate.iterationCount), candidate.converged ? "yes" : "no",
                        candidate.clusterCount == choice.recommended ? "yes" : "no",
                    ])
        }
        return csv.bytes
    }

    /// The same figures for the summary, with what decided and what the figures were computed from.
    public var json: JSONValue {
        let silhouetteRowCount = choice.candidates.compactMap(\.silhouette?.rowCount).first
        return [
            "criterion": .text(choice.criterion.rawValue), "recommended": .integer(choice.recommended),
            "decided": .bool(choice.isDecided), "silhouette_rows": .optional(silhouetteRowCount),
            "gap_references": .optional(choice.gapSample?.referenceCount),
            "gap_rows": .optional(choice.gapSample?.rowCount),
            "curve": .list(choice.candidates.map(Self.json)),
        ]
    }

    private static func json(_ candidate: ClusterCountCandidate) -> JSONValue {
        let quality = candidate.quality
        return [
            "k": .integer(candidate.clusterCount), "segments": .integer(candidate.foundCount),
            "inertia": .number(quality.inertia), "simplified_silhouette": .optional(quality.simplifiedSilhouette),
            "silhouette": .optional(candidate.silhouette?.mean),
            "calinski_harabasz": .optional(quality.calinskiHarabasz),
            "davies_bouldin": .optional(quality.daviesBouldin), "gap": .optional(candidate.gap?.gap),
            "gap_standard_error": .optional(candidate.gap?.standardError),
            "knee_distance": .optional(candidate.kneeDistance), "smallest_share": .number(candidate.smallestShare),
            "iterations": .integer(candidate.iterationCount), "converged": .bool(candidate.converged),
        ]
    }

    /// A table for the terminal with the recommended row marked, and a sentence that says what decided.
    ///
    /// `simplified` is the simplified silhouette, `silhouette` that of all distances; a `+` behind the steps says that
    /// the iteration limit ended them.
    public func text(_ style: TerminalStyle) -> String {
        let candidates = choice.candidates
        var columns: [(title: String, cells: [String])] = [
            ("inertia", candidates.map { significantText($0.quality.inertia, digits: 6) })
        ]
        func add(_ title: String, _ figures: [Double?], _ text: (Double) -> String) {
            guard figures.contains(where: { $0 != nil }) else { return }
            columns.append((title, figures.map { $0.map(text) ?? "" }))
        }
        let rounded = { groupedText($0, decimals: 4) }
        add("simplified", candidates.map(\.quality.simplifiedSilhouette), rounded)
        add("silhouette", candidates.map(\.silhouette?.mean), rounded)
        add("Cal-Har", candidates.map(\.quality.calinskiHarabasz)) { significantText($0, digits: 6) }
        add("Dav-Bou", candidates.map(\.quality.daviesBouldin), rounded)
        if candidates.contains(where: { $0.gap != nil }) {
            let sign = style.asciiOnly ? " +-" : " ±"
            columns.append(
                ("gap", candidates.map { $0.gap.map { rounded($0.gap) + sign + rounded($0.standardError) } ?? "" }))
        }
        add("knee", candidates.map(\.kneeDistance), rounded)
        add("smallest", candidates.map(\.smallestShare), percentText)
        columns.append(("steps", candidates.map { groupedText($0.iterationCount) + ($0.converged ? "" : "+") }))
        if seconds.count == candidates.count { add("time", seconds) { groupedText($0, decimals: 2) + " s" } }
        var table = TextTable(columns: [("k", .right)] + columns.map { (title: $0.title, alignment: .right) })
        let mark = style.asciiOnly ? "> " : "▶ "
        for (row, candidate) in candidates.enumerated() {
            let number = String(candidate.clusterCount)
            table.append(
                [candidate.clusterCount == choice.recommended ? mark + number : number] + columns.map { $0.cells[row] })
        }
        return table.text(style) + "\n" + sentence + "\n"
    }

    /// Which number is recommended, and why.
    public var sentence: String {
        let count = "\(choice.recommended) segment\(choice.recommended == 1 ? "" : "s")"
        guard choice.isDecided else {
            return "Nothing speaks for a number by \(Self.words(choice.criterion)): \(count), the smallest, taken."
        }
        return "Recommended: \(count), by \(Self.words(choice.criterion))."
    }

    private static func words(_ criterion: ClusterCountCriterion) -> String {
        switch criterion {
        case .silhouette: "the highest simplified silhouette"
        case .calinskiHarabasz: "the highest Calinski-Harabasz index"
        case .daviesBouldin: "the lowest Davies-Bouldin index"
        case .knee: "the knee of the inertia, farthest below the chord between its ends"
        case .gap: "the first gap not below the next one less its standard error"
        }
    }
}

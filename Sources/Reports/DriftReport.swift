public import Segmentation
import TableIO

/// How segments have changed against the earlier ones that they continue.
public struct DriftReport: Equatable, Sendable {
    /// The drifts, by number of the segment.
    public var drifts: [SegmentDrift]
    /// The segments' names.
    public var names: [String]
    /// The features' names.
    public var features: [String]
    /// Earlier segments that none continues: number and name.
    public var ended: [Ended]

    /// An earlier segment that none continues.
    public struct Ended: Equatable, Sendable {
        /// Its number, from 1.
        public var number: Int
        /// Its name.
        public var name: String

        /// An earlier segment.
        public init(number: Int, name: String) {
            self.number = number
            self.name = name
        }
    }

    /// A report on drifts; a name for each, and one for each feature.
    public init(drifts: [SegmentDrift], names: [String], features: [String], ended: [Ended] = []) {
        precondition(drifts.count == names.count, "\(names.count) names for \(drifts.count) drifts")
        self.drifts = drifts
        self.names = names
        self.features = features
        self.ended = ended
    }

    /// All figures for the summary; shifts are in today's standard deviations.
    public var json: JSONValue {
        [
            "segments": .list(
                zip(drifts, names).map { drift, name in
                    [
                        "segment": .integer(drift.number), "name": .text(name),
                        "previous_segment": .optional(drift.previousNumber),
                        "share_of_customers": .number(drift.share),
                        "previous_share_of_customers": .optional(drift.previousShare),
                        "drift": .optional(drift.distance),
                        "features": .list(
                            zip(features, drift.shifts).map { ["name": .text($0), "drift": .number($1)] }),
                    ]
                }),
            "ended": .list(ended.map { ["segment": .integer($0.number), "name": .text($0.name)] }),
        ]
    }

    /// A table for the terminal: sizes then and now, how far the center moved, and in 100 columns or more along which
    /// features.
    public func text(_ style: TerminalStyle) -> String {
        let hasFeatures = style.width >= 100
        var columns: [(title: String, alignment: Alignment)] = [
            ("", .right), ("segment", .left), ("was", .right), ("share", .right), ("before", .right),
            ("drift (sd)", .right),
        ]
        if hasFeatures { columns.append(("most along", .left)) }
        var table = TextTable(columns: columns)
        for (drift, name) in zip(drifts, names) {
            let row = [
                String(drift.number), name, drift.previousNumber.map { String($0) } ?? "new", percentText(drift.share),
                drift.previousShare.map(percentText) ?? "",
                drift.distance.map { groupedText($0, decimals: 3) } ?? "",
            ]
            table.append(hasFeatures ? row + [largest(drift, style)] : row)
        }
        let lost = ended.map { "Segment \($0.number) (\(TerminalText.escaped($0.name))) has no successor.\n" }
        return table.text(style) + lost.joined()
    }

    /// The two features that a center moved along the most, the first on ties.
    private func largest(_ drift: SegmentDrift, _ style: TerminalStyle) -> String {
        let order = drift.shifts.indices.sorted {
            (-abs(drift.shifts[$0]), $0) < (-abs(drift.shifts[$1]), $1)
        }
        // What would be written as 0 is left out.
        return order.prefix(2).filter { abs(drift.shifts[$0]) >= 0.0005 }.map {
            let sign = drift.shifts[$0] < 0 ? (style.asciiOnly ? "-" : "−") : "+"
            return "\(features[$0]) \(sign)\(groupedText(abs(drift.shifts[$0]), decimals: 3))"
        }.joined(separator: ", ")
    }
}

public import Indicators
import Reports
import Rules

extension Plan {
    /// How customers are scored by recency, frequency and monetary value, as `stratum rfm` does.
    public struct RFM: Equatable, Sendable {
        /// What is scored as monetary value.
        public enum Monetary: String, CaseIterable, Sendable {
            /// The spend in all.
            case total
            /// The mean of a purchase.
            case mean
        }

        /// How many scores there are and how they are cut.
        public var specification: RFMSpecification
        /// What is scored as monetary value.
        public var monetary: Monetary

        /// Five scores by quantile, of the spend in all.
        public init(_ specification: RFMSpecification = RFMSpecification(), monetary: Monetary = .total) {
            self.specification = specification
            self.monetary = monetary
        }

        /// The columns that customers get, in this order: the three scores, and their digits as one number.
        public static let columnNames = ["r", "f", "m", "code"]
    }
}

extension Plan.RFM {
    init(_ reader: PlanReader) throws(PlanError) {
        self.init()
        if reader.isScalar {
            specification.scoreCount = try reader.count(atLeast: 0)
            return
        }
        let fields = try reader.fields(["scores", "nested", "monetary", "cuts"])
        if let reader = fields["scores"] { specification.scoreCount = try reader.count(atLeast: 0) }
        if let reader = fields["nested"] { specification.isNested = try reader.flag() }
        if let reader = fields["monetary"] { monetary = try reader.word(Monetary.self) }
        guard let cuts = try fields["cuts"]?.fields(Self.cutKeys.map(\.key)) else { return }
        for (key, path) in Self.cutKeys {
            specification[keyPath: path] = try cuts[key]?.elements().map { reader throws(PlanError) in
                try reader.number()
            }
        }
    }

    fileprivate static var cutKeys: [(key: String, path: WritableKeyPath<RFMSpecification, [Double]?>)] {
        [("recency", \.recencyCuts), ("frequency", \.frequencyCuts), ("monetary", \.monetaryCuts)]
    }

    /// The settings in the plan's language.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("scores", .integer(specification.scoreCount)), .init("nested", .bool(specification.isNested)),
            .init("monetary", .text(monetary.rawValue)),
        ]
        let cuts = Self.cutKeys.compactMap { key, path in
            specification[keyPath: path].map { JSONValue.Member(key, .list($0.map { .number($0) })) }
        }
        if !cuts.isEmpty { members.append(.init("cuts", .object(cuts))) }
        return .object(members)
    }

    /// What is known of a column before it is read; nil for a column of another name.
    func ruleColumn(_ name: String) -> RuleColumn? {
        guard Self.columnNames.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else { return nil }
        let unit: Double = name == "code" ? 111 : 1
        return RuleColumn(name, minimum: unit, maximum: unit * Double(specification.scoreCount), isWhole: true)
    }
}

extension Plan {
    /// Refuses scores that cannot be cut, and other names of the plan that are those of the scores.
    func check(_ rfm: RFM) throws(PlanError) {
        let count = rfm.specification.scoreCount
        guard RFMSpecification.scoreCounts.contains(count) else {
            throw invalid("input.rfm.scores", "\(count) scores", remedy: "give 2 to 9")
        }
        for (key, path) in RFM.cutKeys {
            guard let cuts = rfm.specification[keyPath: path] else { continue }
            let place = "input.rfm.cuts.\(key)"
            if cuts.count != count - 1 {
                throw invalid(
                    place, "\(cuts.count) cuts for \(count) scores",
                    remedy: "give \(count - 1): the largest value of each class but the last")
            }
            for (index, cut) in cuts.enumerated() { try checkFinite(cut, at: "\(place)[\(index)]") }
            if zip(cuts, cuts.dropFirst()).contains(where: { $0 >= $1 }) {
                throw invalid(place, "cuts that do not rise", remedy: "give the lowest first, each once")
            }
        }
        let names =
            [("input.id", input.id)] + derived.map { ("derived.\($0.name)", $0.name) }
            + dimensions.enumerated().map { ("dimensions[\($0)].name", $1.name) }
            + classes.enumerated().map { ("classes[\($0)].name", $1.name) }
        for (path, name) in names where RFM.columnNames.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
            throw PlanError(
                .conflict, at: path, nil, problem: "'\(name)' is a column of 'rfm'",
                remedy: "choose another name: rfm gives \(RFM.columnNames.joined(separator: ", "))")
        }
    }
}

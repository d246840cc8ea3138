import Scoring

extension Plan {
    /// Reads a plan strictly and checks it.
    ///
    /// - Throws: `PlanError` for the first mistake: an unknown key or word (with the nearest known one), a key given
    ///   twice, a wrong type, a number that is not finite, an inadmissible value, names used twice.
    public init(_ node: PlanNode) throws(PlanError) {
        let reader = PlanReader(node: node, keyPath: "")
        let fields = try reader.fields([
            "version", "input", "language", "derived", "defaults", "dimensions", "judgments", "weights", "aggregation",
            "value", "tiers", "segments", "classes", "matrix", "policies", "workList", "reasons", "output",
            "limits",
        ])
        let version = try fields.required("version")
        guard try version.number() == Double(Plan.version) else {
            throw version.invalid(
                "version \(try version.text()) of the plan's language",
                remedy: "this release reads version \(Plan.version)")
        }
        let dimensions = try fields.required("dimensions").elements()
        self.init(dimensions: try dimensions.map { reader throws(PlanError) in try Dimension(reader) })
        if let reader = fields["language"] { language = try reader.word(Language.self) }
        if let reader = fields["input"] { input = try Input(reader) }
        if let reader = fields["derived"] { derived = try DerivedColumn.columns(reader) }
        if let reader = fields["defaults"] {
            defaults = try Treatment(try reader.fields(Treatment.keys))
        }
        if let reader = fields["judgments"] { judgments = try reader.judgments() }
        if let reader = fields["weights"] { weighting = try Weighting(reader) }
        if let reader = fields["aggregation"] { aggregation = try Aggregation(reader) }
        if let reader = fields["value"] { value = try reader.text() }
        if let reader = fields["tiers"] { tiers = try Tiers(reader) }
        if let reader = fields["segments"] { segments = try Segments(reader) }
        if let reader = fields["reasons"] { reasons = try Reasons(reader) }
        if let reader = fields["classes"] {
            let named = reader.namedColumns(
                hasSegments: segments != nil, hasMatrix: fields["matrix"] != nil, dimensions: self.dimensions)
            classes = try reader.elements().map { reader throws(PlanError) in try Classification(reader, named) }
        }
        if let reader = fields["matrix"] { matrix = try Matrix(reader) }
        if let reader = fields["policies"] {
            policies = try reader.elements().map { reader throws(PlanError) in try Policy(reader) }
        }
        if let reader = fields["workList"] { workList = try WorkList(reader) }
        if let reader = fields["output"] { output = try Output(reader) }
        if let reader = fields["limits"] { limits = try Limits(reader) }
        nameWhatIsUnnamed(in: node)
        do {
            try check()
        } catch {
            throw PlanError(
                error.kind, at: error.keyPath, node.position(ofKeyPath: error.keyPath), problem: error.problem,
                remedy: error.remedy)
        }
    }

    /// Reads a plan from the bytes of a JSON text.
    public init(json bytes: [UInt8]) throws(PlanError) {
        try self.init(try PlanNode(json: bytes))
    }
}

extension PlanNode {
    /// Where the value of a key path stands, or the deepest part of the path that exists.
    func position(ofKeyPath keyPath: String) -> PlanPosition? {
        var node = self
        for part in keyPath.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }) {
            switch node.content {
            case .list(let nodes):
                // A list written in place of a map with a list of the same name, as tiers may be.
                guard let index = Int(part) else { continue }
                guard nodes.indices.contains(index) else { return node.position }
                node = nodes[index]
            case .map(let entries):
                guard let entry = entries.first(where: { $0.key == part }) else { return node.position }
                node = entry.value
            case .scalar: return node.position
            }
        }
        return node.position
    }
}

extension Plan.Dimension {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["name", "weight", "indicators", "judgments"])
        let indicators = try fields.required("indicators").elements()
        self.init(
            try fields.required("name").text(), weight: try fields["weight"]?.number(allowsPercent: true) ?? 1,
            indicators: try indicators.map { reader throws(PlanError) in try Plan.Indicator(reader) },
            judgments: try fields["judgments"]?.judgments())
    }
}

extension Plan.Indicator {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        if reader.isScalar {
            self.init(try reader.text())
            return
        }
        let fields = try reader.fields(
            ["name", "column", "weight", "kind", "direction", "admissible"] + Plan.Treatment.keys)
        self.init(
            try fields.required("name").text(), column: try fields["column"]?.text(),
            weight: try fields["weight"]?.number(allowsPercent: true) ?? 1, treatment: try Plan.Treatment(fields))
        if let reader = fields["kind"] { kind = try reader.word(Plan.Kind.self) }
        if let reader = fields["direction"] { direction = try Plan.Direction(reader) }
        if let range = try fields["admissible"]?.fields(["minimum", "maximum"]) {
            admissible = Plan.AdmissibleRange(
                minimum: try range["minimum"]?.number(), maximum: try range["maximum"]?.number())
        }
    }
}

extension Plan.Treatment {
    fileprivate static let keys = ["transform", "normalization", "missing"]

    fileprivate init(_ fields: PlanFields) throws(PlanError) {
        self.init(
            transform: try fields["transform"]?.word(Transform.self),
            normalization: try fields["normalization"].map { reader throws(PlanError) in try Normalization(reader) },
            missing: try fields["missing"].map { reader throws(PlanError) in try MissingPolicy(reader) })
    }
}

extension Plan.Direction {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        if reader.isScalar {
            switch try reader.text() {
            case "higher": self = .higher
            case "lower": self = .lower
            case let word: throw reader.unknownWord(word, known: ["higher", "lower", "{target: …, zeroAt: …}"])
            }
            return
        }
        let fields = try reader.fields(["target", "zeroAt"])
        self = .target(try fields.required("target").number(), zeroAt: try fields.required("zeroAt").number())
    }
}

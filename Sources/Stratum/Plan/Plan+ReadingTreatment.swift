import Scoring

extension Aggregation {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = reader.isScalar ? nil : try reader.fields(["kind", "floor"])
        let kind = try fields?.required("kind") ?? reader
        switch try kind.text() {
        case "arithmetic":
            if let floor = fields?["floor"] { throw floor.inapplicable("arithmetic") }
            self = .arithmetic
        case "geometric":
            self =
                try fields?["floor"].map { reader throws(PlanError) in .geometric(floor: try reader.number()) }
                ?? .geometric
        case let word: throw kind.unknownWord(word, known: ["arithmetic", "geometric"])
        }
    }
}

extension MissingPolicy {
    init(_ reader: PlanReader) throws(PlanError) {
        guard reader.isScalar else {
            self = .constant(try reader.fields(["constant"]).required("constant").number())
            return
        }
        switch try reader.text() {
        case "renormalize": self = .renormalize
        case "median": self = .median
        case "worst": self = .worst
        case "fail": self = .fail
        case let word:
            throw reader.unknownWord(word, known: ["renormalize", "median", "worst", "fail", "{constant: …}"])
        }
    }
}

extension Normalization {
    /// The words for normalizations.
    private enum Kind: String, CaseIterable {
        case minMax, quantileRange, zScore, robustZ, percentileRank, fixedRange, grades

        /// The keys that say more about it.
        var keys: [String] {
            switch self {
            case .minMax, .zScore, .robustZ, .percentileRank: []
            case .quantileRange: ["low", "high"]
            case .fixedRange: ["low", "high", "benchmark"]
            case .grades: ["scores"]
            }
        }
    }

    init(_ reader: PlanReader) throws(PlanError) {
        let fields = reader.isScalar ? nil : try reader.fields(["kind", "low", "high", "benchmark", "scores"])
        let kind = try (try fields?.required("kind") ?? reader).word(Kind.self)
        for key in ["low", "high", "benchmark", "scores"] where !kind.keys.contains(key) {
            if let field = fields?[key] { throw field.inapplicable(kind.rawValue) }
        }
        switch kind {
        case .minMax: self = .minMax
        case .zScore: self = .zScore
        case .robustZ: self = .robustZ
        case .percentileRank: self = .percentileRank
        case .quantileRange:
            self = .quantileRange(
                low: try fields?["low"]?.number(allowsPercent: true) ?? 0.01,
                high: try fields?["high"]?.number(allowsPercent: true) ?? 0.99)
        case .fixedRange:
            guard let fields else {
                throw reader.invalid("fixedRange needs its ends", remedy: "write {kind: fixedRange, low: 1, high: 5}")
            }
            let low = try fields.required("low").number()
            let high = try fields.required("high").number()
            if let benchmark = try fields["benchmark"]?.number() {
                self = .benchmark(benchmark: benchmark, low: low, high: high)
            } else {
                self = .fixedRange(low: low, high: high)
            }
        case .grades:
            guard let fields else {
                throw reader.invalid(
                    "grades need their scores", remedy: "write {kind: grades, scores: {1: 0, 2: 0.4, 3: 1}}")
            }
            let scores = try fields.required("scores").entries()
            let grades = try scores.map { key, value throws(PlanError) in
                guard let number = PlanReader.decimal(key[...]) else {
                    throw value.invalid("'\(key)' is not a number", remedy: "grades are the numbers in the column")
                }
                return Grade(number: number, score: try value.number())
            }
            self = .gradeMap(grades.sorted { $0.number < $1.number })
        }
    }
}

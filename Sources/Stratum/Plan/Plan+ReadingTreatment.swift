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
        case "topsis":
            if let floor = fields?["floor"] { throw floor.inapplicable("topsis") }
            self = .topsis
        case let word: throw kind.unknownWord(word, known: ["arithmetic", "geometric", "topsis"])
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
        case likert, semanticDifferential, nps, yesNo

        /// The keys that say more about it.
        var keys: [String] {
            switch self {
            case .minMax, .zScore, .robustZ, .percentileRank, .nps: []
            case .likert: ["points"]
            case .semanticDifferential: ["reach"]
            case .yesNo: ["yes", "no"]
            case .quantileRange: ["low", "high"]
            case .fixedRange: ["low", "high", "benchmark"]
            case .grades: ["scores"]
            }
        }
    }

    init(_ reader: PlanReader) throws(PlanError) {
        let keys = ["low", "high", "benchmark", "scores", "points", "reach", "yes", "no"]
        let fields = reader.isScalar ? nil : try reader.fields(["kind"] + keys)
        let kind = try (try fields?.required("kind") ?? reader).word(Kind.self)
        for key in keys where !kind.keys.contains(key) {
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
            self = .grades(try scores.map { key, value throws(PlanError) in (key, try value.number()) })
        case .likert:
            self = .likert(points: try fields?["points"]?.count(atLeast: 2) ?? 5)
        case .semanticDifferential:
            self = .semanticDifferential(reach: try fields?["reach"]?.count(atLeast: 1) ?? 3)
        case .nps:
            self = .netPromoter
        case .yesNo:
            func words(_ key: String, _ standard: [String]) throws(PlanError) -> [String] {
                try fields?[key]?.elements().map { reader throws(PlanError) in try reader.text() } ?? standard
            }
            let yes = try words("yes", ["yes", "y", "true", "1", "是"]).map { ($0, 1.0) }
            self = .grades(yes + (try words("no", ["no", "n", "false", "0", "否"]).map { ($0, 0.0) }))
        }
    }

    /// Grades by what stands in the column; texts that are numbers are those numbers, however they are written there.
    private static func grades(_ scores: [(String, Double)]) -> Normalization {
        var words: [WordGrade] = []
        var numbers: [Grade] = []
        for (text, score) in scores {
            if let number = PlanReader.decimal(text[...]) {
                numbers.append(Grade(number: number, score: score))
            } else {
                words.append(WordGrade(text, score: score))
            }
        }
        let normalization = Normalization.gradeWords(words, numbers: numbers).inOrder
        return words.isEmpty ? Normalization.gradeMap(numbers).inOrder : normalization
    }

    /// Grades by rising number and by the bytes of the words, since the keys of a plan have no order.
    var inOrder: Normalization {
        func sorted(_ grades: [Grade]) -> [Grade] { grades.sorted { $0.number < $1.number } }
        switch self {
        case .gradeMap(let grades): return .gradeMap(sorted(grades))
        case .gradeWords(let words, let numbers):
            let words = words.sorted { $0.word.utf8.lexicographicallyPrecedes($1.word.utf8) }
            return .gradeWords(words, numbers: sorted(numbers))
        default: return self
        }
    }
}

import Segmentation

extension Plan.Segments {
    private static let keys = [
        "count", "features", "columns", "weight", "seeding", "algorithm", "iterationLimit", "tolerance", "restarts",
        "seed", "minimumShare", "names",
    ]
    /// What only a range of numbers has a use for.
    private static let rangeKeys = ["criterion", "gapReferences", "silhouetteSample"]

    init(_ reader: PlanReader) throws(PlanError) {
        if reader.isScalar {
            self.init(count: 1)
            counts = try reader.counts()
            return
        }
        let fields = try reader.fields(Self.keys + Self.rangeKeys)
        self.init(count: 1)
        counts = try fields.required("count").counts()
        if let reader = fields["features"] { features = try reader.word(Plan.Features.self) }
        if let readers = try fields["columns"]?.elements() {
            columns = try readers.map { reader throws(PlanError) in try reader.text() }
        }
        if let reader = fields["weight"] { weight = try reader.text() }
        if let reader = fields["seeding"] { seeding = try reader.word(Plan.Seeding.self) }
        if let reader = fields["algorithm"] { algorithm = try reader.word(KMeansAlgorithm.self) }
        if let reader = fields["iterationLimit"] { iterationLimit = try reader.count(atLeast: 1) }
        if let reader = fields["tolerance"] { tolerance = try reader.number() }
        if let reader = fields["restarts"] { restarts = try reader.count(atLeast: 1) }
        if let reader = fields["seed"] {
            guard let value = UInt64(try reader.text()) else { throw reader.wrongType("a whole number from 0") }
            seed = value
        }
        if let reader = fields["minimumShare"] { minimumShare = try reader.number(allowsPercent: true) }
        try readChoice(fields)
        try readNames(fields)
    }

    private mutating func readChoice(_ fields: PlanFields) throws(PlanError) {
        for key in Self.rangeKeys where counts.count == 1 {
            guard let reader = fields[key] else { continue }
            throw PlanError(
                .conflict, at: reader.keyPath, reader.node.position,
                problem: "'\(key)' chooses among several numbers of segments, but count is \(count)",
                remedy: "give a range, such as count: 2...12, or drop the key")
        }
        if let reader = fields["criterion"] { criterion = try reader.word(ClusterCountCriterion.self) }
        if let reader = fields["gapReferences"] { gapReferences = try reader.count(atLeast: 1) }
        if let reader = fields["silhouetteSample"] { silhouetteSample = try reader.count(atLeast: 2) }
    }

    private mutating func readNames(_ fields: PlanFields) throws(PlanError) {
        for (key, reader) in try fields["names"]?.entries() ?? [] {
            guard let number = Int(key), key == String(number), (1...count).contains(number) else {
                throw reader.invalid(
                    "'\(key)' is not the number of a segment", remedy: "segments are numbered 1 to \(count)")
            }
            names[number] = try reader.text()
        }
    }
}

extension Plan.Segments {
    /// The numbers that `6` or `2...12` stands for; nil for any other text and for a range that falls.
    public static func counts(_ text: String) -> ClosedRange<Int>? {
        func number(_ digits: Substring) -> Int? {
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int(digits)
        }
        let bytes = Array(text.utf8)
        guard let dots = bytes.indices.first(where: { bytes[$0...].starts(with: "...".utf8) }) else {
            return number(text[...]).map { $0...$0 }
        }
        let utf8 = text.utf8
        let first = utf8.index(utf8.startIndex, offsetBy: dots)
        guard let low = number(text[..<first]), let high = number(text[utf8.index(first, offsetBy: 3)...]), low <= high
        else { return nil }
        return low...high
    }
}

extension PlanReader {
    /// A number of segments or a range of them, `2...12`.
    fileprivate func counts() throws(PlanError) -> ClosedRange<Int> {
        let text = try text()
        guard text.utf8.contains(UInt8(ascii: ".")), let counts = Plan.Segments.counts(text), counts.lowerBound >= 1
        else {
            let count = try count(atLeast: 1)
            return count...count
        }
        return counts
    }
}

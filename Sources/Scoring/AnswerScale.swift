extension Normalization {
    /// The answers that a scale of its own has; nil for all other normalizations. What lies outside is no answer.
    public var answerRange: ClosedRange<Double>? {
        switch self {
        case .likert(let points): 1...Double(max(points, 1))
        case .semanticDifferential(let reach): -Double(abs(reach))...Double(abs(reach))
        case .netPromoter: 0...10
        default: nil
        }
    }

    /// Whether values are answers or grades, which are taken as they are: no transform applies.
    public var takesAnswers: Bool {
        switch self {
        case .gradeMap, .gradeWords: true
        default: answerRange != nil
        }
    }

    /// The most points of a Likert scale, and twice the reach of a semantic differential: more are no longer told apart
    /// by those who answer.
    static let pointLimit = 11

    /// The grades that stand for answers to "would you recommend us".
    static let netPromoterGrades = (0...10).map { answer in
        Grade(number: Double(answer), score: answer >= 9 ? 1 : answer >= 7 ? 0.5 : 0)
    }
}

extension IndicatorSpecification {
    /// Checks a scale of answers.
    func validateAnswers(at path: String) throws(ScoringError) {
        guard transform == .none else {
            throw ScoringError(
                .invalidSpecification, at: "\(path).transform", "answers and grades are taken as they are",
                remedy: "leave the transform out")
        }
        switch normalization {
        case .likert(let points) where !(2...Normalization.pointLimit).contains(points):
            throw ScoringError(
                .invalidSpecification, at: "\(path).normalization", "a Likert scale of \(points) points",
                remedy: "give 2 to \(Normalization.pointLimit) points")
        case .semanticDifferential(let reach) where !(1...Normalization.pointLimit / 2).contains(reach):
            throw ScoringError(
                .invalidSpecification, at: "\(path).normalization", "a semantic differential with the reach \(reach)",
                remedy: "give 1 to \(Normalization.pointLimit / 2): 3 for -3 to +3")
        case .gradeWords(let words, _):
            guard !words.isEmpty else {
                throw ScoringError(
                    .invalidSpecification, at: "\(path).normalization", "there is no word",
                    remedy: "give each word its score")
            }
            var seen: Set<[UInt8]> = []
            for word in words {
                guard !word.word.isEmpty, seen.insert(word.word.utf8.map(lowercasedASCII)).inserted else {
                    throw ScoringError(
                        .invalidSpecification, at: "\(path).normalization",
                        "the word \"\(word.word)\" is empty or there twice",
                        remedy: "give each word once; upper and lower case are alike")
                }
            }
        default: break
        }
    }
}

private func lowercasedASCII(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

extension Normalization {
    /// The words of a column that holds words and the numbers beside them, with their scores; nil for one of numbers.
    public var words: GradeWords? {
        if case .gradeWords(let words, let numbers) = self { GradeWords(words: words, numbers: numbers) } else { nil }
    }

    /// What stands in a column of words, with its scores.
    public struct GradeWords: Equatable, Sendable {
        /// The words.
        public var words: [WordGrade]
        /// Numbers among them.
        public var numbers: [Grade]
    }
}

import Scoring
import TestSupport
import Testing

/// Scales of answers need no fit: what a value scores is known before any data.
struct AnswerScaleTests {
    private func fitted(
        _ normalization: Normalization, direction: Direction = .higher, missing: MissingPolicy = .renormalize
    ) throws -> FittedScoring {
        let indicator = IndicatorSpecification(
            name: "x", direction: direction, normalization: normalization, missing: missing)
        let specification = ScoringSpecification(dimensions: [
            DimensionSpecification(name: "d", indicators: [indicator])
        ])
        return try FittedScoring.fit(specification, columns: [[2, 3, .nan]])
    }

    private func scores(
        _ normalization: Normalization, _ values: [Double], direction: Direction = .higher
    ) throws -> [Double?] {
        let scored = try Scored([values], fitted(normalization, direction: direction))
        return scored.composites.map { $0.isNaN ? nil : $0 / 100 }
    }

    @Test func likertAnswersLieOnALineAndMeansBetweenThem() throws {
        #expect(try scores(.likert(points: 5), [1, 2, 3, 3.5, 5]) == [0, 0.25, 0.5, 0.625, 1])
        #expect(try scores(.likert(points: 7), [1, 4, 7]) == [0, 0.5, 1])
        #expect(try scores(.likert(points: 5), [1, 4.5], direction: .lower) == [1, 0.125])
    }

    @Test func aSemanticDifferentialIsHalfInTheMiddle() throws {
        #expect(try scores(.semanticDifferential(reach: 3), [-3, 0, 1.5, 3]) == [0, 0.5, 0.75, 1])
        #expect(try scores(.semanticDifferential(reach: 2), [-2, 1], direction: .lower) == [1, 0.25])
    }

    @Test func promotersPassivesAndDetractorsAreReichheldsClasses() throws {
        let expected: [Double] = [0, 0, 0, 0, 0, 0, 0, 0.5, 0.5, 1, 1]
        #expect(try scores(.netPromoter, (0...10).map(Double.init)) == expected)
        #expect(try scores(.netPromoter, [3, 8, 10], direction: .lower) == [1, 0.5, 0])
    }

    @Test(arguments: [
        (Normalization.likert(points: 5), [0.999, 5.001, 8, -1e300]),
        (.semanticDifferential(reach: 3), [-3.1, 4]),
        (.netPromoter, [8.5, -1, 11, 1e300, 0.1]),
    ])
    func whatIsNoAnswerIsMissingAndFlagged(_ normalization: Normalization, _ values: [Double]) throws {
        let scored = try Scored([values + [2]], fitted(normalization))
        for row in values.indices {
            #expect(scored.composites[row].isNaN, "\(values[row])")
            #expect(scored.flags[row] == [.someMissing, .dimensionMissing, .noScore, .outOfDomain])
        }
        #expect(!scored.composites[values.count].isNaN && scored.flags[values.count].isEmpty)
    }

    @Test func wordsStandForTheirScores() throws {
        let grades = Normalization.gradeWords([WordGrade("gold", score: 1), WordGrade("tin", score: 0.2)], numbers: [])
        #expect(try scores(grades, [1, 0.2, .nan]) == [1, 0.2, nil])
        #expect(try scores(grades, [1, 0.25], direction: .lower) == [0, 0.75])
    }

    @Test func aTargetOnAnAnswerIsRefused() {
        #expect(throws: ScoringError.self) {
            try fitted(.likert(points: 5), direction: .target(value: 3, distance: 1))
        }
    }

    @Test(arguments: [
        Normalization.likert(points: 1), .likert(points: 12), .semanticDifferential(reach: 0),
        .semanticDifferential(reach: 6), .gradeWords([], numbers: []),
        .gradeWords([WordGrade("a", score: 1), WordGrade("A", score: 0)], numbers: []),
        .gradeWords([WordGrade("a", score: 2)], numbers: []),
        .gradeWords([WordGrade("a", score: 1)], numbers: [Grade(number: 1, score: -1)]),
    ])
    func scalesThatAreNoneAreRefused(_ normalization: Normalization) {
        let error = #expect(throws: ScoringError.self) { try fitted(normalization) }
        #expect(error?.kind == .invalidSpecification)
        #expect(error?.path.hasPrefix("dimensions[0].indicators[0].normalization") == true)
    }
}

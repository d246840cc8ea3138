import Scoring
import TestSupport
import Testing

struct TopsisTests {
    /// Columns under min-max with these weights, all in one dimension.
    private func closeness(_ columns: [[Double]], _ weights: [Double], costs: Set<Int> = []) throws -> [Double] {
        let indicators = columns.indices.map { column in
            IndicatorSpecification(
                name: "x\(column)", direction: costs.contains(column) ? .lower : .higher, normalization: .minMax,
                weight: weights[column])
        }
        let specification = ScoringSpecification(
            dimensions: [DimensionSpecification(name: "d", indicators: indicators)], aggregation: .topsis)
        return try Scored(columns, FittedScoring.fit(specification, columns: columns)).composites.map { $0 / 100 }
    }

    /// Hwang & Yoon 1981, the choice of a fighter aircraft; the fourth attribute is its cost. Their vector normalization
    /// is a change of weights here: each times the column's range over its Euclidean norm.
    @Test func fighterAircraftOfHwangAndYoon() throws {
        let rows: [[Double]] = [
            [2.0, 1500, 20000, 5.5, 5, 9], [2.5, 2700, 18000, 6.5, 3, 5], [1.8, 2000, 21000, 4.5, 7, 7],
            [2.2, 1800, 20000, 5.0, 5, 5],
        ]
        let columns = (0..<6).map { column in rows.map { $0[column] } }
        let weights = zip([0.2, 0.1, 0.1, 0.1, 0.2, 0.3], columns).map { weight, column in
            weight * (column.max()! - column.min()!) / column.map { $0 * $0 }.reduce(0, +).squareRoot()
        }
        let found = try closeness(columns, weights, costs: [3])
        for (value, published) in zip(found, [0.643, 0.268, 0.613, 0.312]) { #expect(abs(value - published) < 6e-4) }
    }

    /// pymcdm 1.4.0, `TOPSIS(minmax_normalization)(matrix, weights, types)` on the matrix below (last column a cost).
    @Test func closenessIsThatOfPymcdm() throws {
        let rows: [[Double]] = [
            [12.9, 49.9, 60.1, 2.9], [14.8, 92.8, 7.0, 13.0], [94.8, 62.2, 36.9, 51.1],
            [66.3, 27.5, 13.8, 78.8], [67.0, 51.2, 81.7, 54.9], [98.1, 20.5, 55.4, 48.4],
            [35.3, 59.2, 23.5, 80.2], [86.7, 12.9, 46.7, 27.7],
        ]
        let expected: [Double] = [
            0.3383769195779393, 0.4155636802405791, 0.7099076296443156, 0.42110310224181646,
            0.6131956166531383, 0.5963938484988657, 0.3595881790495051, 0.5350398776698508,
        ]
        let columns = (0..<4).map { column in rows.map { $0[column] } }
        let found = try closeness(columns, [0.4, 0.3, 0.2, 0.1], costs: [3])
        for (value, reference) in zip(found, expected) { #expect(abs(value - reference) < 1e-12) }
    }

    @Test func theBestOfAllIsHundredAndTheWorstNothing() throws {
        let found = try closeness([[0, 1, 2], [5, 7, 9]], [1, 2])
        #expect(found[0] == 0 && abs(found[1] - 0.5) < 1e-15 && found[2] == 1)
    }

    @Test func distancesGoOverTheIndicatorsThatAreThere() throws {
        let columns: [[Double]] = [[0, 1, 0.5, .nan], [0, 1, .nan, .nan]]
        let found = try closeness(columns, [1, 3])
        #expect(found[2] == 0.5)
        #expect(found[3].isNaN)
    }

    @Test func aBlockWithContributionsIsNoPlaceForIt() throws {
        let columns: [[Double]] = [[1, 2, 3]]
        let specification = ScoringSpecification(
            dimensions: [.init(name: "d", indicators: [.init(name: "x")])], aggregation: .topsis)
        let scored = try Scored(columns, FittedScoring.fit(specification, columns: columns))
        #expect(scored.dimensions[0] == scored.composites)
    }
}

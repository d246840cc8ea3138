// The order of operations is that of Scorer, NormalizationKernel, RankTable and CKernels/scoring.c: what changes there
// changes here. SQL knows no fused operations, so that sums may differ from the engine's in their last bits.

import Scoring
import Tiers
import VectorMath

extension ModelExport {
    /// The model as one `SELECT` over a table of customers, in the SQL that SQLite (3.35 and later, with its mathematical
    /// functions), DuckDB and PostgreSQL share.
    ///
    /// It gives the id, the dimension scores, `score`, `tier` and `missing`; a missing value is NULL, before and after.
    /// Rows with a value that is not admissible or a word without a score are left out, as records are rejected. A
    /// customer without a value that the model cannot do without has no score.
    ///
    /// - Parameter table: the name of the table, whose columns are named as those of the export of customers;
    ///   `schema.table` where it has one.
    public func sql(table: String) -> String {
        var stages: [(name: String, isKept: Bool, query: String)] = []
        stages += valueStages(table: table)
        var values = Self.stage("v")
        for (number, computed) in derivation.stages.enumerated() {
            let stage = Self.stage("u\(number)")
            stages.append((stage, true, select(["*"] + computed, from: values)))
            values = stage
        }
        for (place, indicator) in indicators.enumerated() {
            if case .ranks(let ranks, _) = NormalizationKernel(indicator.curve), SQLRanks.needsTable(ranks) {
                stages.append(("\(Self.stage("k\(place)"))(\(SQLRanks.columns))", true, SQLRanks.rows(ranks)))
            }
        }
        stages.append((Self.stage("x"), true, transformQuery(from: values)))
        stages.append((Self.stage("y"), true, curveQuery))
        stages.append((Self.stage("s"), true, clipQuery))
        stages.append((Self.stage("d"), true, sumQuery))
        stages.append((Self.stage("c"), true, dimensionQuery))
        stages.append((Self.stage("t"), true, totalQuery))
        stages.append((Self.stage("z"), false, scoreQuery))
        if hasGroups, let groups = model.tiers.groups {
            stages.append(("\(Self.stage("q"))(\(groupColumns))", true, groupRows(groups)))
        }
        let texts = stages.map { "\($0.name) AS \($0.isKept ? "MATERIALIZED " : "")(\n\($0.query)\n)" }
        return """
            -- A scoring model of stratum \(model.engineVersion): the scores of the customers in \(SQLText.comment(table)).
            -- NULL is a missing value. Scores are not rounded. For a database that does not know the word MATERIALIZED
            -- leave it out: it only keeps some from computing the same again and again.
            WITH
            \(texts.joined(separator: ",\n"))
            \(resultQuery);

            """
    }

    /// What a stage is called, so that a table of customers has another name.
    static func stage(_ letter: String) -> String { "stratum_" + letter }

    /// Columns that every stage hands on: the id, what tiers look at and the group.
    private var carried: [String] {
        var names: [String] = []
        for name in tierColumns.map(sqlName) where !names.contains(name) { names.append(name) }
        return ["id"] + names + (groupPlace == nil ? [] : ["g"])
    }

    /// What the sums of the indicators leave for the score beside the dimensions.
    private var squares: [String] { model.scoring.aggregation == .topsis ? ["near", "far"] : [] }

    func select(_ columns: [String], from table: String, _ rest: [String] = []) -> String {
        let lines = columns.map { "    " + $0 }.joined(separator: ",\n")
        return (["  SELECT", lines, "  FROM \(table)"] + rest.map { "  " + $0 }).joined(separator: "\n")
    }

    /// The transformed values.
    private func transformQuery(from table: String) -> String {
        let values = indicators.enumerated().map { place, indicator in
            "\(SQLText.transform(indicator.transform, sqlName(indicatorColumns[place]))) AS x\(place)"
        }
        return select(carried + values, from: table)
    }

    /// The scores before they are held to 0...1.
    private var curveQuery: String {
        var joins: [String] = []
        let scores = indicators.enumerated().map { place, indicator -> String in
            let x = "x\(place)"
            let score: String
            switch NormalizationKernel(indicator.curve) {
            case .ramp(let origin, let slope):
                score = "(\(x) - \(SQLText.number(origin))) * \(SQLText.number(slope))"
            case .scale(let origin, let slope, let ends):
                let (low, high) = (SQLText.number(ends.lowerBound), SQLText.number(ends.upperBound))
                let ramp = "(\(x) - \(SQLText.number(origin))) * \(SQLText.number(slope))"
                score = "CASE WHEN \(x) >= \(low) AND \(x) <= \(high) THEN \(ramp) END"
            case .bend(let knot, let height, let below, let above):
                let distance = "(\(x) - \(SQLText.number(knot)))"
                let slope =
                    "CASE WHEN \(distance) < 0E0 THEN \(SQLText.number(below)) ELSE \(SQLText.number(above)) END"
                score = "\(SQLText.number(height)) + \(distance) * \(slope)"
            case .ranks(let table, let lowerIsBetter):
                let ranks = SQLRanks(table, value: x, rows: Self.stage("k\(place)"))
                if let join = ranks.join { joins.append(join) }
                score = lowerIsBetter ? "1E0 - \(ranks.percentile) / 100E0" : "\(ranks.percentile) / 100E0"
            case .answers(let scores):
                let cases = scores.enumerated().map { "WHEN \(SQLText.number(Double($0))) THEN \(SQLText.number($1))" }
                score = "CASE \(x) \(cases.joined(separator: " ")) END"
            case .grades(let grades):
                let cases = grades.map { "WHEN \(SQLText.number($0.number)) THEN \(SQLText.number($0.score + 0.0))" }
                score = "CASE \(x) \(cases.joined(separator: " ")) END"
            }
            return "\(score) AS y\(place)"
        }
        return select(carried + scores, from: Self.stage("x"), joins)
    }

    /// The scores of 0...1, NULL where there is none, and what is missing.
    private var clipQuery: String {
        var columns = carried
        for (place, indicator) in indicators.enumerated() {
            let y = "y\(place)"
            let gap: String =
                switch indicator.missing {
                case .renormalize, .fail: "NULL"
                case .fill(let score): SQLText.number(score + 0.0)
                }
            columns.append(
                "CASE WHEN \(y) IS NULL THEN \(gap) WHEN \(y) > 0E0 THEN CASE WHEN \(y) < 1E0 THEN \(y) ELSE 1E0 END "
                    + "ELSE 0E0 END AS s\(place)")
        }
        func count(_ places: [Int]) -> String {
            places.isEmpty ? "0" : places.map { "CASE WHEN y\($0) IS NULL THEN 1 ELSE 0 END" }.joined(separator: " + ")
        }
        columns.append("\(count(Array(indicators.indices))) AS missing")
        columns.append("\(count(indicators.indices.filter { indicators[$0].missing == .fail })) AS failing")
        return select(columns, from: Self.stage("y"))
    }

    /// The weighted sums of the dimensions and the weights present.
    private var sumQuery: String {
        var columns = carried + ["missing", "failing"]
        for (number, part) in dimensions.enumerated() {
            var (sums, weights): ([String], [String]) = ([], [])
            for (place, indicator) in zip(part.indicators, part.dimension.indicators) {
                let weight = SQLText.number(100 * indicator.weight)
                let isSure = !indicator.missing.leavesGap
                sums.append(isSure ? "s\(place) * \(weight)" : "COALESCE(s\(place) * \(weight), 0E0)")
                let present = SQLText.number(indicator.weight)
                weights.append(isSure ? present : "CASE WHEN s\(place) IS NULL THEN 0E0 ELSE \(present) END")
            }
            columns.append("\(sums.joined(separator: " + ")) AS d\(number)")
            columns.append("\(weights.joined(separator: " + ")) AS p\(number)")
        }
        if !squares.isEmpty {
            let weights = model.scoring.dimensions.flatMap { part in part.indicators.map { part.weight * $0.weight } }
            let terms = weights.enumerated().map { place, weight -> (near: String, far: String) in
                let near = "\(SQLText.number(weight)) * s\(place)"
                let far = "(\(SQLText.number(weight)) - \(near))"
                return ("COALESCE((\(near)) * (\(near)), 0e0)", "COALESCE(\(far) * \(far), 0e0)")
            }
            columns.append("\(terms.map(\.near).joined(separator: " + ")) AS near")
            columns.append("\(terms.map(\.far).joined(separator: " + ")) AS far")
        }
        return select(columns, from: Self.stage("s"))
    }

    /// The dimension scores.
    private var dimensionQuery: String {
        let scores = dimensions.enumerated().map { number, part in
            let (sum, present) = ("d\(number)", "p\(number)")
            let full = SQLText.number(Self.fullWeight(of: part.dimension))
            let mean = "CASE WHEN \(present) = \(full) THEN \(sum) WHEN \(present) > 0E0 THEN \(sum) / \(present) END"
            return "CASE WHEN \(mean) > 100E0 THEN 100E0 ELSE \(mean) END AS d\(number)"
        }
        return select(carried + ["missing", "failing"] + squares + scores, from: Self.stage("d"))
    }

    /// The sum over the dimensions and the weight of those that have a score.
    private var totalQuery: String {
        var (sums, weights): ([String], [String]) = ([], [])
        for (number, part) in dimensions.enumerated() {
            let (score, weight) = ("d\(number)", SQLText.number(part.dimension.weight))
            weights.append("CASE WHEN \(score) IS NULL THEN 0E0 ELSE \(weight) END")
            switch model.scoring.aggregation {
            case .arithmetic: sums.append("COALESCE(\(weight) * \(score), 0E0)")
            case .geometric(let floor):
                guard part.dimension.weight > 0 else { continue }
                let raised =
                    "CASE WHEN \(score) < \(SQLText.number(floor)) THEN \(SQLText.number(floor)) ELSE \(score) END"
                // The logarithm of 0 is an error in some databases; a score of 0 is seen to afterwards.
                let safe = floor > 0 ? raised : "CASE WHEN \(score) > 0E0 THEN \(score) ELSE 1E0 END"
                sums.append("CASE WHEN \(score) IS NULL THEN 0E0 ELSE \(weight) * ln(\(safe)) END")
            case .topsis: (sums, weights) = (["near"], ["far"])
            }
        }
        let names = dimensions.indices.map { "d\($0)" }
        return select(
            carried + ["missing", "failing"] + names + [
                "\(sums.isEmpty ? "0E0" : sums.joined(separator: " + ")) AS total",
                "\(weights.joined(separator: " + ")) AS weight",
            ], from: Self.stage("c"))
    }

    /// The score.
    private var scoreQuery: String {
        let mean: String
        switch model.scoring.aggregation {
        case .arithmetic:
            mean = "WHEN weight = \(SQLText.number(fullWeight)) THEN total WHEN weight > 0E0 THEN total / weight"
        case .geometric(let floor):
            let zeros = dimensions.enumerated().filter { floor <= 0 && $1.dimension.weight > 0 }
                .map { "WHEN d\($0.offset) <= 0E0 THEN 0E0" }
            mean = (zeros + ["WHEN weight > 0E0 THEN exp(total / weight)"]).joined(separator: " ")
        case .topsis:
            let distances = "(sqrt(total) + sqrt(weight))"
            mean = "WHEN \(distances) > 0E0 THEN 100E0 * (sqrt(total) / \(distances))"
        }
        let raw = "CASE WHEN failing > 0 THEN NULL \(mean) END"
        let names = dimensions.indices.map { "d\($0)" }
        return select(
            carried + ["missing"] + names + ["CASE WHEN \(raw) > 100E0 THEN 100E0 ELSE \(raw) END AS score"],
            from: Self.stage("t"))
    }
}

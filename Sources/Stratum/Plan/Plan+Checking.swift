import Reports
import Scoring
import TableIO

extension Plan {
    /// Refuses what cannot be meant, whether the plan came from a text or from code.
    ///
    /// - Throws: `PlanError` for the first mistake, with its key path.
    public func check() throws(PlanError) {
        let derived = try understoodDerived()
        try checkInput(derived)
        try checkDimensions(derived)
        try checkScoring()
        try checkJudgments()
        try weighting?.check()
        if let outcome = weighting?.outcome { try checkName(outcome, at: "weights.outcome") }
        if let value { try checkName(value, at: "value") }
        try checkOrders(derived)
        try checkTiers()
        try checkSegments()
        try reasons?.check()
        try checkClasses()
        try checkOutput()
    }

    private func checkDimensions(_ derived: DerivedColumns) throws(PlanError) {
        if dimensions.isEmpty { throw invalid("dimensions", "the list is empty", remedy: "name a dimension") }
        try checkUnique(dimensions.map(\.name), what: "dimension") { "dimensions[\($0)].name" }
        var places: [(indicator: Indicator, path: String)] = []
        for (index, dimension) in dimensions.enumerated() {
            let path = "dimensions[\(index)]"
            try checkName(dimension.name, at: "\(path).name")
            if dimension.indicators.isEmpty {
                throw invalid("\(path).indicators", "the list is empty", remedy: "name an indicator")
            }
            for (place, indicator) in dimension.indicators.enumerated() {
                try checkIndicator(indicator, at: "\(path).indicators[\(place)]")
                try checkAccepted(indicator, at: "\(path).indicators[\(place)]", derived)
                places.append((indicator, "\(path).indicators[\(place)]"))
            }
        }
        try checkUnique(places.map(\.indicator.name), what: "indicator") { "\(places[$0].path).name" }
        for (index, place) in places.enumerated() {
            let other = places[..<index].first { $0.indicator.source == place.indicator.source }
            if let other, accepted(other.indicator, derived) != accepted(place.indicator, derived) {
                throw PlanError(
                    .conflict, at: "\(place.path).admissible", nil,
                    problem: "column '\(place.indicator.source)' has other limits in \(other.path)",
                    remedy: "a record is accepted or not: give both the same limits")
            }
            if let other,
                specification(other.indicator).normalization.words
                    != specification(place.indicator).normalization.words
            {
                throw PlanError(
                    .conflict, at: "\(place.path).normalization", nil,
                    problem: "column '\(place.indicator.source)' has other words in \(other.path)",
                    remedy: "a cell stands for one number: give both the same words and scores")
            }
        }
    }

    /// What the scoring itself refuses: ranges, weights, policies.
    private func checkScoring() throws(PlanError) {
        do {
            try scoringSpecification.validate()
        } catch {
            throw PlanError(.invalidValue, at: error.path, nil, problem: error.problem, remedy: error.remedy)
        }
    }

    private func checkIndicator(_ indicator: Indicator, at path: String) throws(PlanError) {
        try checkName(indicator.name, at: "\(path).name")
        if let column = indicator.column { try checkName(column, at: "\(path).column") }
        if case .target(let target, let zeroAt) = indicator.direction {
            try checkFinite(target, at: "\(path).direction.target")
            try checkFinite(zeroAt, at: "\(path).direction.zeroAt")
            if target == zeroAt {
                throw invalid(
                    "\(path).direction.zeroAt", "the target itself", remedy: "give a value where nothing is left")
            }
        }
        if let kind = indicator.kind, holdsAnswers(indicator) {
            throw PlanError(
                .conflict, at: "\(path).kind", nil,
                problem:
                    "'\(indicator.name)' holds answers or grades, as its normalization says, and no \(kind.rawValue)",
                remedy: "drop the kind, or choose another normalization")
        }
        let range = indicator.admissible
        if let minimum = range.minimum { try checkFinite(minimum, at: "\(path).admissible.minimum") }
        if let maximum = range.maximum { try checkFinite(maximum, at: "\(path).admissible.maximum") }
        if let minimum = range.minimum, let maximum = range.maximum, minimum > maximum {
            throw invalid(
                "\(path).admissible", "the minimum \(shortestText(minimum)) is above the maximum",
                remedy: "exchange the two")
        }
    }

    private func checkOutput() throws(PlanError) {
        if !(0...9).contains(output.decimals) {
            throw invalid("output.decimals", "\(output.decimals) decimals", remedy: "give 0 to 9")
        }
        let columns = output.columns ?? []
        if output.columns?.isEmpty == true {
            throw invalid("output.columns", "the list is empty", remedy: "name a column, or drop the key")
        }
        try checkUnique(columns.map(\.rawValue), what: "column") { "output.columns[\($0)]" }
        if let index = columns.firstIndex(of: .segment), segments == nil {
            throw PlanError(
                .conflict, at: "output.columns[\(index)]", nil, problem: "the plan has no segments",
                remedy: "add 'segments: 6', or drop the column")
        }
        if let index = columns.firstIndex(of: .lifetime), input.orders?.lifetime == nil {
            throw PlanError(
                .conflict, at: "output.columns[\(index)]", nil, problem: "the plan tells no lifetime values",
                remedy: "add 'lifetime: mbgNBD' to an input of kind: orders, or drop the column")
        }
        if let index = columns.firstIndex(of: .rfm), input.orders?.rfm == nil {
            throw PlanError(
                .conflict, at: "output.columns[\(index)]", nil,
                problem: "the plan does not score by recency, frequency and monetary value",
                remedy: "add 'rfm: 5' to an input of kind: orders, or drop the column")
        }
        if let index = columns.firstIndex(where: \.needsContributions), aggregation != .arithmetic {
            throw PlanError(
                .conflict, at: "output.columns[\(index)]", nil,
                problem:
                    "\(aggregation == .topsis ? "TOPSIS" : "a geometric mean") has no contributions that sum to the score",
                remedy: "drop the column, or use aggregation: arithmetic")
        }
        try checkLabelColumns(columns)
        let header = outputHeader
        for (index, name) in header.enumerated() where header[..<index].contains(name) {
            throw PlanError(
                .duplicateName, at: "output.columns", nil, problem: "two output columns are named '\(name)'",
                remedy: "rename the dimension or the id column")
        }
    }
}

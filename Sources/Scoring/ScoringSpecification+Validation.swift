extension ScoringSpecification {
    /// Checks everything that can be known without data.
    ///
    /// - Throws: `ScoringError` of kind `invalidSpecification` with the key path of the first mistake.
    public func validate() throws(ScoringError) {
        guard !dimensions.isEmpty else {
            throw invalid("dimensions", "there is no dimension", "name at least one dimension with an indicator")
        }
        try checkWeights(dimensions.map(\.weight)) { "dimensions[\($0)].weight" }
        try checkNames(dimensions.map { ($0.name) }) { "dimensions[\($0)].name" }
        if case .geometric(let floor) = aggregation, !(floor >= 0 && floor <= 100) {
            throw invalid("aggregation.floor", "the floor \(floor) is no score", "give points from 0 to 100")
        }

        var places: [String] = []
        for (number, dimension) in dimensions.enumerated() {
            let path = "dimensions[\(number)].indicators"
            guard !dimension.indicators.isEmpty else {
                throw invalid(path, "dimension \"\(dimension.name)\" has no indicator", "give it one, or leave it out")
            }
            try checkWeights(dimension.indicators.map(\.weight)) { "\(path)[\($0)].weight" }
            for (position, indicator) in dimension.indicators.enumerated() {
                places.append("\(path)[\(position)]")
                try indicator.validate(at: "\(path)[\(position)]")
            }
        }
        let names = places
        try checkNames(indicators.map(\.name)) { "\(names[$0]).name" }
    }

    private func checkWeights(_ weights: [Double], path: (Int) -> String) throws(ScoringError) {
        for (index, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
            throw invalid(path(index), "the weight \(weight) cannot be used", "give a finite number, 0 or more")
        }
        let sum = weights.reduce(0, +)
        guard sum > 0 else { throw invalid(path(0), "all weights are 0", "give at least one weight above 0") }
        guard sum.isFinite else {
            throw invalid(path(0), "the sum of the weights is not finite", "give smaller weights")
        }
    }

    private func checkNames(_ names: [String], path: (Int) -> String) throws(ScoringError) {
        // Bytes, not Characters: two spellings of one name are two columns.
        var seen: Set<[UInt8]> = []
        for (index, name) in names.enumerated() {
            guard !name.isEmpty else { throw invalid(path(index), "the name is empty", "give a name") }
            guard seen.insert(Array(name.utf8)).inserted else {
                throw invalid(path(index), "the name \"\(name)\" is used twice", "give each its own name")
            }
        }
    }
}

extension IndicatorSpecification {
    fileprivate func validate(at path: String) throws(ScoringError) {
        if case .target(let value, let distance) = direction {
            guard value.isFinite else {
                throw invalid("\(path).direction.value", "the target \(value) is not finite", "give a finite number")
            }
            guard distance > 0, distance.isFinite else {
                throw invalid(
                    "\(path).direction.distance", "the distance \(distance) cannot be used", "give one above 0")
            }
            guard transform == .none, normalization == .standard else {
                throw invalid(
                    "\(path).normalization", "a target says all about the score",
                    "leave transform and normalization at their defaults")
            }
        }
        if case .constant(let score) = missing { try checkScore(score, at: "\(path).missing") }

        switch normalization {
        case .minMax, .zScore, .robustZ, .percentileRank: break
        case .quantileRange(let low, let high):
            guard low >= 0, low < high, high <= 1 else {
                throw invalid(
                    "\(path).normalization", "the quantiles \(low) and \(high) are no range", "0 <= low < high <= 1")
            }
        case .fixedRange(let low, let high):
            try checkRange([low, high], at: "\(path).normalization")
        case .benchmark(let benchmark, let low, let high):
            try checkRange([low, benchmark, high], at: "\(path).normalization")
        case .gradeMap(let grades):
            guard !grades.isEmpty else {
                throw invalid("\(path).normalization", "the grade map is empty", "give each number its score")
            }
            try validateAnswers(at: path)
            try check(grades, at: path)
        case .gradeWords(let words, let numbers):
            try validateAnswers(at: path)
            for word in words { try checkScore(word.score, at: "\(path).normalization.scores.\(word.word)") }
            try check(numbers, at: path)
        case .likert, .semanticDifferential, .netPromoter:
            try validateAnswers(at: path)
        }
    }

    private func check(_ grades: [Grade], at path: String) throws(ScoringError) {
        for (index, grade) in grades.enumerated() {
            try checkScore(grade.score, at: "\(path).normalization.grades[\(index)]")
            guard grade.number.isFinite, !grades[..<index].contains(where: { $0.number == grade.number }) else {
                throw invalid(
                    "\(path).normalization.grades[\(index)]",
                    "the grade \(grade.number) is not finite or is there twice",
                    "give each finite number once")
            }
        }
    }

    /// Range ends rise, are finite and stay so and distinct under the transform.
    private func checkRange(_ ends: [Double], at path: String) throws(ScoringError) {
        guard ends.allSatisfy(\.isFinite), zip(ends, ends.dropFirst()).allSatisfy(<) else {
            throw invalid(path, "the ends \(ends) are no range", "give finite numbers that rise")
        }
        let transformed = ends.map { transform($0) }
        guard transformed.allSatisfy(\.isFinite) else {
            throw invalid(
                path, "the range begins at \(ends[0]), where \(transform.rawValue) has no value",
                "begin at 0 or above, or use the signed form of the transform")
        }
        guard zip(transformed, transformed.dropFirst()).allSatisfy({ $0 < $1 && ($1 - $0).isFinite }) else {
            throw invalid(path, "the ends \(ends) lie too near or too far for binary64", "give another range")
        }
    }

    private func checkScore(_ score: Double, at path: String) throws(ScoringError) {
        guard score >= 0, score <= 1 else { throw invalid(path, "\(score) is no score", "give 0...1") }
    }
}

private func invalid(_ path: String, _ problem: String, _ remedy: String) -> ScoringError {
    ScoringError(.invalidSpecification, at: path, problem, remedy: remedy)
}

import Reports
import Segmentation

extension Plan {
    /// Refuses segments that cannot be found.
    func checkSegments() throws(PlanError) {
        guard let segments else { return }
        try segments.checkNumbers()
        if let weight = segments.weight { try checkName(weight, at: "segments.weight") }
        let indicators = dimensions.flatMap { $0.indicators.map(\.name) }
        try checkUnique(segments.columns, what: "indicator") { "segments.columns[\($0)]" }
        for (index, name) in segments.columns.enumerated() where !indicators.contains(name) {
            throw invalid(
                "segments.columns[\(index)]", "no indicator is named '\(name)'",
                remedy: nearestName(to: name, among: indicators).map { "did you mean '\($0)'?" }
                    ?? "segments are found from the plan's indicators: add it to one dimension, with weight 0 if need be"
            )
        }
        let names = segments.names.sorted { $0.key < $1.key }
        for (number, name) in names {
            try checkName(name, at: "segments.names.\(number)")
            if !(1...segments.count).contains(number) {
                throw invalid(
                    "segments.names.\(number)", "there is no segment \(number)",
                    remedy: "segments are numbered 1 to \(segments.count)")
            }
        }
        try checkUnique(names.map(\.value), what: "segment") { "segments.names.\(names[$0].key)" }
    }
}

extension Plan.Segments {
    /// More are no segments that a person could name, and assignments stay within 16 bits.
    static let greatestCount = 10_000

    fileprivate func checkNumbers() throws(PlanError) {
        func check(_ isValid: Bool, _ path: String, _ problem: String, _ remedy: String) throws(PlanError) {
            if !isValid { throw PlanError(.invalidValue, at: path, nil, problem: problem, remedy: remedy) }
        }
        let (low, high) = (counts.lowerBound, counts.upperBound)
        try check(
            low >= 1 && high <= Self.greatestCount, "segments.count", "\(low < 1 ? low : high) segments",
            "give a number from 1 to \(Self.greatestCount)")
        try check(
            criterion != .knee || counts.count != 2, "segments.criterion", "a knee between two numbers of segments",
            "give a range of three or more, such as count: 2...12, or another criterion")
        try check(
            gapReferences >= 0 && gapReferences <= 1_000, "segments.gapReferences", "\(gapReferences) reference sets",
            "give 1 to 1000; 10 to 50 are usual")
        try check(
            silhouetteSample >= 0 && silhouetteSample <= 20_000, "segments.silhouetteSample",
            "\(silhouetteSample) customers", "give 2 to 20000: all distances between them are computed")
        try check(
            minimumShare >= 0 && minimumShare < 1, "segments.minimumShare",
            "a share of \(significantText(minimumShare * 100, digits: 9)) %",
            "give 0 or a share below 1, or a percentage such as 2%")
        try check(
            tolerance >= 0 && tolerance.isFinite, "segments.tolerance", "\(tolerance)", "give 0 or a little more")
        try check(
            iterationLimit >= 1 && restarts >= 1, "segments", "no iteration",
            "iterationLimit and restarts are 1 or more")
    }
}

import Scoring

extension RowFlags {
    /// The words of the flags column, blank for none.
    var words: String { wordList.joined(separator: " ") }

    /// The same, one by one.
    var wordList: [String] {
        let names: [(RowFlags, String)] = [
            (.someMissing, "some_missing"), (.dimensionMissing, "dimension_missing"), (.noScore, "no_score"),
            (.outOfDomain, "out_of_domain"), (.tierKept, "tier_kept"), (.withoutGroup, "no_group"),
        ]
        return names.filter { contains($0.0) }.map(\.1)
    }
}

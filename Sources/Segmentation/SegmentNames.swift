/// Names for segments, made of the features that mark them.
enum SegmentNames {
    /// Below this many standard deviations a feature is neither high nor low (a small effect: Cohen 1988).
    static let leastDistinction = 0.2

    /// Features by falling absolute standardized mean; the earlier feature first on ties.
    static func byDistinction(_ features: [SegmentProfile.Feature]) -> [Int] {
        features.indices.sorted {
            let (first, second) = (abs(features[$0].standardizedMean), abs(features[$1].standardizedMean))
            return first != second ? first > second : $0 < $1
        }
    }

    /// "high revenue, low visits": the two most marked features, a third where two segments would share a name, and
    /// the segment's number where they still do, or where the name is one of `given`; "average" where nothing is marked.
    ///
    /// - Parameter given: names by segment number, from 1, which take the place of generated ones.
    static func generated(_ segments: [[SegmentProfile.Feature]], besides given: [Int: String] = [:]) -> [String] {
        func name(_ features: [SegmentProfile.Feature], words: Int) -> String {
            let marked = byDistinction(features).filter {
                abs(features[$0].standardizedMean) >= leastDistinction
            }
            let parts = marked.prefix(words).map {
                (features[$0].standardizedMean > 0 ? "high " : "low ") + features[$0].name
            }
            return parts.isEmpty ? "average" : parts.joined(separator: ", ")
        }
        func repeated(_ names: [String]) -> Set<String> {
            var seen: Set<String> = []
            return Set(names.filter { !seen.insert($0).inserted })
        }
        var names = segments.map { name($0, words: 2) }
        let twice = repeated(names)
        for index in names.indices where twice.contains(names[index]) {
            names[index] = name(segments[index], words: SegmentProfile.markCount)
        }
        let still = repeated(names).union(given.filter { $0.key <= names.count }.map(\.value))
        for index in names.indices where still.contains(names[index]) {
            names[index] += " (\(index + 1))"
        }
        return names
    }
}

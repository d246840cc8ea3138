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
    /// - Parameters:
    ///   - given: names by segment number, from 1, which take the place of generated ones.
    ///   - spoken: the words of another language.
    static func generated(
        _ segments: [[SegmentProfile.Feature]], besides given: [Int: String] = [:],
        words spoken: SegmentWords = .english
    ) -> [String] {
        func name(_ features: [SegmentProfile.Feature], words: Int) -> String {
            let marked = byDistinction(features).filter {
                abs(features[$0].standardizedMean) >= leastDistinction
            }
            let parts = marked.prefix(words).map {
                spoken.phrase(features[$0].standardizedMean > 0 ? spoken.high : spoken.low, features[$0].name)
            }
            return parts.isEmpty ? spoken.average : parts.joined(separator: spoken.separator)
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

/// The words that names of segments are made of.
public struct SegmentWords: Equatable, Sendable {
    /// Above the mean of all.
    public var high: String
    /// Neither high nor low.
    public var middle: String
    /// Below it.
    public var low: String
    /// A segment that nothing marks.
    public var average: String
    /// What stands between two features.
    public var separator: String

    /// Words of a language.
    public init(high: String, middle: String, low: String, average: String, separator: String) {
        self.high = high
        self.middle = middle
        self.low = low
        self.average = average
        self.separator = separator
    }

    /// Those of English.
    public static let english = SegmentWords(
        high: "high", middle: "middle", low: "low", average: "average", separator: ", ")

    /// A word and what it is said of: "high revenue"; languages without blanks between words have none here.
    public func phrase(_ word: String, _ name: String) -> String {
        word.utf8.allSatisfy { $0 < 0x80 } ? "\(word) \(name)" : word + name
    }
}

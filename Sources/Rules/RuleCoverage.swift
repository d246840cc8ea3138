/// What a check of ordered rules has found, before any data is there.
public struct RuleCoverage: Equatable, Sendable {
    /// A part of the columns' space, by one of its points and in words.
    public struct Region: Equatable, Sendable {
        /// A value for each column in order, NaN for a missing one.
        public let example: [Double]
        /// The example in words: each column that the region limits with its value.
        public let exampleText: String
        /// The whole region in words: each column that it limits with its ranges.
        public let text: String

        /// Equal in all values, two missing ones among them.
        public static func == (one: Region, other: Region) -> Bool {
            one.text == other.text && one.exampleText == other.exampleText
                && one.example.elementsEqual(other.example) { $0 == $1 || $0.isNaN && $1.isNaN }
        }
    }

    /// Two rules that both apply somewhere, so that their order decides.
    public struct Overlap: Equatable, Sendable {
        /// The rule that comes first, and wins.
        public let winner: Int
        /// The later rule.
        public let loser: Int
        /// Where both apply and nothing before them does.
        public let region: Region
    }

    /// Parts that no rule covers, the greatest of their kind that hold together; the first `gapLimit` of them.
    public let gaps: [Region]
    /// Whether there are more gaps than `gaps` shows.
    public let hasMoreGaps: Bool
    /// The rules that can never apply: what they take is taken before, or their conditions contradict what is known.
    public let unreachableRules: [Int]
    /// Pairs of rules whose order decides; rules that take the rest are left out, since that is what they are for.
    public let overlaps: [Overlap]

    /// Whether every customer gets a name.
    public var isComplete: Bool { gaps.isEmpty }

    /// The most gaps that a check tells.
    public static let gapLimit = 8
}

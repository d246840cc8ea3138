/// Cut-offs of groups of customers, such as regions, each with its own.
public struct GroupCutoffs: Codable, Equatable, Sendable {
    /// The groups, rising by the bytes of their names.
    public let groups: [Group]

    /// The cut-offs of one group.
    public struct Group: Codable, Equatable, Sendable {
        /// What the customers of the group have in the column of groups.
        public let name: String
        /// For each tier but the last the least value in it, as in `TierCutoffs`.
        public let lowerBounds: [Double?]

        /// The cut-offs of a group.
        public init(name: String, lowerBounds: [Double?]) {
            self.name = name
            self.lowerBounds = lowerBounds
        }
    }

    /// The cut-offs of groups, in any order.
    public init(_ groups: [Group]) { self.groups = groups.sorted { precedes($0.name, $1.name) } }

    /// The place of a group by the bytes of its name; nil if it has no cut-offs.
    ///
    /// - Complexity: O(log groups)
    public func index(of name: [UInt8]) -> Int? {
        var (low, high) = (0, groups.count)
        while low < high {
            let middle = (low + high) / 2
            if groups[middle].name.utf8.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
        }
        return low < groups.count && groups[low].name.utf8.elementsEqual(name) ? low : nil
    }

    /// Whether names rise and each has a bound for each of so many tiers but the last.
    public func isSound(tierCount: Int) -> Bool {
        groups.allSatisfy { $0.lowerBounds.count == tierCount - 1 }
            && zip(groups, groups.dropFirst()).allSatisfy { precedes($0.name, $1.name) }
    }
}

/// The group that each customer of a population is in.
public struct CustomerGroups: Sendable {
    /// For each customer the place of the group in `names`, or `none`.
    public let codes: [UInt16]
    /// The groups' names, rising by their bytes.
    public let names: [String]

    /// The code of a customer who is in no group.
    public static let none = UInt16.max
    /// The most groups that codes can tell apart.
    public static let limit = Int(UInt16.max)

    /// Groups by code; at most `limit`.
    public init(codes: [UInt16], names: [String]) {
        precondition(names.count <= Self.limit, "\(names.count) groups, at most \(Self.limit)")
        self.codes = codes
        self.names = names
    }
}

private func precedes(_ name: String, _ other: String) -> Bool { name.utf8.lexicographicallyPrecedes(other.utf8) }

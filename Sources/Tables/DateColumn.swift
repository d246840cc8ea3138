/// The calendar days of one column in one batch.
public struct DateColumn: Sendable, Equatable {
    /// For each row the days since 1 January 1970, negative before it.
    public let days: [Int32]

    /// A column over ready storage.
    public init(days: [Int32]) { self.days = days }

    /// The cells of some rows, in the order given.
    public func selecting(_ rows: [Int]) -> DateColumn { DateColumn(days: rows.map { days[$0] }) }
}

/// The texts of one column in one batch, for telling them apart: a hash of each in its place.
///
/// Equal texts have equal keys. Different ones have different keys but by chance: that any two of a million texts
/// meet has the probability 3 in 10^8.
public struct TextKeyColumn: Sendable, Equatable {
    /// For each row 64 bits of its text's bytes; 0 for an empty cell and for no other.
    public let keys: [UInt64]

    /// A column over ready storage.
    public init(keys: [UInt64]) { self.keys = keys }

    /// The cells of some rows, in the order given.
    public func selecting(_ rows: [Int]) -> TextKeyColumn { TextKeyColumn(keys: rows.map { keys[$0] }) }
}

/// The customer ids of one batch: their UTF-8 bytes end to end, and where each ends.
public struct Identifiers: Sendable {
    /// All ids, one after the other.
    public let bytes: [UInt8]
    /// For each row the offset in `bytes` just past its id.
    public let ends: [UInt32]

    /// Ids over ready storage; `ends` rises and its last element is `bytes.count`.
    public init(bytes: [UInt8], ends: [UInt32]) {
        precondition(Int(ends.last ?? 0) == bytes.count, "ids end at \(ends.last ?? 0), \(bytes.count) bytes given")
        self.bytes = bytes
        self.ends = ends
    }

    /// The number of ids.
    public var count: Int { ends.count }

    /// Where the id of `row` stands in `bytes`.
    public func range(of row: Int) -> Range<Int> {
        Int(row == 0 ? 0 : ends[row - 1])..<Int(ends[row])
    }

    /// The bytes of the id of `row`.
    public subscript(row: Int) -> ArraySlice<UInt8> { bytes[range(of: row)] }

    /// Some ids, in the order given.
    public func selecting(_ rows: [Int]) -> Identifiers {
        var kept: [UInt8] = []
        let ends = rows.map { row -> UInt32 in
            kept += self[row]
            return UInt32(kept.count)
        }
        return Identifiers(bytes: kept, ends: ends)
    }
}

/// A customer whose turn it may be.
struct WorkListEntry: Sendable {
    /// What it is ranked by: the least comes first, infinity is missing.
    let key: Double
    let id: [UInt8]
    let score: Double
    let tier: UInt8
    let segment: UInt16?
    let labels: [UInt8]

    /// Equal figures are put in the order of the ids' bytes, so that no list depends on the order of rows.
    func precedes(_ other: WorkListEntry) -> Bool {
        key != other.key ? key < other.key : id.lexicographicallyPrecedes(other.id)
    }
}

/// The first customers of a work list among all that were seen, in bounded memory.
struct WorkListEntries: Sendable {
    private let capacity: Int
    private var entries: [WorkListEntry] = []
    /// The last of a full list; who comes behind it cannot be on the list any more.
    private var last: WorkListEntry?
    /// Customers that were eligible.
    private(set) var candidateCount = 0

    init(capacity: Int) { self.capacity = capacity }

    /// Counts an eligible customer and says whether it may be on the list by what it is ranked by.
    mutating func admits(_ key: Double) -> Bool {
        candidateCount += 1
        return last.map { key <= $0.key } ?? true
    }

    mutating func insert(_ entry: WorkListEntry) {
        if let last, !entry.precedes(last) { return }
        entries.append(entry)
        // Sorting at twice the capacity costs a logarithm a customer, and far less where few get past the last.
        if entries.count >= 2 * capacity + 1_024 { cut() }
    }

    mutating func combine(_ other: WorkListEntries) {
        candidateCount += other.candidateCount
        entries += other.entries
        cut()
    }

    private mutating func cut() {
        entries.sort { $0.precedes($1) }
        if entries.count > capacity { entries.removeLast(entries.count - capacity) }
        if entries.count == capacity { last = entries.last }
    }

    /// The list, in order.
    mutating func finished() -> [WorkListEntry] {
        cut()
        return entries
    }
}

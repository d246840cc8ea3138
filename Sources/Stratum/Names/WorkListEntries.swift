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

    /// Customers that are on the list.
    var count: Int { min(capacity, candidateCount) }

    /// The list, in order.
    mutating func finished() -> [WorkListEntry] {
        cut()
        return entries
    }
}

/// A work list for each name of a kind, or one for all customers.
struct WorkLists: Sendable {
    private let capacity: Int
    /// By the code of the name; the first alone where there is one list.
    private(set) var lists: [WorkListEntries] = []

    init(capacity: Int) { self.capacity = capacity }

    /// Customers that were eligible.
    var candidateCount: Int { lists.reduce(0) { $0 + $1.candidateCount } }
    /// Customers that are on the lists.
    var count: Int { lists.reduce(0) { $0 + $1.count } }

    /// Counts an eligible customer and says whether it may be on its list by what it is ranked by.
    mutating func admits(_ key: Double, list: Int) -> Bool {
        while lists.count <= list { lists.append(WorkListEntries(capacity: capacity)) }
        return lists[list].admits(key)
    }

    /// Puts in a customer that was admitted.
    mutating func insert(_ entry: WorkListEntry, list: Int) { lists[list].insert(entry) }

    mutating func combine(_ other: WorkLists) {
        while lists.count < other.lists.count { lists.append(WorkListEntries(capacity: capacity)) }
        for (place, list) in other.lists.enumerated() { lists[place].combine(list) }
    }

    /// The lists, each in order, by the codes of their names.
    mutating func finished() -> [[WorkListEntry]] { lists.indices.map { lists[$0].finished() } }
}

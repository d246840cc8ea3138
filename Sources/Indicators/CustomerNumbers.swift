/// Numbers of the customers of a part while its rows are brought in order: those whose ids have codes first, then those
/// of the part's table.
///
/// Codes that lie close together are numbers themselves, less the least of them; others get theirs from a table.
struct CustomerNumbers {
    /// Numbers that coded customers may have.
    private(set) var codedCount = 0
    private var least: Int64 = 0
    private var isDense = true
    /// Slots of the table: the rest of the code, and its number plus 1, 0 for a free slot.
    private var slots: [(rest: Int64, number: UInt32)] = []
    /// The rests in the order of their numbers, where these come from the table.
    private var rests: [Int64] = []

    /// Numbers for the customers of chunks, which need not be coded.
    init(_ chunks: [OrderPart.Chunk]) {
        let coded = chunks.filter { $0.isCoded && $0.rowCount > 0 }
        guard let least = coded.map(\.columns[0].bounds.lowerBound).min(),
            let greatest = coded.map(\.columns[0].bounds.upperBound).max()
        else { return }
        let rowCount = coded.reduce(0) { $0 + $1.rowCount }
        // Rests are below 2^57, so that no difference is too wide.
        isDense = greatest - least < 4 * Int64(rowCount) + 1024
        self.least = least
        if isDense { codedCount = Int(greatest - least) + 1 }
    }

    /// Exchanges rests of codes for numbers, where these are told by a table; `codedCount` grows with new ones.
    mutating func number(_ cells: UnsafeMutablePointer<Int64>, _ count: Int) {
        if isDense {
            for row in 0..<count { cells[row] &-= least }
            return
        }
        for row in 0..<count {
            if 2 * rests.count >= slots.count { grow() }
            let place = place(of: cells[row])
            if slots[place].number == 0 {
                rests.append(cells[row])
                slots[place] = (cells[row], UInt32(rests.count))
            }
            cells[row] = Int64(slots[place].number) - 1
        }
        codedCount = rests.count
    }

    /// The rest of the code of a number.
    func rest(of number: Int) -> UInt64 {
        UInt64(bitPattern: isDense ? least + Int64(number) : rests[number])
    }

    /// Whether higher numbers have higher codes.
    var isRising: Bool { isDense }

    private func place(of rest: Int64) -> Int {
        let hash = (UInt64(bitPattern: rest) &* 0x9E37_79B9_7F4A_7C15) >> 16
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place].number != 0, slots[place].rest != rest { place = (place + 1) & (slots.count - 1) }
        return place
    }

    private mutating func grow() {
        slots = Array(repeating: (0, 0), count: max(1_024, 2 * slots.count))
        for (number, rest) in rests.enumerated() { slots[place(of: rest)] = (rest, UInt32(number + 1)) }
    }
}

/// A box in the space of all columns: for each column a set of cells of its line.
///
/// Sets are bits, so that what is left of a box outside another is one box a column at most, however its cells lie.
struct CellBox: Equatable, Sendable {
    /// The sets one after the other, whole words each.
    private(set) var words: [UInt64]
    /// Where each column's words begin, and where the last one's end.
    private let offsets: [Int]

    /// Everything that the columns may hold.
    init(_ lines: [CellLine]) {
        var words: [UInt64] = []
        var offsets = [0]
        for line in lines {
            words += Self.bits(line.possible)
            offsets.append(words.count)
        }
        self.words = words
        self.offsets = offsets
    }

    var columnCount: Int { offsets.count - 1 }

    /// Keeps of a column the cells that are marked.
    mutating func restrict(_ column: Int, _ cells: [Bool]) {
        for (word, bits) in zip(offsets[column]..<offsets[column + 1], Self.bits(cells)) { words[word] &= bits }
    }

    /// Whether a column has no cell left, and so the box no point.
    var isEmpty: Bool {
        (0..<columnCount).contains { column in
            words[offsets[column]..<offsets[column + 1]].allSatisfy { $0 == 0 }
        }
    }

    func contains(_ cell: Int, ofColumn column: Int) -> Bool {
        words[offsets[column] + cell / 64] >> UInt64(cell % 64) & 1 == 1
    }

    mutating func insert(_ cell: Int, ofColumn column: Int) {
        words[offsets[column] + cell / 64] |= 1 << UInt64(cell % 64)
    }

    /// A cell of each column, the least of values or, where there is none, the missing value's; the box is not empty.
    var firstCells: [Int] {
        (0..<columnCount).map { column in
            let cellCount = 64 * (offsets[column + 1] - offsets[column])
            return (1..<cellCount).first { contains($0, ofColumn: column) } ?? 0
        }
    }

    /// The box with one cell of a column in place of all its cells.
    func slab(_ cell: Int, ofColumn column: Int) -> CellBox {
        var slab = self
        for word in offsets[column]..<offsets[column + 1] { slab.words[word] = 0 }
        slab.insert(cell, ofColumn: column)
        return slab
    }

    func intersects(_ other: CellBox) -> Bool {
        for column in 0..<columnCount {
            var isMet = false
            for word in offsets[column]..<offsets[column + 1] where words[word] & other.words[word] != 0 {
                isMet = true
                break
            }
            if !isMet { return false }
        }
        return true
    }

    func intersection(_ other: CellBox) -> CellBox {
        var common = self
        for word in words.indices { common.words[word] &= other.words[word] }
        return common
    }

    /// What lies outside the other box: boxes that do not meet, one a column at most.
    ///
    /// Piece `j` lies inside the other box in the columns before `j`, and outside in column `j`.
    func subtracting(_ other: CellBox) -> [CellBox] {
        var rest = self
        var pieces: [CellBox] = []
        for column in 0..<columnCount {
            let range = offsets[column]..<offsets[column + 1]
            if range.contains(where: { words[$0] & ~other.words[$0] != 0 }) {
                var piece = rest
                for word in range { piece.words[word] &= ~other.words[word] }
                pieces.append(piece)
            }
            for word in range { rest.words[word] &= other.words[word] }
        }
        return pieces
    }

    private static func bits(_ cells: [Bool]) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (cells.count + 63) / 64)
        for (cell, isMarked) in cells.enumerated() where isMarked { words[cell / 64] |= 1 << UInt64(cell % 64) }
        return words
    }
}

/// Rows of a part while they are brought in order: for each field a column of cells.
///
/// SAFETY: unchecked, since one part has it at a time.
final class RowColumns: @unchecked Sendable {
    private(set) var cells: [UnsafeMutablePointer<Int64>] = []
    private var rowCapacity = 0

    deinit { for column in cells { column.deallocate() } }

    /// Makes room for rows; what was there is gone.
    func reserve(_ rowCount: Int, fieldCount: Int) {
        guard rowCount > rowCapacity || fieldCount > cells.count else { return }
        for column in cells { column.deallocate() }
        rowCapacity = max(rowCapacity, rowCount + rowCount / 8 + 1)
        // SAFETY: freed here or in deinit; every cell is written before it is read.
        cells = (0..<fieldCount).map { _ in .allocate(capacity: rowCapacity) }
    }

    /// Puts rows in the order of their cells, field by field: an order that only what they say decides.
    func sort(_ rows: Range<Int>, fieldCount: Int) {
        guard !isSorted(rows, fieldCount: fieldCount) else { return }
        if rows.count > 32 { return sortMany(rows, fieldCount: fieldCount) }
        for row in rows.dropFirst() {
            var place = row
            while place > rows.lowerBound, precedes(place, place - 1, fieldCount: fieldCount) {
                for field in 0..<fieldCount {
                    let column = cells[field]
                    (column[place], column[place - 1]) = (column[place - 1], column[place])
                }
                place -= 1
            }
        }
    }

    private func sortMany(_ rows: Range<Int>, fieldCount: Int) {
        let order = rows.sorted { precedes($0, $1, fieldCount: fieldCount) }
        for field in 0..<fieldCount {
            let sorted = order.map { cells[field][$0] }
            for (row, cell) in zip(rows, sorted) { cells[field][row] = cell }
        }
    }

    private func isSorted(_ rows: Range<Int>, fieldCount: Int) -> Bool {
        for row in rows.dropFirst() where cells[0][row] <= cells[0][row - 1] {
            if precedes(row, row - 1, fieldCount: fieldCount) { return false }
        }
        return true
    }

    private func precedes(_ one: Int, _ other: Int, fieldCount: Int) -> Bool {
        for field in 0..<fieldCount where cells[field][one] != cells[field][other] {
            return cells[field][one] < cells[field][other]
        }
        return false
    }

    /// Copies rows of others.
    func copy(_ rows: Range<Int>, of others: RowColumns, to place: Int, fieldCount: Int) {
        for field in 0..<fieldCount {
            (cells[field] + place).update(from: others.cells[field] + rows.lowerBound, count: rows.count)
        }
    }
}

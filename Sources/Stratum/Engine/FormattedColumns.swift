import Scoring
import Tables

/// A worker's room for what the rows of one block are formatted from: a column of cells for each column of scores.
///
/// SAFETY: unchecked, since a worker keeps its own and has one job at a time.
final class FormattedColumns: @unchecked Sendable {
    /// What each row lacks of the next tier.
    let distances = UnsafeMutableBufferPointer<Double>.allocate(capacity: ScoreBlock.rowCapacity)

    /// Columns of `ScoreBlock.rowCapacity` cells, one behind the other.
    private var cells = UnsafeMutableBufferPointer<ScoreTexts.Cell>.allocate(capacity: 0)
    private var usedCells = 0
    private var values: [UnsafeMutableBufferPointer<Double>] = []
    private var usedValues = 0
    private var reasons: ReasonSelection?
    private var hasReasons = false

    // SAFETY: allocated with the object or by it, and freed with it.
    deinit {
        distances.deallocate()
        cells.deallocate()
        for room in values { room.deallocate() }
    }

    /// Takes the room back for another block.
    func removeAll() { (usedCells, usedValues, hasReasons) = (0, 0, false) }

    /// Makes room for the cells of so many columns, while none is in use.
    func reserve(columnCount: Int) {
        guard cells.count < columnCount * ScoreBlock.rowCapacity else { return }
        precondition(usedCells == 0, "\(usedCells) cells are in use")
        // SAFETY: nobody holds cells of the block before; the kernel writes what is read.
        cells.deallocate()
        cells = .allocate(capacity: columnCount * ScoreBlock.rowCapacity)
        cells.initialize(repeating: 0)
    }

    /// The cells of a column of scores, behind those of the column before; nil if its values need the general routine.
    func split(_ values: UnsafePointer<Double>, count: Int, by texts: ScoreTexts) -> UnsafePointer<ScoreTexts.Cell>? {
        precondition(
            count <= ScoreBlock.rowCapacity && usedCells < cells.count, "\(count) rows behind \(usedCells) cells")
        // SAFETY: a column of a block has `count` values, and there is room for it by the check above.
        let column = UnsafeMutableBufferPointer(
            rebasing: cells[usedCells..<usedCells + ScoreBlock.rowCapacity])
        guard texts.split(UnsafeBufferPointer(start: values, count: count), into: column) else { return nil }
        usedCells += ScoreBlock.rowCapacity
        return UnsafePointer(column.baseAddress)
    }

    /// Finds what each row lacks of the next tier.
    ///
    /// - Parameters:
    ///   - ranked: what customers are ranked by; nil for the block's scores.
    ///   - groups: the groups of the batch that the rows are of; nil without groups.
    func fillDistances(
        _ ranked: [Double]?, _ block: ScoreBlock, _ tiers: ArraySlice<UInt8>, groups: LabelColumn?, _ rows: Range<Int>,
        _ distance: TierDistance
    ) {
        func fill(_ values: UnsafeBufferPointer<Double>) {
            distance.distances(values, tiers: tiers, groups: groups, rows, into: distances)
        }
        if let ranked { ranked.withUnsafeBufferPointer(fill) } else { fill(block.scores) }
    }

    /// The values of some rows of a column, at most a block of them; they stay until the room is taken back.
    func values(of column: NumberColumn, _ rows: Range<Int>) -> UnsafePointer<Double> {
        precondition(rows.count <= ScoreBlock.rowCapacity, "\(rows.count) rows of a block")
        // SAFETY: room for every row of a block, freed in deinit; the rows asked for are written here.
        if usedValues == values.count { values.append(.allocate(capacity: ScoreBlock.rowCapacity)) }
        let room = values[usedValues]
        usedValues += 1
        column.decode(rows, into: room)
        return UnsafePointer(room.baseAddress!)
    }

    /// The reasons of a block's rows, selected when they are first asked for.
    ///
    /// - Parameter make: makes the worker's room for them.
    func reasons(of block: ScoreBlock, rowCount: Int, _ make: () -> ReasonSelection) -> ReasonSelection {
        let selection = reasons ?? make()
        if !hasReasons { selection.select(from: block, rowCount: rowCount) }
        (reasons, hasReasons) = (selection, true)
        return selection
    }
}

import Scoring
import TableIO
import Tables

extension CustomerRows {
    /// One part of a row, as the loop over rows needs it.
    enum Cell {
        /// Neighboring columns of split scores, `ScoreBlock.rowCapacity` apart.
        case scores(UnsafePointer<ScoreTexts.Cell>, columnCount: Int)
        /// Scores that need the general routine.
        case number(UnsafePointer<Double>)
        case count(UnsafePointer<UInt16>)
        case tier(UnsafePointer<UInt8>)
        case segment(UnsafePointer<UInt16>)
        case flags(UnsafePointer<UInt8>?)
        /// A key for each row in each slot.
        case reasonsUp(UnsafePointer<Int32>)
        case reasonsDown(UnsafePointer<Int32>)
        /// Amounts and probabilities, which may be missing.
        case figure(UnsafePointer<Double>)
        /// Scores of recency, frequency and monetary value, which may be missing.
        case whole(UnsafePointer<Double>)
        case label(UnsafePointer<UInt8>, TextColumn)
    }

    /// Appends the rows of a batch that lie scored in the block.
    ///
    /// - Parameter room: the worker's.
    func append(
        _ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock, _ standings: Standings, _ room: FormattedColumns,
        to buffer: RowBuffer
    ) {
        guard !rows.isEmpty else { return }
        room.removeAll()
        if columns.contains(.pointsToNextTier) {
            room.fillDistances(
                rankingColumn.map { batch.columns[$0].values(rows) }, block,
                standings.tiers.dropFirst(rows.lowerBound - standings.firstRow).prefix(rows.count),
                groups: groupColumn.map { batch.labels[$0] }, rows, distance)
        }
        standings.withPointers(from: rows.lowerBound) { known in
            let cells = columns.flatMap { self.cells(of: $0, rows, of: batch, block, known, standings.labels, room) }
            write(rows, of: batch.identifiers, split(cells, room, rowCount: rows.count), block, to: buffer)
        }
    }

    /// The cells of one kind of column.
    private func cells(
        of column: Plan.OutputColumn, _ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock,
        _ known: Standings.Pointers, _ labels: [UnsafePointer<UInt8>], _ room: FormattedColumns
    ) -> [Cell] {
        // SAFETY: a column of the block has an address, and what is written is known of every customer.
        switch column {
        case .dimensions: (0..<block.dimensionCount).map { .number(block.scores(ofDimension: $0).baseAddress!) }
        case .score: [.number(block.scores.baseAddress!)]
        case .percentileRank: [.number(known.percentileRanks!)]
        case .tier: [.tier(known.tiers!)]
        case .segment: [.segment(known.segments!)]
        case .classes, .cell, .action, .contacts:
            labelTexts.filter { $0.column.kind == column }.map { .label(labels[$0.column.place], $0.texts) }
        case .missingCount: [.count(block.missingCounts.baseAddress!)]
        case .flags: [.flags(known.tierFlags)]
        case .reasonsUp: [.reasonsUp(reasons(of: block, rowCount: rows.count, room).upReasonKeys.baseAddress!)]
        case .reasonsDown: [.reasonsDown(reasons(of: block, rowCount: rows.count, room).downReasonKeys.baseAddress!)]
        case .pointsToNextTier: [.number(room.distances.baseAddress!)]
        case .lifetime: lifetimeColumns.map { .figure(room.values(of: batch.columns[$0], rows)) }
        case .rfm: rfmColumns.map { .whole(room.values(of: batch.columns[$0], rows)) }
        case .contributions:
            (0..<block.indicatorCount).map { .number(block.contributions(ofIndicator: $0).baseAddress!) }
        }
    }

    private func reasons(of block: ScoreBlock, rowCount: Int, _ room: FormattedColumns) -> ReasonSelection {
        room.reasons(of: block, rowCount: rowCount) {
            ReasonSelection(means: contributionMeans, upCount: upTexts.count, downCount: downTexts.count)
        }
    }

    /// The cells with scores split where their texts are in the tables, neighbors together.
    private func split(_ cells: [Cell], _ room: FormattedColumns, rowCount: Int) -> [Cell] {
        guard let scoreTexts else { return cells }
        room.reserve(columnCount: cells.count)
        var split: [Cell] = []
        for cell in cells {
            guard case .number(let values) = cell, let scores = room.split(values, count: rowCount, by: scoreTexts)
            else {
                split.append(cell)
                continue
            }
            if case .scores(let first, let columnCount)? = split.last {
                split[split.count - 1] = .scores(first, columnCount: columnCount + 1)
            } else {
                split.append(.scores(scores, columnCount: 1))
            }
        }
        return split
    }
}

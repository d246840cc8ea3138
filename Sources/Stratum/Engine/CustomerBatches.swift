import Scoring
import Tables
import VectorMath

/// All customers in batches, wherever they lie: what is fitted on them reads them through this.
protocol CustomerBatches: Sendable {
    /// For each batch the number of rows before it; one more element holds the number of all.
    var rowOffsets: [Int] { get }
    /// A whole batch.
    func batch(_ number: Int) throws -> Batch
    /// Some rows of a column of a batch into `values`, NaN where missing.
    func read(
        column: Int, batch: Int, _ rows: Range<Int>, into values: UnsafeMutableBufferPointer<Double>) throws
    /// The missing cells of a column.
    func missingCount(ofColumn column: Int) -> Int
}

extension CustomerBatches {
    var rowCount: Int { rowOffsets[rowOffsets.count - 1] }
    var batchCount: Int { rowOffsets.count - 1 }
    var rowCounts: [Int] { (0..<batchCount).map { rowOffsets[$0 + 1] - rowOffsets[$0] } }

    /// The columns, each cell as a number.
    func source(_ columns: [Int]) -> ColumnSource {
        ColumnSource(columnCount: columns.count, rowCounts: rowCounts) { column, batch, rows, values in
            try read(column: columns[column], batch: batch, rows, into: values)
        }
    }

    /// Calls `body` with each batch that holds some of `rows`, and those of its own rows.
    func forEachPart(of rows: Range<Int>, _ body: (_ batch: Int, _ rows: Range<Int>) throws -> Void) rethrows {
        // The last batch that starts at or before the first row.
        var (low, high) = (0, batchCount)
        while low < high {
            let middle = (low + high) / 2
            if rowOffsets[middle + 1] <= rows.lowerBound { low = middle + 1 } else { high = middle }
        }
        while low < batchCount, rowOffsets[low] < rows.upperBound {
            let part = rows.clamped(to: rowOffsets[low]..<rowOffsets[low + 1])
            try body(low, part.lowerBound - rowOffsets[low]..<part.upperBound - rowOffsets[low])
            low += 1
        }
    }
}

extension Population: CustomerBatches {
    var rowOffsets: [Int] { table.rowOffsets }

    func batch(_ number: Int) -> Batch { table.batches[number] }

    func read(column: Int, batch: Int, _ rows: Range<Int>, into values: UnsafeMutableBufferPointer<Double>) {
        table.batches[batch].columns[column].decode(rows, into: values)
    }

    func missingCount(ofColumn column: Int) -> Int {
        table.batches.reduce(0) { $0 + $1.columns[column].extremes.missingCount }
    }
}

/// Rows of a source that a streamed fit finds its first centroids in.
struct StreamingSample {
    /// The rows, rising.
    let rows: [Int]

    /// The samples that `StagedKMeans` takes of so many rows, or all rows where it takes none.
    ///
    /// - Complexity: O(rows of the samples); all rows are fewer than four times the smallest stage.
    static func samples(of rowCount: Int, stages: [Int], seed: UInt64) -> [StreamingSample] {
        let staged = StagedKMeans.samples(of: rowCount, stages: stages, seed: seed)
        return (staged.isEmpty ? [Array(0..<rowCount)] : staged).map { StreamingSample(rows: $0) }
    }

    /// The places in the sample of the rows that lie in `range`.
    func places(in range: Range<Int>) -> Range<Int> {
        place(of: range.lowerBound)..<place(of: range.upperBound)
    }

    /// How many rows of the sample come before `row`.
    private func place(of row: Int) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

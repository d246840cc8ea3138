/// What is known beside their scores of consecutive customers of a batch; empty where it is not written.
struct Standings {
    var percentileRanks: ArraySlice<Double> = []
    var tiers: ArraySlice<UInt8> = []
    /// Bits of `RowFlags` beside those of the scores.
    var tierFlags: ArraySlice<UInt8> = []
    var segments: ArraySlice<UInt16> = []
    /// For each kind of name the codes of the rows at hand, from the first on.
    var labels: [UnsafePointer<UInt8>] = []
    /// The row of the batch that the first element is of.
    var firstRow = 0

    /// The same from one row on; nil where nothing is known.
    struct Pointers {
        let percentileRanks: UnsafePointer<Double>?
        let tiers: UnsafePointer<UInt8>?
        let tierFlags: UnsafePointer<UInt8>?
        let segments: UnsafePointer<UInt16>?
    }

    /// Calls `body` with what is known from a row of the batch on.
    func withPointers(from row: Int, _ body: (Pointers) -> Void) {
        let skipped = row - firstRow
        // SAFETY: what is not empty reaches to the last of the rows at hand, of which `row` is one.
        percentileRanks.withUnsafeBufferPointer { ranks in
            tiers.withUnsafeBufferPointer { tiers in
                tierFlags.withUnsafeBufferPointer { flags in
                    segments.withUnsafeBufferPointer { segments in
                        body(
                            Pointers(
                                percentileRanks: ranks.start(skipped), tiers: tiers.start(skipped),
                                tierFlags: flags.start(skipped), segments: segments.start(skipped)))
                    }
                }
            }
        }
    }
}

extension UnsafeBufferPointer {
    /// Where the elements behind the first `skipped` begin; nil if there is none.
    fileprivate func start(_ skipped: Int) -> UnsafePointer<Element>? {
        isEmpty ? nil : UnsafeBufferPointer(rebasing: self[skipped...]).baseAddress
    }
}

/// The weighted sums of all dimensions over one block.
struct DimensionProduct: Sendable {
    let weights: [[(column: Int, weight: Double)]]

    init(_ scoring: FittedScoring) {
        var column = 0
        weights = scoring.dimensions.map { dimension in
            dimension.indicators.map { indicator in
                defer { column += 1 }
                return (column, 100 * indicator.weight)
            }
        }
    }

    func multiply(_ values: UnsafeMutableBufferPointer<Double>, into scores: UnsafeMutableBufferPointer<Double>) {
        let rows = ScoreBlock.rowCapacity
        for (number, terms) in weights.enumerated() {
            let out = scores.baseAddress! + number * rows
            out.update(repeating: 0, count: rows)
            for term in terms {
                let column = values.baseAddress! + term.column * rows
                for row in 0..<rows { out[row] += term.weight * column[row] }
            }
        }
    }
}

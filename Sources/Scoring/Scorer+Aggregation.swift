internal import CKernels
import Glibc

extension Scorer {
    /// Replaces the composites by geometric means; `present` holds the weight of the dimensions present.
    ///
    /// exp(sum of w ln(max(s, floor)) / sum of w), over dimensions with a score and a weight.
    func geometricMeans(of block: ScoreBlock, rowCount: Int, floor: Double) {
        block.composites.update(repeating: 0)
        for (number, dimension) in scoring.dimensions.enumerated() where dimension.weight > 0 {
            let scores = block.scores(ofDimension: number)
            for row in 0..<rowCount where !scores[row].isNaN {
                block.composites[row] += dimension.weight * log(max(scores[row], floor))
            }
        }
        for row in 0..<rowCount {
            let weight = block.present[row]
            block.composites[row] = weight > 0 ? min(exp(block.composites[row] / weight), 100) : .nan
        }
    }

    /// Replaces the composites by the closeness to the ideal customer.
    ///
    /// With s the score of 0...1 and w the weight in the whole of each indicator that is there: d- = |w s|,
    /// d+ = |w (1 - s)|, and the composite is 100 d- / (d- + d+).
    func closeness(of block: ScoreBlock, rowCount: Int) {
        let (best, worst) = (block.present, block.composites)
        best.update(repeating: 0)
        worst.update(repeating: 0)
        var column = 0
        for dimension in scoring.dimensions {
            for indicator in dimension.indicators {
                let scores = block.values(ofIndicator: column)
                let weight = dimension.weight * indicator.weight
                for row in 0..<rowCount {
                    // A missing score is -0.0: it is near neither.
                    let near = weight * scores[row]
                    let far = scores[row].sign == .minus ? 0 : weight - near
                    worst[row] += near * near
                    best[row] += far * far
                }
                column += 1
            }
        }
        for row in 0..<rowCount {
            let near = worst[row].squareRoot()
            let sum = near + best[row].squareRoot()
            // Without a weight that is there, there is no score.
            worst[row] = sum > 0 ? 100 * (near / sum) : .nan
        }
    }

    /// Splits each composite into what each indicator adds to it, or does all of that but the last product.
    ///
    /// 100 w x (dimension's weight) / (weight present in the dimension) / (weight of the dimensions present).
    func contribute(_ block: ScoreBlock, rowCount: Int) {
        // SAFETY: columns have `rowCapacity` elements, and the loops go to `rowCount`.
        stratum_share_factors(
            block.present.baseAddress!, rowCount, block.factors.baseAddress!, scoring.dimensions.count,
            ScoreBlock.rowCapacity)
        guard block.hasContributions else { return }
        var column = 0
        for (number, dimension) in scoring.dimensions.enumerated() {
            let factors = block.column(number, of: block.factors).baseAddress!
            for indicator in dimension.indicators {
                stratum_contribute(
                    block.values(ofIndicator: column).baseAddress!, factors, rowCount,
                    100 * indicator.weight, block.column(column, of: block.contributions).baseAddress!)
                column += 1
            }
        }
    }
}

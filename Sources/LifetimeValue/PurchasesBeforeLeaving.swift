import RealModule

/// How many purchases a customer who is alive now makes in a time to come, under beta-geometric dropout.
///
/// With p from beta(a, b), lambda from gamma(shape, A) after all that is known, and `stage` of the k stages to the next
/// purchase done, this is for s = time / A and z = s / (1 + s)
///
///     sum over n of NB(n; shape, z) G(floor((n + stage) / k)),   G(m) = sum over i < m of B(a, b + i) / B(a, b),
///
/// where n counts stages. All terms are positive. For k = 1 it equals
///
///     (a + b - 1)/(a - 1) (1 - (1 - z)^shape 2F1(shape, b; a + b - 1; z)),
///
/// the form with Gauss's function in Fader, Hardie and Lee (2005, eq. 10), which has a pole to be removed at a = 1,
/// cancels for small z and converges slowly for z near 1; there a quadrature over p takes the place of the series.
struct PurchasesBeforeLeaving {
    let a: Double
    let b: Double
    let shape: Double
    var regularity = 1
    var stage = 0

    /// Stages to sum over at most; more take the quadrature.
    private static let termLimit = 20_000.0

    /// The expected purchases in `s` times A; 0 or more.
    ///
    /// For k > 1 and so many stages that the quadrature is taken, stages count as 1/k purchases each: right to about
    /// 1e-4.
    func value(_ s: Double) -> Double {
        guard s > 0 else { return 0 }
        // Beyond this nothing changes but the range of binary64 is left.
        let s = min(s, 1e250)
        let mean = shape * s
        let deviation = (mean * (1 + s)).squareRoot()
        if mean + 12 * deviation + 45 * (1 + s) < PurchasesBeforeLeaving.termLimit {
            return series(s, start: max(0, (mean - 10 * deviation - 10).rounded(.down)))
        }
        return quadrature(s / Double(regularity))
    }

    /// Divided by the sum of the probabilities, so that an error in the first of them does not matter.
    func series(_ s: Double, start: Double) -> Double {
        let z = s / (1 + s)
        let logFirst =
            logGammaIncrease(from: shape, by: start) - logGamma(start + 1) - shape * Double.log(onePlus: s)
            + start * Double.log(z)
        var probability = start == 0 ? Double.exp(logFirst) : 1
        if probability == 0 { probability = 1 }
        let k = Double(regularity)
        var purchases = 0.0
        var survival = 1.0
        var purchaseCount = 0.0
        // Stages done beyond the last purchase.
        var stages = Double(stage) + start
        while stages >= k {
            stages -= k
            purchases += survival
            survival *= (b + purchaseCount) / (a + b + purchaseCount)
            purchaseCount += 1
        }
        var n = start
        var total = 0.0
        var sum = 0.0
        while true {
            total += probability
            sum += probability * purchases
            let ratio = z * (shape + n) / (n + 1)
            probability *= ratio
            n += 1
            stages += 1
            if stages >= k {
                stages -= k
                purchases += survival
                survival *= (b + purchaseCount) / (a + b + purchaseCount)
                purchaseCount += 1
            }
            // What is left is below a geometric sum, of purchases that grow by less than 1 a stage.
            if ratio < 1, probability * (purchases + 1) < 1e-18 * (1 - ratio) * (1 - ratio) * sum { break }
        }
        return sum / total
    }

    /// The mean over p of (1 - (1 + p s)^-shape) / p, by the trapezoidal rule in ln(p / (1 - p)).
    ///
    /// The integrand is analytic within π of the real axis and falls as an exponential on both sides, where the sum
    /// goes on as a geometric one.
    func quadrature(_ s: Double) -> Double {
        let center = Double.log(a / b)
        let width = ((a + b) / a / b).squareRoot()
        let step = min(0.15, 0.6 * width)
        let peak = logDensity(center)
        let reach = 42 + Double.log(1 + a + b) + Double.log(1 + s * (1 + shape))
        var total = 0.0
        var sum = 0.0
        func add(_ u: Double, factor: Double = 1) -> Bool {
            let weight = factor * Double.exp(logDensity(u) - peak)
            total += weight
            sum += weight * mean(u, s)
            return weight > 1e-20 * total
        }
        _ = add(center)
        for (direction, rate) in [(-1.0, a), (1.0, b)] {
            var u = center + direction * step
            while add(u) {
                u += direction * step
                if direction * u > reach {
                    _ = add(u, factor: -1 / Double.expMinusOne(-rate * step))
                    break
                }
            }
        }
        return sum / total
    }

    private func logDensity(_ u: Double) -> Double { a * u - (a + b) * softplus(u) }

    /// (1 - (1 + p s)^-shape) / p at p = 1 / (1 + e^-u).
    private func mean(_ u: Double, _ s: Double) -> Double {
        let p = logistic(u)
        let power = shape * Double.log(onePlus: p * s)
        return p > 1e-290 ? -Double.expMinusOne(-power) / p : shape * s
    }
}

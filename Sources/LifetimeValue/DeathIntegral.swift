import RealModule

/// The integral over the time of leaving in the Pareto/NBD model,
///
///     I = ∫ (alpha + y)^-shape (beta + y)^-(s + 1) dy for y from `recency` to `age`,
///
/// with the means of ln(alpha + y), ln(beta + y), 1/(alpha + y) and 1/(beta + y) under its integrand, which are the
/// derivatives of its logarithm.
///
/// The papers write I as a difference of two Gauss hypergeometric functions (Fader and Hardie, "A note on deriving the
/// Pareto/NBD model", 2005, eq. 6 and 7), which loses all digits where recency is near age and converges slowly where
/// alpha and beta differ much. All that is added here is positive: with v = ln((m + y) / (m + recency)), m the smaller
/// of alpha and beta, the logarithm of the integrand is concave and its singularities are π away from the real axis,
/// so that Gauss-Legendre quadrature over the part that counts is right to about 1e-13.
struct DeathIntegral {
    /// ln I.
    private(set) var logValue = -Double.infinity
    /// ln I less the logarithm of the integrand at `recency`.
    private(set) var logRelativeValue = -Double.infinity
    private(set) var meanLogAlpha = 0.0
    private(set) var meanLogBeta = 0.0
    private(set) var meanInverseAlpha = 0.0
    private(set) var meanInverseBeta = 0.0

    /// alpha, beta, shape and s over 0; 0 <= recency <= age.
    init(recency: Double, age: Double, alpha: Double, beta: Double, shape: Double, s: Double) {
        guard age > recency else { return }
        let startAlpha = alpha + recency
        let startBeta = beta + recency
        let isBetaSmaller = startBeta <= startAlpha
        let (near, far) = isBetaSmaller ? (startBeta, startAlpha) : (startAlpha, startBeta)
        let curve = ConcaveExponent(
            slope: isBetaSmaller ? -s : 1 - shape, power: isBetaSmaller ? shape : s + 1, ratio: near / far)
        let end = curve.end(before: Double.log(onePlus: (age - recency) / near))
        let panelCount = max(1, (end.value / 6).rounded(.up))
        let rule = end.isGentle ? GaussLegendre.short : GaussLegendre.long
        let width = end.value / panelCount
        let peak = curve.peak(within: end.value)
        var sums = (value: 0.0, nearLog: 0.0, farLog: 0.0, nearInverse: 0.0, farInverse: 0.0)
        var start = 0.0
        for _ in 0..<Int(panelCount) {
            for node in rule.nodes.indices {
                let v = start + width * rule.nodes[node]
                let growth = Double.expMinusOne(v)
                let far = 1 + curve.ratio * growth
                let farLog = Double.log(onePlus: curve.ratio * growth)
                let f = rule.weights[node] * Double.exp(curve.slope * v - curve.power * farLog - peak)
                sums.value += f
                sums.nearLog += f * v
                sums.farLog += f * farLog
                sums.nearInverse += f / (1 + growth)
                sums.farInverse += f / far
            }
            start += width
        }
        let (logNear, logFar) = (Double.log(near), Double.log(far))
        // dy = near e^v dv; the e^v is in the curve's slope.
        logRelativeValue = Double.log(sums.value * width) + peak + logNear
        logValue =
            logRelativeValue
            - (isBetaSmaller ? shape * logFar + (s + 1) * logNear : shape * logNear + (s + 1) * logFar)
        let nearMeans = (log: logNear + sums.nearLog / sums.value, inverse: sums.nearInverse / sums.value / near)
        let farMeans = (log: logFar + sums.farLog / sums.value, inverse: sums.farInverse / sums.value / far)
        (meanLogBeta, meanInverseBeta) = isBetaSmaller ? nearMeans : farMeans
        (meanLogAlpha, meanInverseAlpha) = isBetaSmaller ? farMeans : nearMeans
    }
}

/// g(v) = slope v - power ln(1 + ratio (e^v - 1)): concave in v, with 0 < ratio <= 1 and power over 0.
private struct ConcaveExponent {
    let slope: Double
    let power: Double
    let ratio: Double

    /// e^-40 of the peak is below rounding.
    private static let negligibleDrop = 40.0

    func value(_ v: Double) -> Double { slope * v - power * Double.log(onePlus: ratio * Double.expMinusOne(v)) }

    func derivative(_ v: Double) -> Double {
        let grown = ratio * Double.exp(v)
        return slope - power * grown / (1 - ratio + grown)
    }

    /// The largest value in 0...end.
    func peak(within end: Double) -> Double {
        if derivative(0) <= 0 { return 0 }
        if derivative(end) >= 0 { return value(end) }
        // slope (1 - ratio + grown) = power grown
        let grown = slope * (1 - ratio) / (power - slope)
        return value(min(end, max(0, Double.log(grown / ratio))))
    }

    /// `whole`, or where the function has fallen so far that the rest does not count; gentle if a short rule does.
    func end(before whole: Double) -> (value: Double, isGentle: Bool) {
        let floor = peak(within: whole) - ConcaveExponent.negligibleDrop
        var end = whole
        // From the right, Newton's steps on a concave function stay to the right of the root.
        for _ in 0..<60 {
            let excess = floor - value(end)
            guard excess > 1 else { break }
            end += excess / derivative(end)
        }
        let range = abs(derivative(0)) * end + abs(derivative(end)) * end
        return (end, end < 1.5 && range < 8)
    }
}

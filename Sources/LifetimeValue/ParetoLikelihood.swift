import RealModule

/// The parameters of Pareto/NBD.
///
/// With lambda drawn from gamma(r, alpha), the rate of leaving from gamma(s, beta), and R = r + x, the likelihood is
///
///     Γ(R)/Γ(r) alpha^r beta^s ((alpha + T)^-R (beta + T)^-s + s I)
///
/// with I the `DeathIntegral` from t_x to T. Source: Schmittlein, Morrison and Colombo, Management Science 33 (1987);
/// Fader and Hardie, "A note on deriving the Pareto/NBD model" (2005), eq. 3 and 4.
struct ParetoParameters: Sendable {
    let r: Double
    let alpha: Double
    let s: Double
    let beta: Double

    init(_ parameters: [Double]) {
        (r, alpha, s, beta) = (parameters[0], parameters[1], parameters[2], parameters[3])
    }

    func sharedTerms(_ x: Double) -> LikelihoodSum {
        let (logAlpha, logBeta) = (Double.log(alpha), Double.log(beta))
        return LikelihoodSum(
            value: logGammaIncrease(from: r, by: x) + r * logAlpha + s * logBeta,
            gradient: SIMD4(digammaIncrease(from: r, by: x) + logAlpha, r / alpha, logBeta, s / beta))
    }

    /// The terms of one history beside the shared ones, with the logarithm of the odds that the customer has left.
    func terms(_ x: Double, _ recency: Double, _ age: Double) -> (sum: LikelihoodSum, logOdds: Double) {
        let shape = r + x
        let integral = DeathIntegral(recency: recency, age: age, alpha: alpha, beta: beta, shape: shape, s: s)
        let (wholeAlpha, wholeBeta) = (alpha + age, beta + age)
        let (logAlpha, logBeta) = (Double.log(wholeAlpha), Double.log(wholeBeta))
        let alive = -shape * logAlpha - s * logBeta
        let d = Double.log(s) + integral.logValue - alive
        let gone = logistic(d)
        let here = 1 - gone
        return (
            LikelihoodSum(
                value: alive + softplus(d),
                gradient: SIMD4(
                    -here * logAlpha - gone * integral.meanLogAlpha,
                    -shape * (here / wholeAlpha + gone * integral.meanInverseAlpha),
                    gone / s - here * logBeta - gone * integral.meanLogBeta,
                    -here * s / wholeBeta - gone * (s + 1) * integral.meanInverseBeta)),
            d
        )
    }
}

extension ParetoParameters {
    /// The probability that a customer alive at `age` buys nothing within `time`: neither buys nor leaves, or leaves
    /// first.
    func noPurchaseOfTheLiving(_ x: Double, _ age: Double, _ time: Double) -> Double {
        let (wholeAlpha, wholeBeta) = (alpha + age, beta + age)
        let neither = -(r + x) * Double.log(onePlus: time / wholeAlpha) - s * Double.log(onePlus: time / wholeBeta)
        let leaving = DeathIntegral(
            recency: 0, age: time, alpha: wholeAlpha, beta: wholeBeta, shape: r + x, s: s)
        return min(1, Double.exp(neither) + s / wholeBeta * Double.exp(leaving.logRelativeValue))
    }
}

extension LikelihoodTasks {
    func paretoTerms(_ run: Run, _ parameters: ParetoParameters) -> LikelihoodSum {
        let shared = parameters.sharedTerms(run.frequency)
        var sum = LikelihoodSum()
        for history in run.histories {
            let terms = parameters.terms(run.frequency, recencies[history], ages[history]).sum
            sum.value += counts[history] * (shared.value + terms.value)
            sum.gradient += counts[history] * (shared.gradient + terms.gradient)
        }
        return sum
    }
}

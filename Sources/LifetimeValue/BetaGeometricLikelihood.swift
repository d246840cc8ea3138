import CKernels
import RealModule

/// The parameters of NBD, BG/NBD, MBG/NBD and their Erlang-k forms, with what a frequency makes of them.
///
/// With lambda drawn from gamma(r, alpha), p from beta(a, b), R = r + k x, m chances to leave before the last purchase
/// (x, and one more where the first purchase is one), A = alpha + T and w = (T - t_x) / A, the likelihood is
///
///     Γ(R)/Γ(r) alpha^r B(a, b + m)/B(a, b) A^-R (S(w) + a/(b + m - 1) (A / (alpha + t_x))^R)
///
/// where S(w) is the sum over j < k of (R)_j w^j / j!, the chance that the next of k stages is not over; the second
/// term, of those who left at the last purchase, is there only if m >= 1. Sources: Fader, Hardie and Lee, Marketing
/// Science 24 (2005), eq. 6; Batislam et al., IJRM 24 (2007), eq. 3; Platzer and Reutterer, Marketing Science 35 (2016)
/// and the note of its R package BTYDplus.
struct BetaGeometricParameters: Sendable {
    let family: LifetimeFamily
    let r: Double
    let alpha: Double
    /// a and b; not used in NBD.
    let a: Double
    let b: Double

    init(_ family: LifetimeFamily, _ parameters: [Double]) {
        self.family = family
        (r, alpha) = (parameters[0], parameters[1])
        (a, b) = family == .nbd ? (1, 1) : (parameters[2], parameters[3])
    }

    /// ln (a / (b + m - 1)), or far below where nobody can have left.
    func logOdds(_ chances: Double) -> Double {
        family == .nbd || chances < 1 ? BetaGeometricParameters.nobodyLeft : Double.log(a) - Double.log(b + chances - 1)
    }

    private static let nobodyLeft = STRATUM_LIFETIME_NOBODY_LEFT

    func shape(_ frequency: Double) -> Double { r + Double(family.regularity) * frequency }

    /// The coefficients (R)_j / j! of S and their derivatives by R.
    func stages(_ shape: Double) -> (values: [Double], slopes: [Double]) {
        var values = [1.0]
        var slopes = [0.0]
        for j in 1..<max(1, family.regularity) {
            let factor = shape + Double(j - 1)
            slopes.append((slopes[j - 1] * factor + values[j - 1]) / Double(j))
            values.append(values[j - 1] * factor / Double(j))
        }
        return (values, slopes)
    }

    /// The terms that all histories of one frequency share, and their derivatives.
    func sharedTerms(_ x: Double) -> LikelihoodSum {
        let steps = Double(family.regularity) * x
        let logAlpha = Double.log(alpha)
        var sum = LikelihoodSum(value: logGammaIncrease(from: r, by: steps) + r * logAlpha)
        sum.gradient[0] = digammaIncrease(from: r, by: steps) + logAlpha
        sum.gradient[1] = r / alpha
        guard family != .nbd else { return sum }
        let m = family.dropoutChances(frequency: x)
        let all = digammaIncrease(from: a + b, by: m)
        sum.value += logGammaIncrease(from: b, by: m) - logGammaIncrease(from: a + b, by: m)
        sum.gradient[2] = -all
        sum.gradient[3] = digammaIncrease(from: b, by: m) - all
        return sum
    }
}

/// What all histories of one frequency have in common, for the terms of one of them.
struct BetaGeometricFrequency: Sendable {
    let alpha: Double
    let shape: Double
    let stages: [Double]
    private let logOdds: Double

    init(_ parameters: BetaGeometricParameters, _ x: Double) {
        alpha = parameters.alpha
        shape = parameters.shape(x)
        stages = parameters.family.regularity > 1 ? parameters.stages(shape).values : [1]
        logOdds = parameters.logOdds(parameters.family.dropoutChances(frequency: x))
    }

    /// The terms of a history's likelihood beside the shared ones, and the logarithm of the odds of having left.
    func terms(_ recency: Double, _ age: Double) -> (logLikelihood: Double, logOdds: Double) {
        let logStages = logStages(recency, age)
        let spread = Double.log(onePlus: (age - recency) / (alpha + recency))
        let d = shape * spread + logOdds - logStages
        return (logStages - shape * Double.log(alpha + age) + softplus(d), d)
    }

    /// The probability of no purchase within `time` of the living: the stages of one time between purchases last on.
    func noPurchaseOfTheLiving(_ recency: Double, _ age: Double, _ time: Double) -> Double {
        let decay = shape * Double.log(onePlus: time / (alpha + age))
        return min(1, Double.exp(logStages(recency, age + time) - logStages(recency, age) - decay))
    }

    private func logStages(_ recency: Double, _ age: Double) -> Double {
        guard stages.count > 1 else { return 0 }
        let w = (age - recency) / (alpha + age)
        return Double.log(stages.reversed().reduce(0) { $0 * w + $1 })
    }
}

/// ln (1 + e^x).
func softplus(_ x: Double) -> Double { max(x, 0) + Double.log(onePlus: Double.exp(-abs(x))) }

/// 1 / (1 + e^-x).
func logistic(_ x: Double) -> Double {
    let e = Double.exp(-abs(x))
    return (x < 0 ? e : 1) / (1 + e)
}

extension LikelihoodTasks {
    func betaGeometricTerms(_ run: Run, _ parameters: BetaGeometricParameters) -> LikelihoodSum {
        let shape = parameters.shape(run.frequency)
        let chances = parameters.family.dropoutChances(frequency: run.frequency)
        let stages = parameters.stages(shape)
        var terms = [Double](repeating: 0, count: 4)
        recencies.withUnsafeBufferPointer { recencies in
            ages.withUnsafeBufferPointer { ages in
                counts.withUnsafeBufferPointer { counts in
                    precondition(run.histories.upperBound <= ages.count, "histories beyond the population")
                    // SAFETY: the run is inside all three columns, which have one length; two coefficient arrays of
                    // one length, and `terms` holds four.
                    stratum_lifetime_terms(
                        recencies.baseAddress! + run.histories.lowerBound, ages.baseAddress! + run.histories.lowerBound,
                        counts.baseAddress! + run.histories.lowerBound, run.histories.count, parameters.alpha, shape,
                        parameters.logOdds(chances), stages.values, stages.slopes, stages.values.count, &terms)
                }
            }
        }
        let customers = counts[run.histories].reduce(0, +)
        let shared = parameters.sharedTerms(run.frequency)
        var sum = LikelihoodSum(value: customers * shared.value + terms[0], gradient: customers * shared.gradient)
        sum.gradient[0] += terms[1]
        sum.gradient[1] += terms[2]
        if parameters.family != .nbd, chances >= 1 {
            sum.gradient[2] += terms[3] / parameters.a
            sum.gradient[3] -= terms[3] / (parameters.b + chances - 1)
        }
        return sum
    }
}

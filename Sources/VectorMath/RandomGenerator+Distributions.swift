import RealModule

/// Draws from the distributions that seeding, sample data and simulation need.
///
/// The number of uniform draws that one value takes varies (rejection), so a value's place in the stream depends on
/// the values before it.
extension RandomGenerator {
    /// A normal number with the given mean and standard deviation (0 or more).
    ///
    /// Source: Marsaglia and Bray, the polar method, SIAM Review 6 (1964).
    public mutating func nextNormal(mean: Double = 0, standardDeviation: Double = 1) -> Double {
        mean + standardDeviation * nextStandardNormal()
    }

    /// A number whose natural logarithm is normal with mean `logMean` and standard deviation `logDeviation`.
    public mutating func nextLogNormal(logMean: Double, logDeviation: Double) -> Double {
        Double.exp(nextNormal(mean: logMean, standardDeviation: logDeviation))
    }

    /// An exponential number with the given rate (over 0), that is with mean 1 / `rate`.
    public mutating func nextExponential(rate: Double) -> Double {
        precondition(rate > 0, "rate \(rate) is not above 0")
        return -Double.log(1 - nextUniform()) / rate
    }

    /// A gamma number with the given shape and rate (both over 0), that is with mean `shape / rate`.
    ///
    /// Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000).
    public mutating func nextGamma(shape: Double, rate: Double = 1) -> Double {
        precondition(shape > 0 && rate > 0, "shape \(shape) and rate \(rate) are not both above 0")
        return Double.exp(nextLogGamma(shape: shape)) / rate
    }

    /// A beta number with the parameters `a` and `b` (both over 0), that is with mean `a / (a + b)`.
    public mutating func nextBeta(_ a: Double, _ b: Double) -> Double {
        precondition(a > 0 && b > 0, "parameters \(a) and \(b) are not both above 0")
        // The ratio of two gammas is taken in logarithms: with small parameters both underflow to 0.
        let logRatio = nextLogGamma(shape: b) - nextLogGamma(shape: a)
        return 1 / (1 + Double.exp(logRatio))
    }

    /// A Poisson count with the given mean (0 to 1e9).
    ///
    /// Sources: multiplication of uniforms (Knuth) below a mean of 10; above it Hörmann, "The transformed rejection
    /// method for generating Poisson random variables", Insurance: Mathematics and Economics 12 (1993), PTRS.
    public mutating func nextPoisson(mean: Double) -> Int {
        precondition(mean >= 0 && mean <= 1e9, "mean \(mean) is not in 0...1e9")
        return mean < 10 ? nextSmallPoisson(mean: mean) : nextLargePoisson(mean: mean)
    }

    private mutating func nextStandardNormal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        while true {
            let x = 2 * nextUniform() - 1
            let y = 2 * nextUniform() - 1
            let square = x * x + y * y
            guard square < 1, square > 0 else { continue }
            let factor = (-2 * Double.log(square) / square).squareRoot()
            spareNormal = y * factor
            return x * factor
        }
    }

    /// The logarithm of a gamma number of rate 1; shapes below 1 are raised by 1 and lowered again by a uniform power.
    private mutating func nextLogGamma(shape: Double) -> Double {
        if shape < 1 {
            return nextLogGamma(shape: shape + 1) + Double.log(1 - nextUniform()) / shape
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = nextStandardNormal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let u = 1 - nextUniform()
            if Double.log(u) < 0.5 * x * x + d - d * v + d * Double.log(v) {
                return Double.log(d) + Double.log(v)
            }
        }
    }

    private mutating func nextSmallPoisson(mean: Double) -> Int {
        let limit = Double.exp(-mean)
        var count = 0
        var product = nextUniform()
        while product > limit {
            count += 1
            product *= nextUniform()
        }
        return count
    }

    private mutating func nextLargePoisson(mean: Double) -> Int {
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let logInverseAlpha = Double.log(1.1239 + 1.1328 / (b - 3.4))
        let acceptance = 0.9277 - 3.6224 / (b - 2)
        let logMean = Double.log(mean)
        while true {
            let u = nextUniform() - 0.5
            let v = 1 - nextUniform()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
            if us >= 0.07 && v <= acceptance { return Int(k) }
            // us = 0 gives an infinite k; the next line turns it away before it is made an Int.
            if k < 0 || !k.isFinite || (us < 0.013 && v > us) { continue }
            let accepted = Double.log(v) + logInverseAlpha - Double.log(a / (us * us) + b)
            if accepted <= k * logMean - mean - Double.logGamma(k + 1) { return Int(k) }
        }
    }
}

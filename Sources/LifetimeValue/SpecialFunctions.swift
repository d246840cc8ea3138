import RealModule

// Differences are computed as differences, never as two large numbers subtracted: with b = 1e5 the logarithm of the
// beta function is 1e-6 of the log gammas it is made of.

/// ln B(a, b) for a and b over 0.
func logBeta(_ a: Double, _ b: Double) -> Double {
    let (small, large) = a < b ? (a, b) : (b, a)
    return logGamma(small) - logGammaIncrease(from: large, by: small)
}

/// ln of the gamma function of `x`, over 0.
func logGamma(_ x: Double) -> Double { Double.logGamma(x) }

/// ln (Γ(x + step) / Γ(x)) for x over 0 and step 0 or more, to about 1e-14 of the larger of the result and 1.
///
/// Stirling's series (DLMF 5.11.1) subtracted term by term, after both arguments are raised to `stirlingLimit`.
func logGammaIncrease(from x: Double, by step: Double) -> Double {
    guard step > 0 else { return 0 }
    var x = x
    var product = 1.0
    while x < stirlingLimit {
        product *= x / (x + step)
        // A step of 1e300 over a tiny x would leave the range of binary64 in a product of several.
        if product < 1e-150 { return logGammaIncrease(from: x + 1, by: step) + Double.log(product) }
        x += 1
    }
    let end = x + step
    let main = (end - 0.5) * Double.log(onePlus: step / x) + step * (Double.log(x) - 1)
    return main + (stirlingTail(end) - stirlingTail(x)) + Double.log(product)
}

/// The digamma function ψ(x) for x over 0.
func digamma(_ x: Double) -> Double {
    var x = x
    var sum = 0.0
    while x < stirlingLimit {
        sum -= 1 / x
        x += 1
    }
    return sum + (Double.log(x) - digammaTail(x))
}

/// ψ(x + step) - ψ(x) for x over 0 and step 0 or more.
func digammaIncrease(from x: Double, by step: Double) -> Double {
    guard step > 0 else { return 0 }
    var x = x
    var sum = 0.0
    while x < stirlingLimit {
        sum += step / (x * (x + step))
        x += 1
    }
    // The tail's leading term 1 / (2 x) as a difference: for tiny steps nothing is left of two subtracted numbers.
    let end = x + step
    let leading = step / (2 * x * end)
    return sum + (Double.log(onePlus: step / x) + leading - (squareTail(end) - squareTail(x)))
}

/// From here on Stirling's series with the terms below is right to binary64.
private let stirlingLimit = 12.0

/// ln Γ(x) - ((x - 1/2) ln x - x + ln(2 π) / 2).
private func stirlingTail(_ x: Double) -> Double {
    let z = 1 / (x * x)
    let series =
        1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1_260 - z * (1.0 / 1_680 - z * (1.0 / 1_188 - z * 691 / 360_360))))
    return series / x
}

/// ln x - ψ(x).
private func digammaTail(_ x: Double) -> Double { 1 / (2 * x) + squareTail(x) }

private func squareTail(_ x: Double) -> Double {
    let z = 1 / (x * x)
    return z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * 691 / 32_760)))))
}

/// (1 - e^-x) / x, and 1 at 0.
func decayMean(_ x: Double) -> Double { x == 0 ? 1 : -Double.expMinusOne(-x) / x }

import CKernels

@testable import LifetimeValue

/// The kernel's sums, each with the sum of the sizes of its terms.
struct KernelSums {
    var values = SIMD4<Double>()
    var sizes = SIMD4<Double>()
}

/// What `stratum_lifetime_terms` computes, one history after the other in plain Swift.
func lifetimeTermsTwin(
    recency: [Double], age: [Double], weight: [Double], alpha: Double, shape: Double, logOdds: Double, stage: [Double],
    stageSlope: [Double]
) -> KernelSums {
    var sums = KernelSums()
    for index in age.indices {
        let (whole, seen) = (alpha + age[index], alpha + recency[index])
        let w = (age[index] - recency[index]) / whole
        var (stages, byShape, byGap, power) = (0.0, 0.0, 0.0, 1.0)
        for j in stage.indices {
            stages += stage[j] * power
            byShape += stageSlope[j] * power
            if j + 1 < stage.count { byGap += Double(j + 1) * stage[j + 1] * power }
            power *= w
        }
        let spread = logGap(whole, seen)
        let d = shape * spread + logOdds - logOf(stages)
        let gone = logistic(d)
        let here = logistic(-d)
        let terms = SIMD4(
            logOf(stages) - shape * logOf(whole) + softplus(d),
            gone * spread - logOf(whole) + here * byShape / stages,
            (gone * shape - shape - here * byGap * w / stages) / whole - gone * shape / seen, gone)
        sums.values += weight[index] * terms
        for term in 0..<4 { sums.sizes[term] += weight[index] * abs(terms[term]) }
    }
    return sums
}

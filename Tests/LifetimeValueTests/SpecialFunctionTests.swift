import Testing

@testable import LifetimeValue

@Suite struct SpecialFunctionTests {
    /// One line of data/special_functions.csv.
    struct Reference {
        let function: String
        let arguments: [Double]
        let value: Double
    }

    static func references() throws -> [Reference] {
        try dataText("special_functions.csv").split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return Reference(
                function: String(fields[0]), arguments: fields[1...6].compactMap { Double($0) },
                value: Double(fields[7])!)
        }
    }

    /// Ours; logarithms are held to an absolute 1e-12 where they are below 1, since their exponentials are what counts.
    static func value(_ reference: Reference) -> Double {
        let a = reference.arguments
        switch reference.function {
        case "logGamma": return logGamma(a[0])
        case "digamma": return digamma(a[0])
        case "logBeta": return logBeta(a[0], a[1])
        case "logGammaIncrease": return logGammaIncrease(from: a[0], by: a[1])
        case "digammaIncrease": return digammaIncrease(from: a[0], by: a[1])
        case "purchasesBeforeLeaving":
            return PurchasesBeforeLeaving(a: a[0], b: a[1], shape: a[2]).value(a[3])
        case "stagePurchases":
            return PurchasesBeforeLeaving(a: a[0], b: a[1], shape: a[2], regularity: Int(a[4]), stage: Int(a[5]))
                .value(a[3])
        default:
            return DeathIntegral(recency: a[0], age: a[1], alpha: a[2], beta: a[3], shape: a[4], s: a[5]).logValue
        }
    }

    @Test func agreesWithMpmathTo1e12() throws {
        let references = try SpecialFunctionTests.references()
        #expect(references.count > 600)
        for reference in references {
            let value = SpecialFunctionTests.value(reference)
            let isLogarithm = ["logGamma", "logBeta", "logGammaIncrease", "deathIntegral"].contains(reference.function)
            let scale = isLogarithm || reference.function == "digamma" ? max(1, abs(reference.value)) : reference.value
            #expect(abs(value - reference.value) <= 1e-12 * scale, "\(reference), not \(value)")
        }
    }

    @Test(arguments: [0.05, 0.793, 1.0, 40.0], [0.2, 3.0, 300.0])
    func seriesAndQuadratureAreOneFunction(a: Double, b: Double) {
        for shape in [0.243, 4.0, 90.0] {
            for s in [1e-3, 0.5, 20.0] {
                let process = PurchasesBeforeLeaving(a: a, b: b, shape: shape)
                let (series, quadrature) = (process.series(s, start: 0), process.quadrature(s))
                #expect(abs(series - quadrature) <= 1e-12 * series, "\(a) \(b) \(shape) \(s)")
            }
        }
    }

    @Test func increasesOfNothingAreNothing() {
        #expect(logGammaIncrease(from: 0.3, by: 0) == 0)
        #expect(digammaIncrease(from: 0.3, by: 0) == 0)
        #expect(PurchasesBeforeLeaving(a: 1, b: 1, shape: 1).value(0) == 0)
        #expect(decayMean(0) == 1)
    }

    @Test func meansUnderTheDeathIntegralAreItsLogarithmicDerivatives() {
        func log(_ shift: SIMD4<Double>) -> Double {
            DeathIntegral(
                recency: 3, age: 20, alpha: 5 + shift[0], beta: 2 + shift[1], shape: 2.5 + shift[2], s: 0.7 + shift[3]
            ).logValue
        }
        let integral = DeathIntegral(recency: 3, age: 20, alpha: 5, beta: 2, shape: 2.5, s: 0.7)
        let expected = SIMD4(
            -2.5 * integral.meanInverseAlpha, -1.7 * integral.meanInverseBeta, -integral.meanLogAlpha,
            -integral.meanLogBeta)
        for variable in 0..<4 {
            var shift = SIMD4<Double>()
            shift[variable] = 1e-5
            #expect(abs((log(shift) - log(-shift)) / 2e-5 - expected[variable]) < 1e-8)
        }
    }
}

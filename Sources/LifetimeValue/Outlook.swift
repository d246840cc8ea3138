import RealModule

/// What is to come for a customer who is alive: purchases to a horizon, each counted with a worth, or none of them.
///
/// It depends on the history by the frequency, the age and, for k > 1, the stage of the current time between purchases
/// alone, not by the recency: that decides whether the customer is alive. And it is a smooth function of the age. So it
/// is computed at 16 ages of each half unit of ln(origin + age), and interpolated by Chebyshev polynomials: within
/// about 1e-14, at the cost of some multiplications for each customer however many steps the horizon has. Which ages
/// those are depends on the model alone, so a customer's value does not depend on who else is there.
struct Outlook: Sendable {
    enum Content: Sendable {
        /// Expected purchases; ends of steps in the model's unit, and what a purchase within each counts.
        case purchases([(end: Double, worth: Double)])
        /// The probability of no purchase within a time, for k = 1.
        case noPurchase(within: Double)
    }

    let model: LifetimeModel
    let content: Content
    /// Where the ages' logarithm begins: the nearest singularity is as far behind 0.
    private let origin: Double

    private static let nodeCount = 16
    private static let panelWidth = 0.5

    init(_ model: LifetimeModel, _ content: Content) {
        self.model = model
        self.content = content
        origin = model.family == .paretoNBD ? min(model.alpha, model.parameters[3]) : model.alpha
    }

    /// The panel of an age, and the place in it, -1...1.
    func place(_ age: Double) -> (panel: Int, position: Double) {
        let scaled = Double.log(onePlus: age / origin) / Outlook.panelWidth
        let panel = min(scaled.rounded(.down), 1e6)
        return (Int(panel), 2 * (scaled - panel) - 1)
    }

    /// The interpolating polynomial of one panel.
    func curve(frequency: Double, stage: Int, panel: Int) -> ChebyshevSeries {
        ChebyshevSeries(nodeCount: Outlook.nodeCount) { position in
            let scaled = Outlook.panelWidth * (Double(panel) + 0.5 * (1 + position))
            return value(frequency: frequency, stage: stage, age: origin * Double.expMinusOne(scaled))
        }
    }

    /// The value itself, without interpolation.
    func value(frequency x: Double, stage: Int, age: Double) -> Double {
        let steps: [(end: Double, worth: Double)]
        switch content {
        case .noPurchase(let time): return model.frequencyTerms(x).noPurchaseOfTheLiving(age, age, time)
        case .purchases(let ends): steps = ends
        }
        var sum = 0.0
        var before = 0.0
        for step in steps {
            let purchases = purchases(frequency: x, stage: stage, age: age, within: step.end)
            sum += step.worth * (purchases - before)
            before = purchases
        }
        return sum
    }

    private func purchases(frequency x: Double, stage: Int, age: Double, within time: Double) -> Double {
        let family = model.family
        switch family {
        case .nbd: return (model.r + x) / (model.alpha + age) * time
        case .paretoNBD:
            let (s, whole) = (model.parameters[2], model.parameters[3] + age)
            let y = Double.log(onePlus: time / whole)
            return (model.r + x) / (model.alpha + age) * whole * y * decayMean((s - 1) * y)
        default:
            let parameters = BetaGeometricParameters(family, model.parameters)
            let process = PurchasesBeforeLeaving(
                a: parameters.a, b: parameters.b + family.dropoutChances(frequency: x),
                shape: parameters.shape(x) + Double(stage), regularity: family.regularity, stage: stage)
            return process.value(time / (parameters.alpha + age))
        }
    }
}

/// A polynomial on -1...1 by its Chebyshev coefficients.
struct ChebyshevSeries: Sendable {
    private let coefficients: [Double]

    /// Interpolates `function` at the zeros of the Chebyshev polynomial of degree `nodeCount`.
    init(nodeCount n: Int, _ function: (Double) -> Double) {
        let angles = (0..<n).map { Double.pi * (Double($0) + 0.5) / Double(n) }
        let values = angles.map { function(Double.cos($0)) }
        coefficients = (0..<n).map { k in
            let sum = zip(angles, values).reduce(0) { $0 + $1.1 * Double.cos(Double(k) * $1.0) }
            return sum * (k == 0 ? 1 : 2) / Double(n)
        }
    }

    /// Clenshaw's sum.
    func value(_ x: Double) -> Double {
        var (next, afterNext) = (0.0, 0.0)
        for coefficient in coefficients.dropFirst().reversed() {
            (next, afterNext) = (2 * x * next - afterNext + coefficient, next)
        }
        return x * next - afterNext + coefficients[0]
    }
}

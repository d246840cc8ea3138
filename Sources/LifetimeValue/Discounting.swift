import RealModule

/// How purchases to come are discounted: to which horizon, at which rate for which period, in which steps.
public struct Discounting: Equatable, Sendable {
    /// How far ahead purchases count.
    public let horizon: TimeSpan
    /// What a purchase loses in worth over one `period`: 0.1 for 10 %.
    public let rate: Double
    /// The period that the rate is for.
    public let period: TimeSpan
    /// Purchases within one step count at its end.
    public let step: TimeSpan

    /// - Throws: `invalidParameter` unless the rate is 0 or more and finite, period and step over 0, and the horizon is
    ///   at most 10,000 steps.
    public init(
        horizon: TimeSpan, rate: Double, period: TimeSpan, step: TimeSpan? = nil
    ) throws(LifetimeFitError) {
        let step = step ?? period
        func fail(_ name: String, _ problem: String, _ remedy: String) -> LifetimeFitError {
            LifetimeFitError(.invalidParameter(name: name), at: "discounting", problem, remedy: remedy)
        }
        guard rate >= 0 && rate < .infinity else {
            throw fail("rate", "the rate is \(rate), not a number of 0 or more", "write 10 % as 0.1")
        }
        guard period.value > 0 else { throw fail("period", "the rate's period is 0", "give the time the rate is for") }
        guard step.value > 0, horizon.value(in: step.unit) / step.value <= 10_000 else {
            throw fail("step", "the horizon is more than 10,000 steps", "use longer steps or a nearer horizon")
        }
        self.horizon = horizon
        self.rate = rate
        self.period = period
        self.step = step
    }

    /// The rate for another period that comes to the same.
    public func rate(for other: TimeSpan) -> Double {
        Double.expMinusOne(other.value(in: period.unit) / period.value * Double.log(onePlus: rate))
    }

    /// The ends of the steps in a unit, with the worth of a purchase there: (1 + rate)^-(end / period).
    ///
    /// The last step ends at the horizon and may be shorter.
    func steps(in unit: TimeUnit) -> [(end: Double, worth: Double)] {
        let end = horizon.value(in: unit)
        let length = step.value(in: unit)
        let periodLength = period.value(in: unit)
        let count = max(0, Int((end / length - 1e-9).rounded(.up)))
        return (0..<count).map { index in
            let time = index == count - 1 ? end : Double(index + 1) * length
            return (time, Double.exp(-time / periodLength * Double.log(onePlus: rate)))
        }
    }
}

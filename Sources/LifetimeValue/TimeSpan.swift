/// The unit that the times of a model are in. Months and years are mean ones, so that a length has one meaning.
public enum TimeUnit: String, CaseIterable, Codable, Hashable, Sendable {
    /// Seconds.
    case seconds
    /// Hours of 3,600 seconds.
    case hours
    /// Days of 24 hours.
    case days
    /// Weeks of 7 days.
    case weeks
    /// Mean Gregorian months: 365.2425 / 12 = 30.436875 days.
    case months
    /// Mean Gregorian years: 365.2425 days.
    case years

    /// The length in seconds, exact.
    public var seconds: Double {
        switch self {
        case .seconds: 1
        case .hours: 3_600
        case .days: 86_400
        case .weeks: 604_800
        case .months: 2_629_746
        case .years: 31_556_952
        }
    }
}

/// A length of time with its unit: what every horizon and period is given in, so that weeks never meet months unseen.
public struct TimeSpan: Codable, Hashable, Sendable {
    /// How many units, finite and 0 or more.
    public let value: Double
    /// The unit.
    public let unit: TimeUnit

    /// `value` units; finite and 0 or more.
    public init(_ value: Double, _ unit: TimeUnit) {
        precondition(value.isFinite && value >= 0, "time span \(value) is not finite and 0 or more")
        self.value = value
        self.unit = unit
    }

    /// The length in another unit; the number as it is if the unit is its own.
    public func value(in other: TimeUnit) -> Double {
        unit == other ? value : value * unit.seconds / other.seconds
    }
}

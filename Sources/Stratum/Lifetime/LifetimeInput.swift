public import LifetimeValue

/// What lifetime models are fitted to and applied to.
public enum LifetimeInput: Sendable, Equatable {
    /// Order lines; histories are made of them, times from days.
    case orders(OrderColumns)
    /// Ready histories, a row a customer.
    case histories(HistoryColumns)
}

/// Which columns of a table of purchase histories mean what.
public struct HistoryColumns: Sendable, Equatable {
    /// The column with the customer's id.
    public var id: String
    /// The column with x: purchases after the first.
    public var frequency: String
    /// The column with t_x: the age at the last purchase, 0 without a repeat purchase.
    public var recency: String
    /// The column with T: the age at the end of the observation.
    public var age: String
    /// The column with the mean spend of a repeat purchase; nil if there is none.
    public var meanSpend: String?
    /// The unit of the times; nil for that of the model, or weeks.
    public var timeUnit: TimeUnit?

    /// The columns of a table.
    public init(id: String, frequency: String, recency: String, age: String, meanSpend: String? = nil) {
        (self.id, self.frequency, self.recency, self.age) = (id, frequency, recency, age)
        self.meanSpend = meanSpend
    }
}

/// What is to be fitted.
public struct LifetimeSpecification: Sendable, Equatable {
    /// What decides between several models.
    public enum Criterion: String, Sendable, CaseIterable {
        /// Schwarz's criterion, the smallest.
        case bic
        /// The root mean squared error of the purchases after the calibration, the smallest.
        case holdOut = "hold-out"
    }

    /// How the spend of a purchase is told.
    public enum SpendModel: String, Sendable, CaseIterable {
        /// By customer; one mean for all where that model does not hold, which is said.
        case gammaGamma = "gamma-gamma"
        /// One mean for all customers with repeat purchases.
        case mean
        /// Not at all.
        case none
    }

    /// The models to fit; of several one is chosen.
    public var families: [LifetimeFamily] = [.mbgNBD]
    /// What decides between them.
    public var criterion = Criterion.bic
    /// How the spend is told; where the input has no spend, not at all.
    public var spend = SpendModel.gammaGamma
    /// The unit of the model's times; histories of a table are brought to it.
    public var timeUnit = TimeUnit.weeks
    /// The last day that is learned from, in days since 1970; nil for all days up to the as-of day.
    public var calibrationEnd: Int?

    /// MBG/NBD in weeks, with the gamma-gamma model of spend.
    public init() {}
}

/// What is to be predicted.
public struct LifetimePrediction: Sendable, Equatable {
    /// How far ahead.
    public var horizon: TimeSpan
    /// What a purchase loses in worth over a period; 0 for nothing.
    public var discountRate = 0.0
    /// The period that the rate is for.
    public var discountPeriod = TimeSpan(1, .years)
    /// The share of the spend that is earned.
    public var margin = 1.0

    /// Undiscounted revenue within a horizon.
    public init(horizon: TimeSpan) { self.horizon = horizon }

    /// Purchases within a week count at its end, those of horizons over 10 years within a month.
    ///
    /// - Throws: `LifetimeFitError` of kind `invalidParameter`.
    func discounting() throws(LifetimeFitError) -> Discounting {
        let step: TimeUnit = horizon.value(in: .years) > 10 ? .months : .weeks
        return try Discounting(
            horizon: horizon, rate: discountRate, period: discountPeriod, step: TimeSpan(1, step))
    }
}

import Indicators
public import LifetimeValue
import TableIO

extension Plan {
    /// An input of order lines: what its columns mean, and what is made of them.
    ///
    /// A plan of such an input names as columns the indicators of `stratum indicators --history`, and those of
    /// `Lifetime` and of `RFM` if it has them.
    public struct Orders: Equatable, Sendable {
        /// The columns, as in the plan; the id's is the input's.
        public var columns: OrderColumns
        /// What is told of each customer's future; nil for nothing.
        public var lifetime: Lifetime?
        /// How customers are scored by recency, frequency and monetary value; nil for not at all.
        public var rfm: RFM?

        /// Orders with these columns.
        public init(_ columns: OrderColumns, lifetime: Lifetime? = nil, rfm: RFM? = nil) {
            self.columns = columns
            self.lifetime = lifetime
            self.rfm = rfm
        }
    }

    /// How customers' future is told from their purchases: a model of when they buy, one of what they spend, and what
    /// the purchases to come are worth today.
    public struct Lifetime: Equatable, Sendable {
        /// Which model of purchases is fitted.
        public enum Choice: Equatable, Sendable {
            /// This one.
            case family(LifetimeFamily)
            /// The one of `ModelChoice.defaultFamilies` with the smallest BIC.
            case auto
        }

        /// What becomes of a run whose model cannot be fitted.
        public enum FailureRule: String, CaseIterable, Sendable {
            /// It ends with the reason.
            case stop
            /// The columns of the future are missing for all customers, with a warning.
            case leaveMissing
        }

        /// Which model of purchases is fitted.
        public var model: Choice
        /// The unit of the model's times; it changes no prediction.
        public var timeUnit: TimeUnit
        /// How far ahead purchases count, over 0.
        public var horizon: TimeSpan
        /// What a purchase loses in worth over `discountPeriod`, 0 or more: 0.1 for 10 %.
        public var discountRate: Double
        /// The period that the rate is for.
        public var discountPeriod: TimeSpan
        /// The share of the spend that is earned, over 0 and at most 1.
        public var margin: Double
        /// What becomes of a run whose model cannot be fitted.
        public var whenItFails: FailureRule

        /// MBG/NBD in weeks, a year ahead, 10 % a year, all of the spend.
        public init(
            model: Choice = .family(.mbgNBD), timeUnit: TimeUnit = .weeks, horizon: TimeSpan = TimeSpan(1, .years),
            discountRate: Double = 0.1, discountPeriod: TimeSpan = TimeSpan(1, .years), margin: Double = 1,
            whenItFails: FailureRule = .stop
        ) {
            self.model = model
            self.timeUnit = timeUnit
            self.horizon = horizon
            self.discountRate = discountRate
            self.discountPeriod = discountPeriod
            self.margin = margin
            self.whenItFails = whenItFails
        }

        /// The columns that a fit adds to the indicators, in this order.
        public static let columnNames = [
            "probability_alive", "expected_purchases", "expected_average_spend", "discounted_lifetime_value",
        ]

        /// Purchases count at the end of the month they fall into.
        func discounting() throws(LifetimeFitError) -> Discounting {
            try Discounting(
                horizon: horizon, rate: discountRate, period: discountPeriod, step: TimeSpan(1, .months))
        }
    }
}

extension Plan.Input {
    /// The order log's columns by the names in its header, with the history of lifetime models; nil for an input of
    /// customers.
    public var orderColumns: OrderColumns? {
        guard var columns = orders?.columns else { return nil }
        columns.id = headerName(of: id)
        columns.date = headerName(of: columns.date)
        columns.amount = columns.amount.map(headerName)
        columns.price = columns.price.map(headerName)
        columns.quantity = columns.quantity.map(headerName)
        columns.order = columns.order.map(headerName)
        columns.product = columns.product.map(headerName)
        columns.category = columns.category.map(headerName)
        columns.channel = columns.channel.map(headerName)
        columns.refundMark = columns.refundMark.map(headerName)
        columns.hasHistory = true
        return columns
    }
}

extension Plan.Orders {
    /// The columns of the log that the plan names, beside the id's.
    var logColumns: [String] {
        [columns.date]
            + [
                columns.amount, columns.price, columns.quantity, columns.order, columns.product, columns.category,
                columns.channel, columns.refundMark,
            ].compactMap(\.self)
    }

    /// The columns that each customer has.
    var customerColumns: [String] {
        var columns = columns
        columns.hasHistory = true
        return columns.specification(asOf: 0).columns(of: columns.layout).map(\.name)
            + (lifetime == nil ? [] : Plan.Lifetime.columnNames) + (rfm == nil ? [] : Plan.RFM.columnNames)
    }
}

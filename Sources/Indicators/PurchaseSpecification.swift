public import Tables

/// Which purchases the models of repeat buying are told of.
///
/// A purchase is a day with at least one purchase line (an amount that is not negative): lines of one calendar day
/// count once, so that no time between purchases is 0. Refunds are no purchases; they are taken off the spend of the
/// period that their day lies in.
public struct PurchaseSpecification: Sendable, Equatable {
    /// The last day that a model learns from, in days since 1970; ages end there.
    public var calibrationEnd: Int
    /// The last day of all; purchases after the calibration up to it are counted apart.
    public var observationEnd: Int
    /// Whether refunds are taken off the spend.
    public var isNet = true
    /// The last days of the calibration, of which repeat purchases are told apart too; 0 for none.
    public var lastPeriodDayCount = 0

    /// Net of refunds; `calibrationEnd` is not after `observationEnd`.
    public init(calibrationEnd: Int, observationEnd: Int) {
        precondition(
            calibrationEnd <= observationEnd, "calibration to day \(calibrationEnd), observation to \(observationEnd)")
        self.calibrationEnd = calibrationEnd
        self.observationEnd = observationEnd
    }
}

/// The purchases of some customers in rising order of their ids; times in days.
public struct PurchaseChunk: Sendable {
    /// The ids of all customers of the chunk.
    public let identifiers: Identifiers
    /// Which of them have a purchase in the calibration, rising; the arrays below are of these.
    public private(set) var rows: [UInt32] = []
    /// x: days with a purchase, after the first.
    public private(set) var frequencies: [Int32] = []
    /// t_x: days from the first to the last purchase.
    public private(set) var recencies: [Int32] = []
    /// T: days from the first purchase to the end of the calibration.
    public private(set) var ages: [Int32] = []
    /// The spend after the day of the first purchase, over the frequency; 0 where that is 0.
    public private(set) var meanSpends: [Double] = []
    /// Days with a purchase after the calibration.
    public private(set) var laterPurchases: [Int32] = []
    /// The spend after the calibration.
    public private(set) var laterSpends: [Double] = []
    /// Days with a repeat purchase in the last days of the calibration.
    public private(set) var lastPurchases: [Int32] = []
    /// The spend in these days, that on the day of the first purchase left out.
    public private(set) var lastSpends: [Double] = []
    /// How often each number of days lies between two purchases of a customer.
    public private(set) var intervals = IntervalCounts()

    init(identifiers: Identifiers) { self.identifiers = identifiers }

    /// What one customer's rows say.
    struct Purchases {
        var firstDay = 0
        var lastDay = 0
        var dayCount = 0
        var repeatSpend = 0.0
        var laterDayCount = 0
        var laterSpend = 0.0
        var lastDayCount = 0
        var lastSpend = 0.0
    }

    mutating func append(_ purchases: Purchases, row: Int, _ specification: PurchaseSpecification) {
        let repeats = purchases.dayCount - 1
        rows.append(UInt32(row))
        frequencies.append(Int32(repeats))
        recencies.append(Int32(clamping: purchases.lastDay - purchases.firstDay))
        ages.append(Int32(clamping: specification.calibrationEnd - purchases.firstDay))
        meanSpends.append(repeats > 0 ? purchases.repeatSpend / Double(repeats) : 0)
        laterPurchases.append(Int32(purchases.laterDayCount))
        laterSpends.append(purchases.laterSpend)
        lastPurchases.append(Int32(purchases.lastDayCount))
        lastSpends.append(purchases.lastSpend)
    }

    mutating func noteInterval(_ days: Int) { intervals.note(days) }
}

/// How often each length of time between purchases occurs, in days: what all their logarithms can be summed up from,
/// in an order that depends on no customer.
public struct IntervalCounts: Sendable, Equatable {
    private static let smallLimit = 1_024
    private var small = [Int](repeating: 0, count: smallLimit)
    private var large: [Int: Int] = [:]

    /// None.
    public init() {}

    mutating func note(_ days: Int) {
        if days < Self.smallLimit { small[days] += 1 } else { large[days, default: 0] += 1 }
    }

    /// Adds those of others.
    public mutating func combine(_ others: IntervalCounts) {
        for days in small.indices { small[days] += others.small[days] }
        large.merge(others.large, uniquingKeysWith: +)
    }

    /// The lengths that occur, rising, with their numbers.
    public var counts: [(days: Int, count: Int)] {
        small.enumerated().filter { $1 > 0 }.map { ($0, $1) }
            + large.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

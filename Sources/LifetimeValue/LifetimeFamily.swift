/// The models of repeat purchases without contracts.
///
/// All but Pareto/NBD and BG/BB share one story: a customer buys at a rate lambda that varies as gamma(r, alpha) over customers
/// and leaves after a purchase with a probability p that varies as beta(a, b).
public enum LifetimeFamily: Codable, Hashable, Sendable, CustomStringConvertible {
    /// Nobody leaves (Ehrenberg 1959).
    case nbd
    /// Customers leave at any time, at a rate that varies as gamma(s, beta) (Schmittlein, Morrison and Colombo 1987).
    case paretoNBD
    /// Customers leave after a repeat purchase (Fader, Hardie and Lee 2005): every one-time buyer is alive.
    case bgNBD
    /// Customers leave after a purchase, the first one included (Batislam, Denizel and Filiztekin 2007). The default.
    case mbgNBD
    /// BG/NBD with Erlang-k times between purchases, k in 2...12: regular buyers (Platzer and Reutterer 2016).
    case bgCNBD(k: Int)
    /// MBG/NBD with Erlang-k times between purchases, k in 2...12 (Platzer and Reutterer 2016).
    case mbgCNBD(k: Int)
    /// Customers buy or not at each of a number of opportunities (Fader, Hardie and Shang 2010): the only model of
    /// discrete time, whose likelihood compares with no other's. One time unit is one opportunity; see
    /// `BetaGeometricBetaBernoulli`.
    case bgBB

    /// The k of Erlang times, 1 for exponential ones.
    public var regularity: Int {
        switch self {
        case .nbd, .paretoNBD, .bgNBD, .mbgNBD, .bgBB: 1
        case .bgCNBD(let k), .mbgCNBD(let k): k
        }
    }

    /// The parameters' names in the order of `LifetimeModel.parameters`, as in the papers.
    public var parameterNames: [String] {
        switch self {
        case .nbd: ["r", "alpha"]
        case .paretoNBD: ["r", "alpha", "s", "beta"]
        case .bgBB: BetaGeometricBetaBernoulli.parameterNames
        default: ["r", "alpha", "a", "b"]
        }
    }

    /// The model's name in the literature.
    public var description: String {
        switch self {
        case .nbd: "NBD"
        case .paretoNBD: "Pareto/NBD"
        case .bgNBD: "BG/NBD"
        case .mbgNBD: "MBG/NBD"
        case .bgCNBD(let k): "BG/CNBD-\(k)"
        case .mbgCNBD(let k): "MBG/CNBD-\(k)"
        case .bgBB: "BG/BB"
        }
    }

    /// Parameters that BIC counts: k is one where it is chosen.
    public var freeParameterCount: Int { parameterNames.count + (regularity > 1 ? 1 : 0) }

    /// Which parameters are times, and so scale with the unit.
    var timeParameters: [Int] { self == .paretoNBD ? [1, 3] : self == .bgBB ? [] : [1] }

    /// Chances to leave before the last purchase: x, one more where the first purchase is one.
    func dropoutChances(frequency x: Double) -> Double {
        switch self {
        case .mbgNBD, .mbgCNBD: x + 1
        default: x
        }
    }
}

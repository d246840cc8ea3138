/// A model of repeat purchases with its parameters and its unit of time.
public struct LifetimeModel: Equatable, Sendable {
    /// Which model.
    public let family: LifetimeFamily
    /// As named by `family.parameterNames`; all finite and over 0.
    public let parameters: [Double]
    /// The unit that histories are in and that `alpha` (and `beta` of Pareto/NBD) is in; of BG/BB one opportunity.
    public let timeUnit: TimeUnit

    /// A model with given parameters.
    ///
    /// - Throws: `invalidParameter` if there are too many or too few, one is not over 0 and below 1e100, or k is not in
    ///   2...12.
    public init(_ family: LifetimeFamily, parameters: [Double], timeUnit: TimeUnit) throws(LifetimeFitError) {
        func fail(_ name: String, _ problem: String) -> LifetimeFitError {
            LifetimeFitError(
                .invalidParameter(name: name), at: "\(family)", problem,
                remedy: "fit the model, or give its parameters \(family.parameterNames.joined(separator: ", "))")
        }
        let names = family.parameterNames
        guard parameters.count == names.count else {
            throw fail("", "\(parameters.count) parameters where there are \(names.count)")
        }
        for (name, value) in zip(names, parameters) where !(value > 1e-100 && value < 1e100) {
            throw fail(name, "\(name) is \(value), not a number over 0 and below 1e100")
        }
        switch family {
        case .bgCNBD(let k), .mbgCNBD(let k):
            guard (2...12).contains(k) else { throw fail("k", "k is \(k), not in 2...12") }
        default: break
        }
        self.init(unchecked: family, parameters, timeUnit)
    }

    init(unchecked family: LifetimeFamily, _ parameters: [Double], _ timeUnit: TimeUnit) {
        self.family = family
        self.parameters = parameters
        self.timeUnit = timeUnit
    }

    /// BG/BB by itself; nil for the models of continuous time.
    var opportunities: BetaGeometricBetaBernoulli? {
        family == .bgBB ? BetaGeometricBetaBernoulli(unchecked: parameters) : nil
    }

    var r: Double { parameters[0] }
    var alpha: Double { parameters[1] }
}

extension LifetimeModel: Codable {
    private enum Key: String, CodingKey {
        case family, k, parameters, timeUnit
    }

    private static let plainFamilies: [(name: String, family: LifetimeFamily)] = [
        ("nbd", .nbd), ("paretoNBD", .paretoNBD), ("bgNBD", .bgNBD), ("mbgNBD", .mbgNBD),
        ("bgBB", .bgBB),
    ]

    /// Reads what `encode(to:)` writes, checked as by `init(_:parameters:timeUnit:)`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let name = try container.decode(String.self, forKey: .family)
        let family: LifetimeFamily
        switch name {
        case "bgCNBD": family = .bgCNBD(k: try container.decode(Int.self, forKey: .k))
        case "mbgCNBD": family = .mbgCNBD(k: try container.decode(Int.self, forKey: .k))
        default:
            guard let plain = LifetimeModel.plainFamilies.first(where: { $0.name == name }) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .family, in: container, debugDescription: "no model is named \(name)")
            }
            family = plain.family
        }
        try self.init(
            family, parameters: try container.decode([Double].self, forKey: .parameters),
            timeUnit: try container.decode(TimeUnit.self, forKey: .timeUnit))
    }

    /// `family` by name, `k` where it has one, `parameters` in the order of their names, `timeUnit`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch family {
        case .bgCNBD(let k):
            try container.encode("bgCNBD", forKey: .family)
            try container.encode(k, forKey: .k)
        case .mbgCNBD(let k):
            try container.encode("mbgCNBD", forKey: .family)
            try container.encode(k, forKey: .k)
        default:
            let name = LifetimeModel.plainFamilies.first { $0.family == family }?.name
            try container.encode(name ?? "", forKey: .family)
        }
        try container.encode(parameters, forKey: .parameters)
        try container.encode(timeUnit, forKey: .timeUnit)
    }
}

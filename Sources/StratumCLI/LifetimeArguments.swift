import ArgumentParser
import LifetimeValue
import Stratum

/// `--model` and `--models`: models by their names, or `auto` for several that are compared.
struct FamiliesArgument: Equatable, ExpressibleByArgument {
    let families: [LifetimeFamily]

    private static let plain: [(name: String, family: LifetimeFamily)] = [
        ("nbd", .nbd), ("pareto-nbd", .paretoNBD), ("bg-nbd", .bgNBD), ("mbg-nbd", .mbgNBD), ("bg-bb", .bgBB),
    ]

    /// Whether it is the model of contracts, which has no family.
    var isOfContracts: Bool { families.isEmpty }

    /// What the help calls them.
    let defaultValueDescription: String

    init(_ families: [LifetimeFamily], named name: String) {
        self.families = families
        defaultValueDescription = name
    }

    init?(argument: String) {
        defaultValueDescription = argument
        if argument == "auto" {
            families = ModelChoice.defaultFamilies
            return
        }
        if argument == "sbg" {
            families = []
            return
        }
        var families: [LifetimeFamily] = []
        for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let family = Self.family(String(name)), !families.contains(family) else { return nil }
            families.append(family)
        }
        // The likelihood of opportunities compares with no other.
        if families.count > 1, families.contains(.bgBB) { return nil }
        self.families = families
    }

    private static func family(_ name: String) -> LifetimeFamily? {
        if let known = plain.first(where: { $0.name == name }) { return known.family }
        func regularity(after prefix: String) -> Int? {
            guard name.hasPrefix(prefix), let k = Int(name.dropFirst(prefix.count)), (2...12).contains(k) else {
                return nil
            }
            return k
        }
        if let k = regularity(after: "bg-cnbd-") { return .bgCNBD(k: k) }
        return regularity(after: "mbg-cnbd-").map { .mbgCNBD(k: $0) }
    }
}

/// A length of time: `52w`, `12mo`, `90d`, `1y`; units also in full.
struct SpanArgument: Equatable, ExpressibleByArgument {
    let span: TimeSpan

    init?(argument: String) {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        guard let value = decimal(digits), value.isFinite,
            let unit = TimeUnit(word: argument.dropFirst(digits.count).drop { $0 == " " })
        else { return nil }
        span = TimeSpan(value, unit)
    }
}

/// What a purchase loses in worth over a period: `10%/year`, `0.01/month`.
struct RateArgument: Equatable, ExpressibleByArgument {
    let rate: Double
    let period: TimeSpan

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let unit = TimeUnit(word: parts[1]) else { return nil }
        let isPercent = parts[0].hasSuffix("%")
        guard let value = decimal(isPercent ? parts[0].dropLast() : parts[0]), value < 1e6 else { return nil }
        rate = isPercent ? value / 100 : value
        period = TimeSpan(1, unit)
    }
}

/// `--time-unit`.
struct TimeUnitArgument: Equatable, ExpressibleByArgument {
    static let allValueStrings = ["day", "week", "month", "year"]
    let unit: TimeUnit

    init?(argument: String) {
        guard Self.allValueStrings.contains(argument), let unit = TimeUnit(word: argument[...]) else { return nil }
        self.unit = unit
    }
}

/// `--margin`: a share such as `30%` or `0.3`.
struct MarginArgument: Equatable, ExpressibleByArgument {
    let share: Double

    init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        guard let value = decimal(isPercent ? argument.dropLast() : argument[...]) else { return nil }
        share = isPercent ? value / 100 : value
        guard share <= 1 else { return nil }
    }
}

extension TimeUnit {
    /// A unit by its word; `m` alone could be minutes, and is none.
    fileprivate init?(word: Substring) {
        switch word {
        case "d", "day", "days": self = .days
        case "w", "week", "weeks": self = .weeks
        case "mo", "month", "months": self = .months
        case "y", "year", "years": self = .years
        default: return nil
        }
    }
}

extension LifetimeFitError.Kind {
    /// Data without what models learn from are the data's fault; without a maximum the model is the wrong one for them.
    var status: ExitStatus {
        switch self {
        case .invalidParameter: .usage
        case .invalidHistory, .noCustomers, .noRepeatPurchases: .input
        case .boundary, .notDetermined, .notConverged: .model
        }
    }
}

/// `--choose`.
struct ModelCriterionArgument: Equatable, ExpressibleByArgument {
    static let allValueStrings = LifetimeSpecification.Criterion.allCases.map(\.rawValue)
    let criterion: LifetimeSpecification.Criterion

    init(_ criterion: LifetimeSpecification.Criterion) { self.criterion = criterion }

    init?(argument: String) {
        guard let criterion = LifetimeSpecification.Criterion(rawValue: argument) else { return nil }
        self.criterion = criterion
    }

    var defaultValueDescription: String { criterion.rawValue }
}

/// `--spend`.
struct SpendArgument: Equatable, ExpressibleByArgument {
    static let allValueStrings = LifetimeSpecification.SpendModel.allCases.map(\.rawValue)
    let model: LifetimeSpecification.SpendModel

    init(_ model: LifetimeSpecification.SpendModel) { self.model = model }

    init?(argument: String) {
        guard let model = LifetimeSpecification.SpendModel(rawValue: argument) else { return nil }
        self.model = model
    }

    var defaultValueDescription: String { model.rawValue }
}

import Reports
import Tiers

extension Plan {
    /// Customers who cost more than they bring: a class of their own, not the end of the ranking.
    public struct Negative: Equatable, Sendable {
        /// The class's name.
        public var name: String
        /// A column such as the margin after the cost to serve.
        public var column: String
        /// Customers with a smaller value are in the class.
        public var below: Double

        /// A class of negative value.
        public init(name: String = "loss-making", column: String, below: Double = 0) {
            self.name = name
            self.column = column
            self.below = below
        }
    }

    /// Customers who do not pay what they owe.
    public struct BadDebt: Equatable, Sendable {
        /// The class's name.
        public var name: String
        /// A column such as the amount overdue.
        public var column: String
        /// Customers with a larger value are in the class.
        public var above: Double
        /// What must hold too, such as days overdue; nil for nothing.
        public var days: Days?

        /// For how long something must be overdue.
        public struct Days: Equatable, Sendable {
            /// A column of days.
            public var column: String
            /// More days than these.
            public var above: Double

            /// A number of days.
            public init(column: String, above: Double) {
                self.column = column
                self.above = above
            }
        }

        /// A class of bad debt.
        public init(name: String = "bad debt", column: String, above: Double = 0, days: Days? = nil) {
            self.name = name
            self.column = column
            self.above = above
            self.days = days
        }
    }

    /// What the shares of a hybrid method are of.
    public enum ShareBase: String, CaseIterable, Sendable {
        /// The ranked customers in none of the bands above.
        case rest
        /// All ranked customers.
        case all
    }
}

extension Plan.Negative {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["name", "column", "below"])
        self.init(column: try fields.required("column").text())
        if let reader = fields["name"] { name = try reader.text() }
        if let reader = fields["below"] { below = try reader.number() }
    }

    var json: JSONValue { ["name": .text(name), "column": .text(column), "below": .number(below)] }
}

extension Plan.BadDebt {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["name", "column", "above", "days"])
        self.init(column: try fields.required("column").text())
        if let reader = fields["name"] { name = try reader.text() }
        if let reader = fields["above"] { above = try reader.number() }
        if let fields = try fields["days"]?.fields(["column", "above"]) {
            days = Days(column: try fields.required("column").text(), above: try fields.required("above").number())
        }
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .text(name)), .init("column", .text(column)), .init("above", .number(above)),
        ]
        if let days { members.append(.init("days", ["column": .text(days.column), "above": .number(days.above)])) }
        return .object(members)
    }
}

extension Hysteresis {
    init(_ reader: PlanReader) throws(PlanError) {
        if !reader.isScalar {
            self = .share(try reader.fields(["share"]).required("share").number(allowsPercent: true))
        } else if try reader.text().utf8.last == UInt8(ascii: "%") {
            self = .share(try reader.number(allowsPercent: true))
        } else {
            self = .units(try reader.number())
        }
    }

    /// A share without a percent sign would be a number of units.
    var json: JSONValue {
        switch self {
        case .units(let units): .number(units)
        case .share(let share): ["share": .number(share)]
        }
    }
}

extension Plan.Tiers {
    /// Reads what there is beside the tiers themselves.
    mutating func readLayers(_ fields: PlanFields) throws(PlanError) {
        if let reader = fields["sharesOf"] { sharesOf = try reader.word(Plan.ShareBase.self) }
        if let reader = fields["perGroup"] { perGroup = try reader.text() }
        if let reader = fields["hysteresis"] { hysteresis = try Hysteresis(reader) }
        if let reader = fields["negative"] { negative = try Plan.Negative(reader) }
        if let reader = fields["badDebt"] { badDebt = try Plan.BadDebt(reader) }
    }

    /// The keys that `readLayers` reads.
    static let layerKeys = ["sharesOf", "perGroup", "hysteresis", "negative", "badDebt"]

    var layerMembers: [JSONValue.Member] {
        [
            perGroup.map { .init("perGroup", .text($0)) }, hysteresis.map { .init("hysteresis", $0.json) },
            negative.map { .init("negative", $0.json) }, badDebt.map { .init("badDebt", $0.json) },
        ].compactMap(\.self)
    }

    /// The columns that take customers out of the ranking.
    var layerColumns: [String] {
        [inactive?.column, potential?.column, negative?.column, badDebt?.column, badDebt?.days?.column]
            .compactMap(\.self)
    }
}

extension Plan {
    /// Refuses layers, groups and margins that cannot be meant; names are checked with the tiers'.
    func checkTierLayers() throws(PlanError) {
        if let negative = tiers.negative {
            try checkName(negative.column, at: "tiers.negative.column")
            try checkFinite(negative.below, at: "tiers.negative.below")
        }
        if let badDebt = tiers.badDebt {
            try checkName(badDebt.column, at: "tiers.badDebt.column")
            try checkFinite(badDebt.above, at: "tiers.badDebt.above")
            if let days = badDebt.days {
                try checkName(days.column, at: "tiers.badDebt.days.column")
                try checkFinite(days.above, at: "tiers.badDebt.days.above")
            }
        }
        if let group = tiers.perGroup {
            try checkName(group, at: "tiers.perGroup")
            if group.utf8.elementsEqual(input.id.utf8) {
                throw PlanError(
                    .conflict, at: "tiers.perGroup", nil, problem: "the ids are no groups",
                    remedy: "name a column such as a region or a line of business")
            }
        }
        switch tiers.hysteresis {
        case .units(let units):
            try checkFinite(units, at: "tiers.hysteresis")
            if units < 0 { throw invalid("tiers.hysteresis", "a negative margin", remedy: "give 0 or more") }
        case .share(let share):
            if !(0...1).contains(share) {
                throw invalid("tiers.hysteresis", "a margin of more than the cut-off", remedy: "give 0% to 100%")
            }
        case nil: break
        }
        if tiers.sharesOf != nil, tierMethod != .hybrid {
            throw PlanError(
                .conflict, at: "tiers.sharesOf", nil,
                problem: "the method \(tierMethod.rawValue) has no shares beside bands",
                remedy: "drop the key, or give some tiers atLeast and others share")
        }
    }

    /// Refuses a mix of bands and shares that is not one part bands and one part shares.
    func checkHybrid() throws(PlanError) {
        let list = tiers.tiers
        let isBand = list.map { if case .atLeast = $0.extent { true } else { false } }
        let isShare = list.map { if case .share = $0.extent { true } else { false } }
        guard isBand.contains(true), isShare.contains(true) else {
            throw PlanError(
                .conflict, at: "tiers.method", nil, problem: "a hybrid needs bands and shares",
                remedy: "give some tiers atLeast and others share, or choose another method")
        }
        let kinds = zip(isBand, isShare).filter { $0 || $1 }.map(\.0)
        if zip(kinds, kinds.dropFirst()).count(where: { $0 != $1 }) > 1 {
            throw PlanError(
                .conflict, at: "tiers.tiers", nil, problem: "bands and shares take turns",
                remedy: "list all bands first and then the shares, or all shares first and then the bands")
        }
        var (last, sum) = (Double.infinity, 0.0)
        for (index, tier) in list.enumerated() {
            let path = "tiers.tiers[\(index)]"
            switch tier.extent {
            case .atLeast(let bound):
                try checkFinite(bound, at: "\(path).atLeast")
                if bound >= last {
                    throw invalid(
                        "\(path).atLeast", "\(shortestText(bound)) is not below the tier before",
                        remedy: "list the tiers from the best to the least")
                }
                last = bound
            case .share(let share):
                if !(share >= 0 && share <= 1) {
                    throw invalid("\(path).share", "\(shortestText(share)) is no share", remedy: "give 0% to 100%")
                }
                sum += share
            default: break
            }
        }
        let hasRest = list.last?.extent == .rest
        let sumsToOne = abs(sum - 1) <= 1e-9
        let base = tiers.sharesOf ?? (isBand[0] ? .rest : .all)
        if !isBand[0], base == .rest {
            throw PlanError(
                .conflict, at: "tiers.sharesOf", nil, problem: "shares above bands are shares of all customers",
                remedy: "use sharesOf: all, or list the bands first")
        }
        if sum > 1 + 1e-9 {
            throw invalid(
                "tiers.tiers", "the shares sum to \(significantText(sum * 100, digits: 9)) %",
                remedy: "let them sum to 100 % at most")
        }
        if !hasRest, !(isBand[0] && base == .rest && sumsToOne) {
            throw invalid(
                "tiers.tiers[\(list.count - 1)]", "customers may be left in no tier",
                remedy: "add a last tier without atLeast and share for the rest")
        }
    }

    /// The rule of a hybrid that was checked.
    var hybridRule: TierSpecification.Rule {
        var (bounds, shares): ([Double], [Double]) = ([], [])
        var isBandFirst = false
        for (index, tier) in tiers.tiers.enumerated() {
            switch tier.extent {
            case .atLeast(let bound):
                bounds.append(bound)
                if index == 0 { isBandFirst = true }
            case .share(let share): shares.append(share)
            default: break
            }
        }
        guard isBandFirst else { return .sharesThenBands(shares: shares, bounds: bounds) }
        // The last tier is the rest of the rest, whether its share is stated or not.
        shares.removeLast(max(0, bounds.count + shares.count - (tiers.tiers.count - 1)))
        return .bandsThenShares(bounds: bounds, shares: shares, of: tiers.sharesOf == .all ? .all : .rest)
    }
}

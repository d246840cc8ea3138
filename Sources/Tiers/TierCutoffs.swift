/// The tiers as plain numbers: what a model keeps, and what tells a value's tier.
///
/// A tier is a byte: 0 is the best; the codes after the last tier are those of the layers outside the ranking, in the
/// order of `Standing`; 255 is a customer without a value.
public struct TierCutoffs: Codable, Equatable, Sendable {
    /// The tiers' names, best first.
    public let names: [String]
    /// For each tier but the last the least value in it, falling; nil for a tier that nobody reaches.
    public let lowerBounds: [Double?]
    /// The name of the inactive layer.
    public let inactiveName: String?
    /// The name of the potential layer.
    public let potentialName: String?
    /// The name of the layer of negative value.
    public let negativeName: String?
    /// The name of the layer of bad debt.
    public let badDebtName: String?
    /// The cut-offs of groups that have their own; nil where all customers share those above.
    public let groups: GroupCutoffs?

    /// Cut-offs from a model.
    public init(
        names: [String], lowerBounds: [Double?], inactiveName: String? = nil, potentialName: String? = nil,
        negativeName: String? = nil, badDebtName: String? = nil, groups: GroupCutoffs? = nil
    ) {
        precondition(lowerBounds.count == names.count - 1, "\(lowerBounds.count) bounds for \(names.count) tiers")
        self.names = names
        self.lowerBounds = lowerBounds
        self.inactiveName = inactiveName
        self.potentialName = potentialName
        self.negativeName = negativeName
        self.badDebtName = badDebtName
        self.groups = groups
    }

    /// Cut-offs with the names of a specification.
    init(_ specification: TierSpecification, lowerBounds: [Double?], groups: GroupCutoffs?) {
        self.init(
            names: specification.names, lowerBounds: lowerBounds, inactiveName: specification.inactiveName,
            potentialName: specification.potentialName, negativeName: specification.negativeName,
            badDebtName: specification.badDebtName, groups: groups)
    }

    /// The names of a specification, without cut-offs.
    public init(names specification: TierSpecification) {
        self.init(specification, lowerBounds: specification.names.dropFirst().map { _ in nil }, groups: nil)
    }

    /// The code of customers outside the activity window.
    public var inactiveCode: UInt8 { UInt8(names.count) }
    /// The code of customers who have not bought yet.
    public var potentialCode: UInt8 { UInt8(names.count + 1) }
    /// The code of customers who cost more than they bring.
    public var negativeCode: UInt8 { UInt8(names.count + 2) }
    /// The code of customers who do not pay what they owe.
    public var badDebtCode: UInt8 { UInt8(names.count + 3) }
    /// The code of customers who cannot be ranked for want of a value.
    public static let unrankedCode: UInt8 = 255

    /// All codes that have a name, best first, the layers outside the ranking after the tiers.
    public var namedCodes: [UInt8] {
        (UInt8(0)...badDebtCode).filter { name(of: $0) != nil }
    }

    /// The name of a tier or layer; nil for `unrankedCode` and codes that do not occur.
    public func name(of code: UInt8) -> String? {
        if Int(code) < names.count { return names[Int(code)] }
        switch code {
        case inactiveCode: return inactiveName
        case potentialCode: return potentialName
        case negativeCode: return negativeName
        case badDebtCode: return badDebtName
        default: return nil
        }
    }

    /// The cut-offs of a group alone; nil if it has none of its own.
    ///
    /// - Complexity: O(log groups)
    public func own(of group: [UInt8]) -> TierCutoffs? {
        groups?.index(of: group).map { place in
            TierCutoffs(
                names: names, lowerBounds: groups?.groups[place].lowerBounds ?? lowerBounds, inactiveName: inactiveName,
                potentialName: potentialName, negativeName: negativeName, badDebtName: badDebtName)
        }
    }

    /// The tier of a value; `unrankedCode` for NaN.
    ///
    /// - Complexity: O(number of tiers)
    public func tier(of value: Double) -> UInt8 {
        if value.isNaN { return Self.unrankedCode }
        var tier: UInt8 = 0
        for bound in lowerBounds where value < (bound ?? .infinity) { tier += 1 }
        return tier
    }

    /// The code of a customer: that of the layer outside the ranking, or the tier of the value.
    public func tier(of value: Double, standing: Standing) -> UInt8 {
        switch standing {
        case .active: tier(of: value)
        case .inactive: inactiveCode
        case .potential: potentialCode
        case .negative: negativeCode
        case .badDebt: badDebtCode
        }
    }
}

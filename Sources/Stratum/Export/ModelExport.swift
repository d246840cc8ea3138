import Scoring
import Tiers
import VectorMath

/// A model as text for other systems: a `SELECT` in SQL, or a file in C.
///
/// Both give the dimension scores, the score, the tier and the number of missing values of a customer, in the order of
/// operations of the engine. What is not told, `leftBehind` names.
public struct ModelExport: Sendable {
    let model: Model
    /// The columns that are needed, as places in the plan's columns: those of the indicators and of the tiers.
    let columns: [Int]
    /// For each indicator its place in `columns`.
    let indicatorPlaces: [Int]
    /// The places in `columns` of what customers are ranked by and taken out by; nil where that is not needed.
    let rankingPlace: Int?
    let inactivePlace: Int?
    let potentialPlace: Int?
    let negativePlace: Int?
    let badDebtPlace: Int?
    let overdueDaysPlace: Int?

    /// An export of a model.
    ///
    /// - Throws: `ExportError` if the model holds what an export cannot say.
    public init(_ model: Model) throws(ExportError) {
        for indicator in model.scoring.indicators {
            let place = "indicator \"\(indicator.name)\""
            switch indicator.curve {
            case .ramp, .bend, .scale, .constant: break
            case .ranks(let table, _):
                if table.values.isEmpty { throw ExportError(problem: "ranks without values", place: place) }
            case .grades(let grades):
                if grades.isEmpty { throw ExportError(problem: "a grade map without grades", place: place) }
            }
        }
        let plan = model.plan
        if let group = plan.plan.tiers.perGroup {
            throw ExportError(problem: "cut-offs of their own for groups", place: "tiers.perGroup \"\(group)\"")
        }
        self.model = model
        var columns: [Int] = []
        func place(_ column: Int) -> Int {
            if let known = columns.firstIndex(of: column) { return known }
            columns.append(column)
            return columns.count - 1
        }
        indicatorPlaces = plan.indicatorColumns.map(place)
        rankingPlace = plan.rankingColumn.map(place)
        inactivePlace = plan.inactiveColumn.map(place)
        potentialPlace = plan.potentialColumn.map(place)
        negativePlace = plan.negativeColumn.map(place)
        badDebtPlace = plan.badDebtColumn.map(place)
        overdueDaysPlace = plan.overdueDaysColumn.map(place)
        self.columns = columns
        for column in columns {
            let name = plan.columns[column]
            let place = "column \"\(name)\""
            if plan.derived.number(of: name) != nil { throw ExportError(problem: "a derived column", place: place) }
            if plan.plan.wordTable(ofColumn: name) != nil {
                throw ExportError(problem: "words for numbers", place: place)
            }
        }
    }

    /// What the model tells and an export leaves behind, in words; nil if that is nothing.
    public var leftBehind: String? {
        let plan = model.plan.plan
        let parts = [
            plan.input.orders == nil ? nil : "how orders make customers",
            model.segments == nil ? nil : "segments", model.scoreRanks.values.isEmpty ? nil : "percentile ranks",
            plan.tiers.hysteresis == nil ? nil : "the hysteresis of tiers",
            plan.classes.isEmpty ? nil : "classes", plan.matrix == nil ? nil : "the matrix",
            plan.policies.isEmpty ? nil : "policies", plan.workList == nil ? nil : "the work list",
        ].compactMap(\.self)
        guard let last = parts.last else { return nil }
        let others = parts.dropLast().joined(separator: ", ")
        return others.isEmpty ? last : "\(others) and \(last)"
    }

    /// The places in `columns` of what takes customers out of the ranking.
    var standingPlaces: [Int] {
        [inactivePlace, potentialPlace, negativePlace, badDebtPlace, overdueDaysPlace].compactMap(\.self)
    }

    var indicators: [FittedIndicator] { model.scoring.indicators }

    /// The headings of the columns that are needed, as the export has them.
    var headings: [String] { columns.map { model.plan.plan.input.headerName(of: model.plan.columns[$0]) } }

    /// The dimensions with the places of their indicators.
    var dimensions: [(dimension: FittedDimension, indicators: Range<Int>)] {
        var first = 0
        return model.scoring.dimensions.map { dimension in
            defer { first += dimension.indicators.count }
            return (dimension, first..<first + dimension.indicators.count)
        }
    }

    /// The sum of a dimension's weights, added as the scorer does.
    static func fullWeight(of dimension: FittedDimension) -> Double {
        dimension.indicators.reduce(0) { $0 + $1.weight }
    }

    /// The sum of the dimensions' weights, likewise.
    var fullWeight: Double { model.scoring.dimensions.reduce(0) { $0 + $1.weight } }
}

extension FittedMissing {
    /// Whether a customer may be without a score for the indicator.
    var leavesGap: Bool {
        switch self {
        case .renormalize, .fail: true
        case .fill: false
        }
    }
}

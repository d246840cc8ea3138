import Scoring
import Tiers
import VectorMath

/// A model as text for other systems: a `SELECT` in SQL, or a file in C.
///
/// Both give the dimension scores, the score, the tier and the number of missing values of a customer, in the order of
/// operations of the engine. What is not told, `leftBehind` names.
public struct ModelExport: Sendable {
    let model: Model
    /// The columns that are needed: those of the indicators and of the tiers, and what they are derived from.
    let columns: ExportColumns
    /// For each indicator its column.
    let indicatorColumns: [ExportColumn]
    /// What customers are ranked by and taken out by; nil where that is not needed.
    let rankingColumn: ExportColumn?
    let inactiveColumn: ExportColumn?
    let potentialColumn: ExportColumn?
    let negativeColumn: ExportColumn?
    let badDebtColumn: ExportColumn?
    let overdueDaysColumn: ExportColumn?
    /// The place of the groups among the inputs; nil if all customers share their cut-offs.
    let groupPlace: Int?
    /// The derived columns in SQL.
    let derivation: SQLDerivation

    /// An export of a model.
    ///
    /// - Throws: `ExportError` if the model has a curve that scores nothing.
    public init(_ model: Model) throws(ExportError) {
        for indicator in model.scoring.indicators {
            let lack: String? =
                switch indicator.curve {
                case .ramp, .bend, .scale, .constant: nil
                case .ranks(let table, _): table.values.isEmpty ? "percentile ranks of no values" : nil
                case .grades(let grades): grades.isEmpty ? "a grade map without grades" : nil
                }
            if let lack { throw ExportError(problem: lack, place: "indicator '\(indicator.name)'") }
        }
        let plan = model.plan
        var columns = ExportColumns(plan)
        self.model = model
        indicatorColumns = plan.indicatorColumns.map { columns.place(of: $0) }
        rankingColumn = plan.rankingColumn.map { columns.place(of: $0) }
        inactiveColumn = plan.inactiveColumn.map { columns.place(of: $0) }
        potentialColumn = plan.potentialColumn.map { columns.place(of: $0) }
        negativeColumn = plan.negativeColumn.map { columns.place(of: $0) }
        badDebtColumn = plan.badDebtColumn.map { columns.place(of: $0) }
        overdueDaysColumn = plan.overdueDaysColumn.map { columns.place(of: $0) }
        groupPlace = plan.plan.tiers.perGroup.map { columns.groupPlace(named: $0) }
        self.columns = columns
        derivation = SQLDerivation(columns.computations) { "v\($0)" }
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

    /// The columns that tiers look at.
    var tierColumns: [ExportColumn] {
        [rankingColumn, inactiveColumn, potentialColumn, negativeColumn, badDebtColumn, overdueDaysColumn]
            .compactMap(\.self)
    }

    var indicators: [FittedIndicator] { model.scoring.indicators }

    /// The headings of the columns that are needed, as the export has them.
    var headings: [String] { columns.inputs.map { model.plan.plan.input.headerName(of: $0.name) } }

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

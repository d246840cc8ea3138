import Scoring
import TableIO
import Tiers

/// Formats the rows of the scores file.
struct CustomerRows: Sendable {
    let columns: [Plan.OutputColumn]
    let lifetimeColumns: [Int]
    let rfmColumns: [Int]
    let decimal: FixedDecimal
    /// The texts of scores; nil where they have too many decimals for tables.
    let scoreTexts: ScoreTexts?
    /// Lifetime values have six decimals: a probability of 0.000 would tell little.
    let figure = FixedDecimal(decimals: 6)
    let whole = FixedDecimal(decimals: 0)
    let field: CSVField
    /// `,name` of each tier by its code.
    let tierTexts: TextColumn
    /// `,name` of each segment.
    let segmentTexts: TextColumn
    /// For each column of names its place in the output and among the codes, and `,name` by code.
    let labelTexts: [(column: NameColumn, texts: TextColumn)]
    /// `,words` of each set of flags.
    let flagTexts: TextColumn
    let upTexts: ReasonTexts
    let downTexts: ReasonTexts
    /// What reasons compare with: the mean contribution of each indicator.
    let contributionMeans: [Double]
    let distance: TierDistance
    /// The column that customers are ranked by; nil for the score.
    let rankingColumn: Int?
    /// The labels that tell the groups with cut-offs of their own; nil for one ranking.
    let groupColumn: Int?
    /// Bytes that a row needs at most beside its id.
    let rowByteLimit: Int
    /// The header with its line end.
    let header: [UInt8]

    init(
        _ plan: ResolvedPlan, tiers: TierCutoffs, segmentNames: [String], contributionMeans: [Double]?,
        _ options: RunOptions
    ) {
        columns = plan.writtenColumns(options)
        lifetimeColumns = plan.lifetimeColumns
        rfmColumns = plan.rfmColumns
        decimal = FixedDecimal(decimals: plan.plan.output.decimals)
        scoreTexts = ScoreTexts(decimals: plan.plan.output.decimals)
        let field = CSVField(spreadsheetSafe: options.spreadsheetSafe)
        self.field = field
        func texts(_ names: [String]) -> TextColumn {
            TextColumn(names.map { [UInt8(ascii: ",")] + field.bytes($0.utf8) })
        }
        tierTexts = texts((0...UInt8.max).map { tiers.name(of: $0) ?? "" })
        segmentTexts = texts(segmentNames.isEmpty ? [""] : segmentNames)
        labelTexts = plan.nameColumns.map { column in
            (column, texts((0...Int(UInt8.max)).map { $0 < column.texts.count ? column.texts[$0] : "" }))
        }
        flagTexts = texts((0...UInt8.max).map { RowFlags(rawValue: $0).words })
        let reasons = plan.plan.reasons ?? Plan.Reasons()
        let indicatorNames = plan.scoring.indicators.map(\.name)
        upTexts = ReasonTexts(names: indicatorNames, count: reasons.up, sign: "+", field: field)
        downTexts = ReasonTexts(names: indicatorNames, count: reasons.down, sign: "-", field: field)
        self.contributionMeans = contributionMeans ?? []
        distance = TierDistance(tiers, isWhole: plan.plan.ranksByWholeNumbers)
        rankingColumn = plan.rankingColumn
        groupColumn = plan.groupColumn
        let numberCount = plan.scoring.indicators.count + plan.scoring.dimensions.count + 3
        rowByteLimit =
            numberCount * (FixedDecimal.compactByteCount + 1) + tierTexts.stride + segmentTexts.stride
            + flagTexts.stride + (columns.contains(where: \.isReason) ? upTexts.byteLimit + downTexts.byteLimit : 0)
            + (columns.contains(.pointsToNextTier) ? FixedDecimal.maximumByteCount : 0) + 64
            + lifetimeColumns.count * (FixedDecimal.maximumByteCount + 1)
            + rfmColumns.count * (FixedDecimal.compactByteCount + 1)
            + labelTexts.reduce(0) { $0 + $1.texts.stride }
        let names = plan.plan.header(of: columns).map { field.bytes($0.utf8) }
        header = Array(names.joined(separator: [UInt8(ascii: ",")])) + [0x0A]
    }
}

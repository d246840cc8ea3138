import Scoring
import TableIO
import Tables
import Tiers

/// What is known beside their scores of consecutive customers of a batch; empty where it is not written.
struct Standings {
    var percentileRanks: ArraySlice<Double> = []
    var tiers: ArraySlice<UInt8> = []
    var segments: ArraySlice<UInt16> = []
    /// The row of the batch that the first element is of.
    var firstRow = 0
}

/// Formats the rows of the scores file.
struct CustomerRows: Sendable {
    private let columns: [Plan.OutputColumn]
    private let decimal: FixedDecimal
    private let field: CSVField
    /// `,name` of each tier by its code, for codes that occur.
    private let tierTexts: [[UInt8]]
    /// `,name` of each segment.
    private let segmentTexts: [[UInt8]]
    /// `,words` for each set of flags.
    private let flagTexts: [[UInt8]]
    /// Bytes that a row needs at most beside its id.
    private let rowByteLimit: Int
    /// The header with its line end.
    let header: [UInt8]

    init(_ plan: ResolvedPlan, tiers: TierCutoffs, segmentNames: [String], _ options: RunOptions) {
        columns = plan.writtenColumns(options)
        decimal = FixedDecimal(decimals: plan.plan.output.decimals)
        let field = CSVField(spreadsheetSafe: options.spreadsheetSafe)
        self.field = field
        func text(_ name: String) -> [UInt8] { [UInt8(ascii: ",")] + field.bytes(name.utf8) }
        tierTexts = (0...UInt8.max).map { text(tiers.name(of: $0) ?? "") }
        segmentTexts = segmentNames.map(text)
        flagTexts = (0...UInt8.max).map { text(RowFlags(rawValue: $0).words) }
        let indicatorCount = plan.scoring.indicators.count
        let dimensionCount = plan.scoring.dimensions.count
        let texts = [tierTexts, segmentTexts, flagTexts].map { $0.map(\.count).max() ?? 0 }.reduce(0, +)
        rowByteLimit = (indicatorCount + dimensionCount + 4) * (FixedDecimal.compactByteCount + 1) + texts + 64
        header = Array((plan.plan.header(of: columns).map { field.bytes($0.utf8) }.joined(separator: [UInt8(ascii: ",")]))) + [0x0A]
    }

    /// Appends the rows of a batch that lie scored in the block.
    func append(_ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock, _ standings: Standings, to buffer: RowBuffer) {
        let identifiers = batch.identifiers
        let idBytes = identifiers.range(of: rows.upperBound - 1).upperBound - identifiers.range(of: rows.lowerBound).lowerBound
        let start = buffer.reserve(rows.count * rowByteLimit + 2 * idBytes + 3 * rows.count)
        var end = start
        identifiers.bytes.withUnsafeBufferPointer { ids in
            for (place, row) in rows.enumerated() {
                // SAFETY: the room is what each field may need at most, for every row; ids at most double and 3.
                end = field.write(UnsafeBufferPointer(rebasing: ids[identifiers.range(of: row)]), to: end)
                for column in columns { end = write(column, row, place, block, standings, to: end) }
                end[0] = 0x0A
                end += 1
            }
        }
        buffer.extend(to: end)
    }

    private func write(
        _ column: Plan.OutputColumn, _ row: Int, _ place: Int, _ block: ScoreBlock, _ standings: Standings,
        to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        switch column {
        case .dimensions:
            var end = start
            for dimension in 0..<block.dimensionCount {
                end = writeNumber(block.scores(ofDimension: dimension)[place], to: end)
            }
            return end
        case .score: return writeNumber(block.scores[place], to: start)
        case .percentileRank:
            return writeNumber(standings.percentileRanks[standings.percentileRanks.startIndex + row - standings.firstRow], to: start)
        case .tier: return copy(tierTexts[Int(standings.tiers[standings.tiers.startIndex + row - standings.firstRow])], to: start)
        case .segment: return copy(segmentTexts[Int(standings.segments[standings.segments.startIndex + row - standings.firstRow])], to: start)
        case .missingCount:
            start[0] = 0x2C
            return DecimalInteger.write(Int(block.missingCounts[place]), to: start + 1)
        case .flags: return copy(flagTexts[Int(block.flags(ofRow: place).rawValue)], to: start)
        case .contributions:
            var end = start
            for indicator in 0..<block.indicatorCount {
                end = writeNumber(block.contributions(ofIndicator: indicator)[place], to: end)
            }
            return end
        }
    }

    private func writeNumber(_ value: Double, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        start[0] = 0x2C
        return decimal.writeUnlessMissing(value, to: start + 1)
    }

    private func copy(_ text: [UInt8], to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        text.withUnsafeBufferPointer { start.update(from: $0.baseAddress!, count: $0.count) }
        return start + text.count
    }
}

extension RowFlags {
    /// The words of the flags column, blank for none.
    fileprivate var words: String {
        let names: [(RowFlags, String)] = [
            (.someMissing, "some_missing"), (.dimensionMissing, "dimension_missing"), (.noScore, "no_score"),
            (.outOfDomain, "out_of_domain"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: " ")
    }
}

extension ResolvedPlan {
    /// The columns that are written, contributions as the options have it.
    func writtenColumns(_ options: RunOptions) -> [Plan.OutputColumn] {
        switch options.contributions {
        case true? where !outputColumns.contains(.contributions): outputColumns + [.contributions]
        case false?: outputColumns.filter { $0 != .contributions }
        default: outputColumns
        }
    }
}

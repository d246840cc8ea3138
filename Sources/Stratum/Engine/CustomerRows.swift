import Scoring
import TableIO
import Tables
import Tiers

/// What is known beside their scores of consecutive customers of a batch; empty where it is not written.
struct Standings {
    var percentileRanks: ArraySlice<Double> = []
    var tiers: ArraySlice<UInt8> = []
    /// Bits of `RowFlags` beside those of the scores.
    var tierFlags: ArraySlice<UInt8> = []
    var segments: ArraySlice<UInt16> = []
    /// For each kind of name the codes of the rows at hand, from the first on.
    var labels: [UnsafePointer<UInt8>] = []
    /// The row of the batch that the first element is of.
    var firstRow = 0
}

/// Formats the rows of the scores file.
struct CustomerRows: Sendable {
    /// Lifetime values have six decimals: a probability of 0.000 would tell little.
    private static let figure = FixedDecimal(decimals: 6)

    private let columns: [Plan.OutputColumn]
    private let lifetimeColumns: [Int]
    private let decimal: FixedDecimal
    private let field: CSVField
    /// `,name` of each tier by its code.
    private let tierTexts: TextColumn
    /// `,name` of each segment.
    private let segmentTexts: TextColumn
    /// For each column of names its place in the output and among the codes, and `,name` by code.
    private let labelTexts: [(column: NameColumn, texts: TextColumn)]
    /// `,words` of each set of flags.
    private let flagTexts: TextColumn
    private let upTexts: ReasonTexts
    private let downTexts: ReasonTexts
    /// What reasons compare with: the mean contribution of each indicator.
    private let contributionMeans: [Double]
    private let distance: TierDistance
    /// The column that customers are ranked by; nil for the score.
    private let rankingColumn: Int?
    /// The labels that tell the groups with cut-offs of their own; nil for one ranking.
    private let groupColumn: Int?
    /// Bytes that a row needs at most beside its id.
    private let rowByteLimit: Int
    /// The header with its line end.
    let header: [UInt8]

    init(
        _ plan: ResolvedPlan, tiers: TierCutoffs, segmentNames: [String], contributionMeans: [Double]?,
        _ options: RunOptions
    ) {
        columns = plan.writtenColumns(options)
        lifetimeColumns = plan.lifetimeColumns
        decimal = FixedDecimal(decimals: plan.plan.output.decimals)
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
            + labelTexts.reduce(0) { $0 + $1.texts.stride }
        let names = plan.plan.header(of: columns).map { field.bytes($0.utf8) }
        header = Array(names.joined(separator: [UInt8(ascii: ",")])) + [0x0A]
    }

    /// One part of a row, as the loop over rows needs it.
    private enum Cell {
        /// Texts of eight bytes at most, ready to be copied.
        case score(UnsafePointer<UInt64>, UnsafePointer<UInt8>)
        /// Two of them joined, sixteen bytes at most.
        case scores(UnsafePointer<UInt64>, UnsafePointer<UInt8>)
        case number(UnsafePointer<Double>)
        case count(UnsafePointer<UInt16>)
        case tier(UnsafePointer<UInt8>)
        case segment(UnsafePointer<UInt16>)
        case flags(UnsafePointer<UInt8>?)
        /// A key for each row in each slot.
        case reasonsUp(UnsafePointer<Int32>)
        case reasonsDown(UnsafePointer<Int32>)
        /// Amounts and probabilities, which may be missing.
        case figure(UnsafePointer<Double>)
        case label(UnsafePointer<UInt8>, TextColumn)
    }

    /// Appends the rows of a batch that lie scored in the block.
    ///
    /// - Parameter texts: room of the worker's for formatted scores.
    func append(
        _ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock, _ standings: Standings, _ texts: FormattedColumns,
        to buffer: RowBuffer
    ) {
        standings.tierFlags.withUnsafeBufferPointer {
            append(rows, of: batch, block, standings, tierFlags: $0, texts, to: buffer)
        }
    }

    private func append(
        _ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock, _ standings: Standings,
        tierFlags: UnsafeBufferPointer<UInt8>, _ texts: FormattedColumns, to buffer: RowBuffer
    ) {
        guard !rows.isEmpty else { return }
        texts.removeAll()
        let skipped = rows.lowerBound - standings.firstRow
        let reasons = texts.reasons(makeReasons)
        if columns.contains(where: \.isReason) { reasons.select(from: block, rowCount: rows.count) }
        if columns.contains(.pointsToNextTier) {
            let tiers = standings.tiers.dropFirst(skipped).prefix(rows.count)
            texts.fillDistances(
                rankingColumn.map { batch.columns[$0].values(rows) }, block, tiers,
                groups: groupColumn.map { batch.labels[$0] }, rows, distance)
        }
        standings.percentileRanks.withUnsafeBufferPointer { ranks in
            standings.tiers.withUnsafeBufferPointer { tiers in
                standings.segments.withUnsafeBufferPointer { segments in
                    var cells: [Cell] = []
                    // SAFETY: columns of the block and what is known beside them reach to the end of `rows`.
                    for column in columns {
                        switch column {
                        case .dimensions:
                            for dimension in 0..<block.dimensionCount {
                                cells.append(.number(block.scores(ofDimension: dimension).baseAddress!))
                            }
                        case .score: cells.append(.number(block.scores.baseAddress!))
                        case .percentileRank:
                            cells.append(.number(UnsafeBufferPointer(rebasing: ranks[skipped...]).baseAddress!))
                        case .tier:
                            cells.append(.tier(UnsafeBufferPointer(rebasing: tiers[skipped...]).baseAddress!))
                        case .segment:
                            cells.append(.segment(UnsafeBufferPointer(rebasing: segments[skipped...]).baseAddress!))
                        case .classes, .cell, .action, .contacts:
                            for (label, texts) in labelTexts where label.kind == column {
                                cells.append(.label(standings.labels[label.place], texts))
                            }
                        case .missingCount: cells.append(.count(block.missingCounts.baseAddress!))
                        case .flags:
                            cells.append(.flags(tierFlags.isEmpty ? nil : tierFlags.baseAddress! + skipped))
                        case .reasonsUp:
                            cells.append(.reasonsUp(reasons.upReasonKeys.baseAddress!))
                        case .reasonsDown:
                            cells.append(.reasonsDown(reasons.downReasonKeys.baseAddress!))
                        case .pointsToNextTier: cells.append(.number(texts.distances.baseAddress!))
                        case .lifetime:
                            for column in lifetimeColumns {
                                cells.append(.figure(texts.values(of: batch.columns[column], rows)))
                            }
                        case .contributions:
                            for indicator in 0..<block.indicatorCount {
                                cells.append(.number(block.contributions(ofIndicator: indicator).baseAddress!))
                            }
                        }
                    }
                    if decimal.decimals == 3 { cells = Self.formatted(cells, texts, count: rows.count) }
                    cells.withUnsafeBufferPointer { append(rows, of: batch.identifiers, $0, block, to: buffer) }
                }
            }
        }
    }

    private func makeReasons() -> ReasonSelection {
        ReasonSelection(means: contributionMeans, upCount: upTexts.count, downCount: downTexts.count)
    }

    /// The cells with numbers as texts where they are scores, neighbors two by two.
    private static func formatted(_ cells: [Cell], _ texts: FormattedColumns, count: Int) -> [Cell] {
        var formatted: [Cell] = []
        var place = 0
        while place < cells.count {
            let cell = cells[place]
            place += 1
            guard case .number(let values) = cell else {
                formatted.append(cell)
                continue
            }
            if place < cells.count, case .number(let next) = cells[place],
                let pair = texts.format(values, next, count: count)
            {
                formatted.append(.scores(pair.words, pair.lengths))
                place += 1
            } else if let text = texts.format(values, count: count) {
                formatted.append(.score(text.words, text.lengths))
            } else {
                formatted.append(cell)
            }
        }
        return formatted
    }

    private func append(
        _ rows: Range<Int>, of identifiers: Identifiers, _ cells: UnsafeBufferPointer<Cell>, _ block: ScoreBlock,
        to buffer: RowBuffer
    ) {
        let first = identifiers.range(of: rows.lowerBound).lowerBound
        let idByteCount = identifiers.range(of: rows.upperBound - 1).upperBound - first
        let start = buffer.reserve(rows.count * (rowByteLimit + CSVField.maximumByteCount(0)) + 2 * idByteCount + 16)
        var end = start
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            identifiers.ends.withUnsafeBufferPointer { ends in
                let isPlain = field.isPlain(UnsafeBufferPointer(rebasing: bytes[first..<first + idByteCount]))
                var idStart = first
                for row in rows {
                    // SAFETY: the room is what each field may need at most, for every row; a plain id is copied by
                    // 16 bytes only where the ids of this batch go on so far.
                    let idEnd = Int(ends[row])
                    if isPlain, idEnd - idStart <= 16, idStart + 16 <= bytes.count {
                        UnsafeMutableRawPointer(end).storeBytes(
                            of: UnsafeRawPointer(bytes.baseAddress! + idStart).loadUnaligned(as: SIMD16<UInt8>.self),
                            as: SIMD16<UInt8>.self)
                        end += idEnd - idStart
                    } else {
                        end = field.write(UnsafeBufferPointer(rebasing: bytes[idStart..<idEnd]), to: end)
                    }
                    idStart = idEnd
                    let place = row - rows.lowerBound
                    for cell in cells {
                        switch cell {
                        case .scores(let words, let lengths):
                            UnsafeMutableRawPointer(end).storeBytes(
                                of: UnsafeRawPointer(words + 2 * place).loadUnaligned(as: SIMD16<UInt8>.self),
                                as: SIMD16<UInt8>.self)
                            end += Int(lengths[place])
                        case .score(let words, let lengths):
                            UnsafeMutableRawPointer(end).storeBytes(of: words[place].littleEndian, as: UInt64.self)
                            end += Int(lengths[place])
                        case .number(let values):
                            end[0] = 0x2C
                            end = decimal.writeUnlessMissing(values[place], to: end + 1)
                        case .tier(let codes): end = tierTexts.copy(Int(codes[place]), to: end)
                        case .segment(let codes): end = segmentTexts.copy(Int(codes[place]), to: end)
                        case .label(let codes, let texts): end = texts.copy(Int(codes[place]), to: end)
                        case .figure(let values):
                            end[0] = 0x2C
                            end = Self.figure.writeUnlessMissing(values[place], to: end + 1)
                        case .reasonsUp(let keys): end = upTexts.write(keys + place, to: end)
                        case .reasonsDown(let keys): end = downTexts.write(keys + place, to: end)
                        case .flags(let more):
                            let flags = block.flags(ofRow: place).rawValue | (more?[place] ?? 0)
                            end = flagTexts.copy(Int(flags), to: end)
                        case .count(let counts):
                            end[0] = 0x2C
                            end = DecimalInteger.write(Int(counts[place]), to: end + 1)
                        }
                    }
                    end[0] = 0x0A
                    end += 1
                }
            }
        }
        buffer.extend(to: end)
    }
}

/// The formatted scores of one block after the other: a column of texts for each column of numbers.
///
/// SAFETY: unchecked, since a worker keeps its own and has one job at a time.
final class FormattedColumns: @unchecked Sendable {
    private var columns: [ScoreTexts] = []
    private var used = 0
    private var reasons: ReasonSelection?
    /// What each row lacks of the next tier.
    let distances = UnsafeMutableBufferPointer<Double>.allocate(capacity: ScoreBlock.rowCapacity)

    private var values: [UnsafeMutableBufferPointer<Double>] = []
    private var usedValues = 0
    private var pairs: [ScoreTexts.Pairs] = []
    private var usedPairs = 0

    // SAFETY: allocated with the object or by it, and freed with it.
    deinit {
        distances.deallocate()
        for room in values { room.deallocate() }
    }

    /// Finds what each row lacks of the next tier.
    ///
    /// - Parameters:
    ///   - ranked: what customers are ranked by; nil for the block's scores.
    ///   - groups: the groups of the batch that the rows are of; nil without groups.
    func fillDistances(
        _ ranked: [Double]?, _ block: ScoreBlock, _ tiers: ArraySlice<UInt8>, groups: LabelColumn?, _ rows: Range<Int>,
        _ distance: TierDistance
    ) {
        func fill(_ values: UnsafeBufferPointer<Double>) {
            distance.distances(values, tiers: tiers, groups: groups, rows, into: distances)
        }
        if let ranked { ranked.withUnsafeBufferPointer(fill) } else { fill(block.scores) }
    }

    /// Takes the texts back and keeps the room.
    func removeAll() { (used, usedValues, usedPairs) = (0, 0, 0) }

    /// The values of some rows of a column, at most a block of them; they stay until the texts are taken back.
    func values(of column: NumberColumn, _ rows: Range<Int>) -> UnsafePointer<Double> {
        precondition(rows.count <= ScoreBlock.rowCapacity, "\(rows.count) rows of a block")
        // SAFETY: room for every row of a block, freed in deinit; the rows asked for are written here.
        if usedValues == values.count { values.append(.allocate(capacity: ScoreBlock.rowCapacity)) }
        let room = values[usedValues]
        usedValues += 1
        column.decode(rows, into: room)
        return UnsafePointer(room.baseAddress!)
    }

    /// The worker's room for reasons, made when it is first needed.
    func reasons(_ make: () -> ReasonSelection) -> ReasonSelection {
        if let reasons { return reasons }
        let made = make()
        reasons = made
        return made
    }

    /// The texts of two columns, one behind the other; nil if their values need the routines for one.
    func format(
        _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, count: Int
    ) -> ScoreTexts.Pairs? {
        if usedPairs == pairs.count { pairs.append(ScoreTexts.Pairs(capacity: ScoreBlock.rowCapacity)) }
        let texts = pairs[usedPairs]
        guard
            texts.format(
                UnsafeBufferPointer(start: left, count: count), UnsafeBufferPointer(start: right, count: count))
        else { return nil }
        usedPairs += 1
        return texts
    }

    /// The texts of a column, nil if its values need the general routine.
    func format(_ values: UnsafePointer<Double>, count: Int) -> ScoreTexts? {
        if used == columns.count { columns.append(ScoreTexts(capacity: ScoreBlock.rowCapacity)) }
        let texts = columns[used]
        guard texts.format(UnsafeBufferPointer(start: values, count: count)) else { return nil }
        used += 1
        return texts
    }
}

extension RowFlags {
    /// The words of the flags column, blank for none.
    fileprivate var words: String { wordList.joined(separator: " ") }

    /// The same, one by one.
    var wordList: [String] {
        let names: [(RowFlags, String)] = [
            (.someMissing, "some_missing"), (.dimensionMissing, "dimension_missing"), (.noScore, "no_score"),
            (.outOfDomain, "out_of_domain"), (.tierKept, "tier_kept"), (.withoutGroup, "no_group"),
        ]
        return names.filter { contains($0.0) }.map(\.1)
    }
}

import Rules
import Scoring
import Tables
import Tiers

/// What one worker needs to give the customers of one block after the other their names.
///
/// Everything goes by the model, so that a run and a later scoring give the same names.
final class LabelBench: @unchecked Sendable {
    // SAFETY: unchecked, since a worker keeps its own, and has one job at a time.
    private(set) var tally: LabelTally
    private let plan: ResolvedPlan
    private let matrix: Model.MatrixCuts?
    private var classifiers: [RuleClassifier]
    /// For each code of a tier the place of its name in rules.
    private let tierPlaces: [UInt16]
    private let policies: SelectionTable?
    private let eligible: SelectionTable?
    /// The place among the kinds of names of that which has a work list for each of its names; nil for one list.
    private let listKind: Int?
    /// Decoded columns, `ScoreBlock.rowCapacity` rows each: the plan's figures, then the amounts.
    private let values: UnsafeMutablePointer<Double>
    /// The codes of the block's customers, `rowCapacity` a kind; one more for who may be on the work list.
    private let codes: UnsafeMutablePointer<UInt8>
    /// Places of names of the block's customers, as a classifier reads them.
    private var places = [UInt16](repeating: 0, count: ScoreBlock.rowCapacity)

    init(_ model: Model) {
        plan = model.plan
        matrix = model.matrix
        tally = LabelTally(plan)
        classifiers = plan.labels.classifications.map { RuleClassifier($0.rules) }
        tierPlaces = Self.places(of: model.tiers)
        let kinds = model.labelKinds
        listKind = plan.plan.workList?.per.flatMap { per in
            kinds.firstIndex { $0.name.utf8.elementsEqual(per.utf8) }
        }
        policies = plan.plan.policies.isEmpty ? nil : SelectionTable(plan.plan.policies.map(\.customers), kinds: kinds)
        eligible = plan.plan.workList.map { SelectionTable([$0.only], kinds: kinds) }
        values = .allocate(capacity: (plan.labels.figures.count + 1) * ScoreBlock.rowCapacity)
        codes = .allocate(capacity: (plan.labelCount + 1) * ScoreBlock.rowCapacity)
        values.initialize(repeating: 0, count: (plan.labels.figures.count + 1) * ScoreBlock.rowCapacity)
        codes.initialize(repeating: 0, count: (plan.labelCount + 1) * ScoreBlock.rowCapacity)
    }

    deinit {
        values.deallocate()
        codes.deallocate()
    }

    /// Gives the rows of a batch, which lie scored in the block, their names, and counts them.
    ///
    /// - Returns: for each kind the codes of the rows; good until the next call.
    func label(
        _ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock, _ standings: Standings
    ) -> [UnsafePointer<UInt8>] {
        guard plan.labelCount > 0 else { return [] }
        let skipped = rows.lowerBound - standings.firstRow
        return standings.tiers.withUnsafeBufferPointer { tiers in
            standings.segments.withUnsafeBufferPointer { segments in
                // SAFETY: tiers, and segments where there are any, reach to the end of `rows`.
                label(
                    rows, of: batch, block, tiers: tiers.baseAddress! + skipped,
                    segments: segments.isEmpty ? nil : segments.baseAddress! + skipped)
            }
        }
    }

    private func label(
        _ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock, tiers: UnsafePointer<UInt8>,
        segments: UnsafePointer<UInt16>?
    ) -> [UnsafePointer<UInt8>] {
        let count = rows.count
        let figures = plan.labels.figures.enumerated().map { place, figure in
            self.figure(figure, place, rows, of: batch, block)
        }
        var place = classifiers.count
        if let matrix, let axes = plan.labels.axes {
            let cells = room(place, count)
            for row in 0..<count { cells[row] = matrix.cell(x: figures[axes.x][row], y: figures[axes.y][row]) }
            place += 1
        }
        for classification in plan.labels.order {
            classify(classification, count, figures, tiers: tiers, segments: segments)
        }
        let known = kinds(tiers: tiers, segments: segments, labelCount: place)
        policies?.match(known, into: room(place, count))
        tallyRows(rows, of: batch, block)
        if plan.plan.workList != nil { list(rows, of: batch, block, known, figures, tiers, segments) }
        return (0..<plan.labelCount).map { UnsafePointer(codes + $0 * ScoreBlock.rowCapacity) }
    }

    /// Gives the block's customers the names of one classification; those that it asks for have been given.
    private func classify(
        _ place: Int, _ count: Int, _ figures: [UnsafePointer<Double>], tiers: UnsafePointer<UInt8>,
        segments: UnsafePointer<UInt16>?
    ) {
        classifiers[place].begin(rowCount: count)
        let sources = plan.labels.classifications[place].sources
        for column in classifiers[place].neededColumns {
            switch sources[column] {
            case .figure(let figure):
                classifiers[place].read(column: column, UnsafeBufferPointer(start: figures[figure], count: count))
                continue
            case .tier: for row in 0..<count { places[row] = tierPlaces[Int(tiers[row])] }
            case .segment: for row in 0..<count { places[row] = segments?[row] ?? .max }
            case .cell: widen(room(classifiers.count, count))
            case .classification(let other): widen(room(other, count))
            }
            places.withUnsafeBufferPointer {
                classifiers[place].read(column: column, places: UnsafeBufferPointer(rebasing: $0[..<count]))
            }
        }
        classifiers[place].finish(into: room(place, count))
    }

    private func widen(_ codes: UnsafeMutableBufferPointer<UInt8>) {
        for row in codes.indices { places[row] = UInt16(codes[row]) }
    }

    /// For each code the place that `Plan.namedColumns` gives its tier; that of the unranked for codes without a name.
    private static func places(of tiers: TierCutoffs) -> [UInt16] {
        let named = tiers.namedCodes
        var places = [UInt16](repeating: UInt16(named.count), count: 256)
        for (place, code) in named.enumerated() { places[Int(code)] = UInt16(place) }
        return places
    }

    private func room(_ place: Int, _ count: Int) -> UnsafeMutableBufferPointer<UInt8> {
        // SAFETY: there are `labelCount + 1` parts of `rowCapacity` codes, and a block has no more rows than that.
        UnsafeMutableBufferPointer(start: codes + place * ScoreBlock.rowCapacity, count: count)
    }

    private func figure(
        _ figure: LabelPlan.Figure, _ place: Int, _ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock
    ) -> UnsafePointer<Double> {
        switch figure {
        case .score: return block.scores.baseAddress!
        case .dimension(let dimension): return block.scores(ofDimension: dimension).baseAddress!
        case .column(let column): return decode(column, into: place, rows, of: batch)
        }
    }

    private func decode(_ column: Int, into place: Int, _ rows: Range<Int>, of batch: Batch) -> UnsafePointer<Double> {
        // SAFETY: one part of `rowCapacity` values for each figure and one more for the amounts.
        let start = values + place * ScoreBlock.rowCapacity
        batch.columns[column].decode(rows, into: UnsafeMutableBufferPointer(start: start, count: rows.count))
        return UnsafePointer(start)
    }

    /// The codes that selections go by, in the order of `labelKinds`.
    private func kinds(
        tiers: UnsafePointer<UInt8>, segments: UnsafePointer<UInt16>?, labelCount: Int
    ) -> [SelectionTable.Codes] {
        [.narrow(tiers)] + (segments.map { [.wide($0)] } ?? [])
            + (0..<labelCount).map { .narrow(UnsafePointer(codes + $0 * ScoreBlock.rowCapacity)) }
    }

    private func tallyRows(_ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock) {
        let scores = UnsafeBufferPointer(rebasing: block.scores[..<rows.count])
        let amounts = plan.valueColumn.map {
            UnsafeBufferPointer(start: decode($0, into: plan.labels.figures.count, rows, of: batch), count: rows.count)
        }
        for place in tally.classes.indices {
            tally.classes[place].update(
                codes: UnsafeBufferPointer(room(place, rows.count)), values: scores, amounts: amounts ?? scores)
        }
        guard policies != nil else { return }
        tally.policies.update(
            codes: UnsafeBufferPointer(room(tally.classes.count, rows.count)), values: scores,
            amounts: amounts ?? scores)
    }

    private func list(
        _ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock, _ kinds: [SelectionTable.Codes],
        _ figures: [UnsafePointer<Double>], _ tiers: UnsafePointer<UInt8>, _ segments: UnsafePointer<UInt16>?
    ) {
        guard let figure = plan.labels.rankFigure, let eligible, let workList = plan.plan.workList else { return }
        let places = room(plan.labelCount, rows.count)
        eligible.match(kinds, into: places)
        let action = room(plan.labelCount - 1, rows.count)
        let contacts = plan.plan.policies.map(\.contacts) + [0]
        for row in 0..<rows.count where places[row] == 0 && contacts[Int(action[row])] > 0 {
            let value = figures[figure][row]
            let key = value.isNaN ? .infinity : workList.order == .descending ? -value : value
            let list = listKind.map { kinds[$0].code(ofRow: row) } ?? 0
            guard tally.workList?.admits(key, list: list) == true else { continue }
            tally.workList?.insert(
                WorkListEntry(
                    key: key, id: Array(batch.identifiers[rows.lowerBound + row]), score: block.scores[row],
                    tier: tiers[row], segment: segments?[row],
                    labels: (0..<plan.labelCount).map { codes[$0 * ScoreBlock.rowCapacity + row] }), list: list)
        }
    }
}

extension SelectionTable.Codes {
    /// The code of one row.
    fileprivate func code(ofRow row: Int) -> Int {
        // SAFETY: callers ask for rows of the block that the codes are of.
        switch self {
        case .narrow(let codes): Int(codes[row])
        case .wide(let codes): Int(codes[row])
        }
    }
}

extension Model {
    /// What selections may speak of: tiers, segments, classifications and cells, each code with the names it goes by.
    var labelKinds: [(name: String, names: [[String]])] {
        var kinds: [(name: String, names: [[String]])] = [
            ("tier", (0...UInt8.max).map { tiers.name(of: $0).map { [$0] } ?? plan.plan.unrankedNames })
        ]
        if let segments {
            // A segment also goes by its number, since its name may come from the customers in it.
            kinds.append(("segment", segments.names.enumerated().map { [$1, "\($0 + 1)"] }))
        }
        for column in plan.nameColumns where column.kind == .classes || column.kind == .cell {
            let name = column.kind == .cell ? "cell" : plan.labels.classifications[column.place].name
            kinds.append((name, (0..<256).map { $0 < column.texts.count ? [column.texts[$0]] : [] }))
        }
        return kinds
    }
}

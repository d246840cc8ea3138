import Scoring
import Tables
import Tiers

/// What one worker of a stream needs to give customers the tiers of a model.
final class StreamTiers {
    /// Of the last block, for each customer the bits of `RowFlags` beside those of the score; empty where none can be.
    private(set) var flags: [UInt8] = []
    private let model: Model
    private let previous: PreviousTiers?
    private var bounds: TierBounds
    /// For each row of the batch the tier of the last run.
    private var earlier: [UInt8] = []

    init(_ model: Model, _ previous: PreviousTiers?) {
        self.model = model
        self.previous = previous
        bounds = TierBounds(model.tiers)
    }

    /// Gets ready for the rows of a batch.
    ///
    /// - Throws: `EngineError` of kind `tooManyGroups`.
    func begin(_ batch: Batch) throws(EngineError) {
        if let column = model.plan.groupColumn {
            let labels = batch.labels[column]
            if labels.isOverfull { throw CustomerGroups.tooMany(model.plan.labelColumns[column]) }
            bounds = TierBounds(model.tiers, groups: labels.texts)
        }
        if let previous { earlier = previous.codes(of: batch.identifiers) }
    }

    /// The tiers of some rows of the batch.
    func codes(
        of values: [Double], _ batch: Batch, _ rows: Range<Int>, _ tally: inout ScoreStream.Tally
    ) -> [UInt8] {
        let groups = model.plan.groupColumn.map { batch.labels[$0].codes[rows] } ?? []
        var codes: [UInt8]
        if groups.isEmpty {
            codes = model.tiers.tiers(of: values)
        } else {
            codes = filled(count: values.count) { codes in
                values.withUnsafeBufferPointer { values in
                    groups.withUnsafeBufferPointer { bounds.assign(values, groups: $0, into: codes) }
                }
            }
        }
        if model.plan.takesCustomersOut {
            for (place, standing) in model.plan.standings(of: batch, rows).enumerated() where standing != .active {
                codes[place] = model.tiers.tier(of: values[place], standing: standing)
            }
        }
        guard !groups.isEmpty || previous != nil else { return codes }
        flags = [UInt8](repeating: 0, count: codes.count)
        for (place, group) in groups.enumerated()
        where Int(codes[place]) < model.tiers.names.count && !bounds.hasOwn(group) {
            flags[place] = RowFlags.withoutGroup.rawValue
            tally.withoutGroupCount += 1
        }
        if previous != nil { hold(&codes, values, groups, rows, &tally) }
        return codes
    }

    private func hold(
        _ codes: inout [UInt8], _ values: [Double], _ groups: ArraySlice<UInt16>, _ rows: Range<Int>,
        _ tally: inout ScoreStream.Tally
    ) {
        let moves = codes.withUnsafeMutableBufferPointer { codes in
            earlier[rows].withUnsafeBufferPointer { earlier in
                values.withUnsafeBufferPointer { values in
                    groups.withUnsafeBufferPointer { groups in
                        bounds.hold(
                            model.plan.plan.tiers.hysteresis, codes, previous: earlier, values: values, groups: groups
                        ) { flags[$0] |= RowFlags.tierKept.rawValue }
                    }
                }
            }
        }
        tally.moves.combine(moves)
    }
}

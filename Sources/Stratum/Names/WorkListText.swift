import Reports
import TableIO
import Tiers

extension LabelTally {
    /// The bytes of the work list: a row for each customer whose turn it is, the first first; list after list where each
    /// name of a kind has its own.
    func workListText(of model: Model, spreadsheetSafe: Bool) -> [UInt8] {
        guard var workList, let asked = model.plan.plan.workList else { return [] }
        let plan = model.plan
        let field = CSVField(spreadsheetSafe: spreadsheetSafe)
        let decimal = FixedDecimal(decimals: plan.plan.output.decimals)
        var bytes: [UInt8] = []
        func append(_ fields: [[UInt8]]) { bytes += fields.joined(separator: [UInt8(ascii: ",")]) + [0x0A] }
        let columns = plan.nameColumns
        let headings = columns.map { column in
            column.kind == .classes ? plan.labels.classifications[column.place].name : column.kind.rawValue
        }
        let isByScore = asked.rankBy == "score"
        // What is computed may end in the noise of binary fractions, such as 12785.939999999999.
        let isDerived = plan.derived.number(of: asked.rankBy) != nil
        let segments = model.segments?.names
        let header =
            ["rank", plan.plan.input.id] + (isByScore ? [] : [asked.rankBy]) + ["score", "tier"]
            + (segments == nil ? [] : ["segment"]) + headings
        append(header.map { field.bytes($0.utf8) })
        for (place, entry) in workList.finished().flatMap({ $0.enumerated() }) {
            var fields = [Array("\(place + 1)".utf8), field.bytes(entry.id)]
            if !isByScore {
                let value = asked.order == .descending ? -entry.key : entry.key
                fields.append(
                    entry.key == .infinity ? [] : Array((isDerived ? roundedText(value) : shortestText(value)).utf8))
            }
            fields.append(decimal.text(entry.score))
            fields.append(field.bytes((model.tiers.name(of: entry.tier) ?? "").utf8))
            if let segments { fields.append(field.bytes(segments[Int(entry.segment ?? 0)].utf8)) }
            for column in columns {
                fields.append(field.bytes(column.texts[Int(entry.labels[column.place])].utf8))
            }
            append(fields)
        }
        return bytes
    }
}

extension FixedDecimal {
    /// The text of a score; nothing for NaN.
    fileprivate func text(_ value: Double) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.maximumByteCount) { room, count in
            // SAFETY: no text is longer than the room.
            count = writeUnlessMissing(value, to: room.baseAddress!) - room.baseAddress!
        }
    }
}

/// A number to 12 significant digits, without groups.
private func roundedText(_ value: Double) -> String { significantText(value, digits: 12).filter { $0 != "," } }

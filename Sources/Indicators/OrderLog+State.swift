// The state of a log: a head with the keys of its texts, then one piece for each part. A piece holds customers with
// their rows, packed as in memory, so that reading it is unpacking. The order of customers is that of their ids; the
// rows of one stand in no set order, and the numbers of texts are those of the run, so two states of equal rows need
// not have equal bytes. All that is computed from them is equal.
import Tables
public import VectorMath

extension CustomerLog {
    /// Pieces of a state: one for each part.
    public static var statePieceCount: Int { OrderLog.partCount }

    /// What comes before the pieces: the number of rows, their days, and the keys that codes of texts stand for.
    public func stateHead() -> [UInt8] {
        var writer = StateWriter()
        writer.write(rowCount)
        writer.write(Int64(days?.lowerBound ?? 0))
        writer.write(Int64(days?.upperBound ?? 0))
        for table in textKeys { writer.write(cells: table) }
        return writer.bytes
    }

    /// A piece: the customers of a part with their rows.
    ///
    /// - Throws: what the spill throws
    /// - Complexity: memory for the part
    public func statePiece(_ part: Int) throws -> [UInt8] { try parts[part].encoded() }

    /// The number of rows.
    public var rowCount: Int { parts.reduce(0) { $0 + Int($1.rowEnds.last ?? 0) } }

    /// The log up to a day, as if later rows had never come, and the number of these.
    ///
    /// - Throws: what the spill throws
    /// - Complexity: O(rows), nothing where the last row is not after the day
    public func upTo(_ day: Int, _ workers: Workers) throws -> (log: CustomerLog, leftOut: Int) {
        guard let days, days.upperBound > day else { return (self, 0) }
        let found = try workers.map(chunkCount: parts.count) { try parts[$0].selecting(upTo: day) }
        let kept = found.map(\.part)
        let log = CustomerLog(
            layout: layout, days: day >= days.lowerBound ? days.lowerBound...day : nil, parts: kept,
            textKeys: textKeys)
        return (log, found.reduce(0) { $0 + $1.leftOut })
    }
}

extension OrderLog {
    /// Takes in the head of a state; `restore` brings its pieces in with what it returns.
    ///
    /// - Throws: `IndicatorsError` of kind `brokenState`.
    public func restore(head bytes: [UInt8]) throws(IndicatorsError) -> OrderStateHead {
        var reader = StateReader(bytes)
        let rowCount = try reader.count()
        let first = Int(try reader.integer(Int64.self))
        let last = Int(try reader.integer(Int64.self))
        guard first <= last else { throw IndicatorsError(.brokenState) }
        var codes: [[Int64]] = []
        for table in self.codes {
            codes.append([0] + (try reader.cells(UInt64.self)).map { table.code(of: $0) })
        }
        guard reader.isAtEnd else { throw IndicatorsError(.brokenState) }
        return OrderStateHead(rowCount: rowCount, days: first...last, codes: codes)
    }

    /// Brings in a piece of a state, beside whatever rows are there; pieces may come side by side.
    ///
    /// - Throws: `IndicatorsError`, what the spill throws.
    public func restore(piece bytes: [UInt8], part: Int, of head: OrderStateHead) throws {
        precondition(parts.indices.contains(part), "part \(part) of \(parts.count)")
        let fields = layout.fields
        var stored = try StoredPart(bytes, fieldCount: fields.count)
        for (field, kind) in fields.enumerated() where kind.isCoded {
            stored = try stored.recoded(field, by: head.codes[field], self.codes[field])
        }
        try parts[part].restore(stored, number: part)
        // The days as they are, not as the head says.
        let days = stored.columns[0].cells
        guard let first = days.min(), let last = days.max() else { return }
        note(rowCount: stored.rowCount, days: Int(first)...Int(last))
    }
}

/// The head of a state that is being restored.
public struct OrderStateHead: Sendable {
    /// The rows of all pieces.
    public let rowCount: Int
    /// The first and the last day, 0...0 without rows.
    public let days: ClosedRange<Int>
    /// For each field this log's code of each code of the state.
    let codes: [[Int64]]
}

extension StoredPart {
    /// The part with the codes of a field exchanged for those of the log that it goes into.
    fileprivate func recoded(_ field: Int, by codes: [Int64], _ table: TextCodes) throws(IndicatorsError) -> StoredPart
    {
        var recoded = columns
        for (row, code) in columns[field].cells.enumerated() {
            // Codes below 0 are keys: there were too many texts for small numbers.
            if code < 0 {
                recoded[field].cells[row] = table.code(of: UInt64(bitPattern: code))
            } else if code < Int64(codes.count) {
                recoded[field].cells[row] = codes[Int(code)]
            } else {
                throw IndicatorsError(.brokenState)
            }
        }
        return StoredPart(self, columns: recoded)
    }

    private init(_ part: StoredPart, columns: [(scale: NumberScale, cells: [Int64])]) {
        identifiers = part.identifiers
        rowCounts = part.rowCounts
        rowCount = part.rowCount
        self.columns = columns
    }
}

// The state of a log: a head with the keys of its texts, then one piece for each part. A piece holds customers with
// their rows, packed as in memory, so that reading it is copying. Customers stand in the order of their ids, the rows of
// one in the order of their fields, and texts are numbered in the order of their keys: equal rows make equal bytes,
// however they came.
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
        for (keys, areKeys) in zip(order.keys, order.areKeys) {
            writer.write(Int8(areKeys ? 1 : 0))
            writer.write(cells: keys)
        }
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
            order: order)
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
        var (codes, areKeys) = ([[Int64]](), [Bool]())
        for table in self.codes {
            areKeys.append(try reader.integer(Int8.self) != 0)
            if areKeys[areKeys.count - 1] { table.setFull() }
            codes.append([0] + (try reader.cells(UInt64.self)).map { table.code(of: $0) })
        }
        guard reader.isAtEnd else { throw IndicatorsError(.brokenState) }
        return OrderStateHead(rowCount: rowCount, days: first...last, codes: codes, areKeys: areKeys)
    }

    /// Brings in a piece of a state, beside whatever rows are there.
    ///
    /// The piece is read when the rows of its part are brought in order, by `grouped`, on the worker that does so.
    ///
    /// - Parameter read: hands the bytes of the piece on, once; throws what the function throws that it calls, which is
    ///   `IndicatorsError` of kind `brokenState` where they do not fit together.
    public func restore(
        part: Int, of head: OrderStateHead,
        read: @escaping @Sendable (_ take: ([UInt8]) throws -> Void) throws -> Void
    ) {
        precondition(parts.indices.contains(part), "part \(part) of \(parts.count)")
        precondition(isStored, "a log that is not to be stored takes in no stored one")
        parts[part].add(
            SettledPart(codes: head.codes) { [unowned self] in
                var stored: CustomerPart?
                try read { stored = try restored($0, part, head) }
                guard let stored else { throw IndicatorsError(.brokenState) }
                return stored
            })
    }

    /// The customers of a piece, checked.
    private func restored(_ bytes: [UInt8], _ part: Int, _ head: OrderStateHead) throws -> CustomerPart {
        let stored = try CustomerPart(
            stored: bytes, number: part, fieldCount: layout.fields.count, coding: { coding(choosingBy: $0) })
        guard let rowCount = stored.rowEnds.last else { return stored }
        for (field, kind) in layout.fields.enumerated() where kind.isCoded {
            let bounds = stored.fields[field].bounds
            let isKnown =
                head.areKeys[field]
                ? bounds.upperBound <= 0 : bounds.lowerBound >= 0 && bounds.upperBound < Int64(head.codes[field].count)
            guard isKnown else { throw IndicatorsError(.brokenState) }
        }
        // The days as they are, not as the head says.
        let days = stored.fields[0].bounds
        note(rowCount: Int(rowCount), days: Int(days.lowerBound)...Int(days.upperBound))
        return stored
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
    /// For each field whether codes are keys.
    let areKeys: [Bool]
}

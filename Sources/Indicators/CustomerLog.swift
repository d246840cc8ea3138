import Tables
public import VectorMath

/// The customers of an order log with their rows, to be walked through in rising order of their ids' bytes.
///
/// That order depends on nothing but the ids, so that neither the order of the rows nor the threads can change an
/// output, and a reader of it sees at once that no id repeats.
public struct CustomerLog: Sendable {
    /// Customers of a chunk, about.
    static let chunkCustomerCount = 8192
    /// Of so many customers of a part one is looked at to place the bounds of chunks.
    private static let samplingStep = 64

    /// What the rows hold.
    public let layout: OrderLayout
    /// The number of customers.
    public let customerCount: Int
    /// The first and the last day of the rows; nil without rows.
    public let days: ClosedRange<Int>?
    /// The most decimals of an amount; nil where one is no decimal of nine digits behind the point.
    public let amountDecimals: Int?
    /// The most decimals of a quantity, likewise; 0 without quantities.
    public let quantityDecimals: Int?

    let parts: [CustomerPart]
    /// What the codes of texts stand for.
    let order: CodeOrder
    /// For each chunk and one more, for each part, the number of customers before it.
    private let bounds: [[Int]]

    init(layout: OrderLayout, days: ClosedRange<Int>?, parts: [CustomerPart], order: CodeOrder) {
        self.order = order
        self.layout = layout
        self.days = days
        self.parts = parts
        customerCount = parts.reduce(0) { $0 + $1.identifiers.count }
        amountDecimals = Self.decimals(of: 1, parts)
        quantityDecimals = layout.hasQuantity ? Self.decimals(of: 2, parts) : 0
        bounds =
            [parts.map { _ in 0 }]
            + Self.splitters(parts).map { id in parts.map { $0.count(before: id) } }
            + [parts.map(\.identifiers.count)]
    }

    /// The number of chunks, which are walked through one by one or side by side.
    public var chunkCount: Int { bounds.count - 1 }

    /// For each part the customers of a chunk.
    func customers(ofChunk chunk: Int) -> [Range<Int>] {
        zip(bounds[chunk], bounds[chunk + 1]).map { $0..<$1 }
    }

    /// Their ids, part by part.
    func identifiers(of customers: [Range<Int>]) -> Identifiers {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        for (part, range) in zip(parts, customers) where !range.isEmpty {
            let start = part.identifiers.range(of: range.lowerBound).lowerBound
            let shift = bytes.count - start
            bytes += part.identifiers.bytes[start..<Int(part.identifiers.ends[range.upperBound - 1])]
            for customer in range { ends.append(UInt32(Int(part.identifiers.ends[customer]) + shift)) }
        }
        return Identifiers(bytes: bytes, ends: ends)
    }

    /// The first ids of all chunks but the first.
    private static func splitters(_ parts: [CustomerPart]) -> [ArraySlice<UInt8>] {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        for part in parts {
            for customer in stride(from: samplingStep / 2, to: part.identifiers.count, by: samplingStep) {
                bytes += part.identifiers[customer]
                ends.append(UInt32(bytes.count))
            }
        }
        let sample = Identifiers(bytes: bytes, ends: ends)
        let order = sample.rowsInOrder()
        let step = chunkCustomerCount / samplingStep
        return stride(from: step, to: order.count, by: step).map { sample[Int(order[$0])] }
    }

    private static func decimals(of field: Int, _ parts: [CustomerPart]) -> Int? {
        var most = 0
        for part in parts {
            guard case .decimals(let count) = part.scales[field] else { return nil }
            most = max(most, count)
        }
        return most
    }
}

extension OrderLog {
    /// Puts all rows in order, part by part, and empties the log; call it once, after the last row.
    ///
    /// - Throws: `IndicatorsError` of kind `outOfMemory`, what the spill throws
    /// - Complexity: O(rows + customers); memory for one part of 128 on each worker beside the rows
    public func grouped(_ workers: Workers) throws -> CustomerLog {
        let order = CodeOrder(codes, isOrdered: isStored)
        let grouping = Grouping(fields: layout.fields, coding: coding, order: order, isStored: isStored)
        let scratches = PartScratchPool()
        try flush(workers)
        let parts = try workers.map(chunkCount: parts.count) { part in
            try self.parts[part].close()
            return try scratches.with { try CustomerPart(self.parts[part], grouping, $0) }
        }
        return CustomerLog(layout: layout, days: days, parts: parts, order: order)
    }
}

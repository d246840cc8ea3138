import Tables

/// What one worker needs to tell the purchases of customers, chunk by chunk.
///
/// SAFETY: unchecked, since a worker keeps its own and has one job at a time.
public final class PurchaseBench: @unchecked Sendable {
    private let log: CustomerLog
    private let specification: PurchaseSpecification
    private var days: [Int64] = []
    private var amounts: [Int64] = []
    /// Days of purchases of one customer: in the calibration, and after it.
    private var early: [Int64] = []
    private var late: [Int64] = []

    /// A bench for a log without rows after the end of the observation.
    public init(_ log: CustomerLog, _ specification: PurchaseSpecification) {
        self.log = log
        self.specification = specification
    }

    /// The purchases of the customers of a chunk.
    ///
    /// - Throws: what the spill throws
    /// - Complexity: O(rows of these customers), n log n where a customer's rows are not in order of days
    public func purchases(ofChunk chunk: Int) throws -> PurchaseChunk {
        let customers = log.customers(ofChunk: chunk)
        let gathered = log.identifiers(of: customers)
        let order = gathered.rowsInOrder()
        var found = PurchaseChunk(identifiers: gathered.inOrder(order))
        var purchases: [PurchaseChunk.Purchases] = []
        purchases.reserveCapacity(order.count)
        for (part, range) in zip(log.parts, customers) where !range.isEmpty {
            try note(part, range, to: &purchases, &found)
        }
        for (row, customer) in order.enumerated() where purchases[Int(customer)].dayCount > 0 {
            found.append(purchases[Int(customer)], row: row, specification)
        }
        return found
    }

    private func note(
        _ part: CustomerPart, _ customers: Range<Int>, to purchases: inout [PurchaseChunk.Purchases],
        _ chunk: inout PurchaseChunk
    ) throws {
        let rows = part.rows(ofCustomers: customers)
        days = try part.fields[0].decoded(rows)
        amounts = try part.fields[1].decoded(rows)
        var start = 0
        amounts.withUnsafeBufferPointer { cells in
            // SAFETY: a customer has rows, so the cells are not empty; rows below are places among them.
            guard let cells = cells.baseAddress else { return }
            for customer in customers {
                let end = Int(part.rowEnds[customer]) - rows.lowerBound
                switch part.scales[1] {
                case .decimals(let count):
                    let amounts = DecimalAmounts(cells: cells, divisor: powersOfTen[count])
                    purchases.append(self.purchases(start..<end, amounts, &chunk))
                case .bits: purchases.append(self.purchases(start..<end, BinaryAmounts(cells: cells), &chunk))
                }
                start = end
            }
        }
    }

    private func purchases<Column: Amounts>(
        _ rows: Range<Int>, _ amounts: Column, _ chunk: inout PurchaseChunk
    ) -> PurchaseChunk.Purchases {
        early.removeAll(keepingCapacity: true)
        late.removeAll(keepingCapacity: true)
        let end = Int64(specification.calibrationEnd)
        var laterSpend = Column.zero
        for row in rows {
            let isRefund = amounts.isNegative(row)
            if days[row] <= end {
                if !isRefund { early.append(days[row]) }
            } else {
                if !isRefund { late.append(days[row]) }
                if !isRefund || specification.isNet { amounts.add(row, to: &laterSpend) }
            }
        }
        var purchases = PurchaseChunk.Purchases()
        guard !early.isEmpty else { return purchases }
        early.sort()
        late.sort()
        let (first, last) = (early[0], early[early.count - 1])
        (purchases.firstDay, purchases.lastDay) = (Int(first), Int(last))
        purchases.dayCount = 1
        let lastPeriodStart = end - Int64(specification.lastPeriodDayCount)
        for place in early.indices.dropFirst() where early[place] != early[place - 1] {
            purchases.dayCount += 1
            if early[place] > lastPeriodStart { purchases.lastDayCount += 1 }
            chunk.noteInterval(Int(early[place] - early[place - 1]))
        }
        var (repeatSpend, lastSpend) = (Column.zero, Column.zero)
        for row in rows where days[row] > first && days[row] <= end {
            guard specification.isNet || !amounts.isNegative(row) else { continue }
            amounts.add(row, to: &repeatSpend)
            if days[row] > lastPeriodStart { amounts.add(row, to: &lastSpend) }
        }
        purchases.repeatSpend = amounts.value(repeatSpend)
        purchases.lastSpend = amounts.value(lastSpend)
        purchases.laterDayCount = late.indices.count { $0 == 0 || late[$0] != late[$0 - 1] }
        purchases.laterSpend = amounts.value(laterSpend)
        return purchases
    }
}

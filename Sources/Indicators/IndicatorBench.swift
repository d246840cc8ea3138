public import Tables
import VectorMath

/// Some customers with their indicators, in rising order of their ids.
public struct IndicatorChunk: Sendable {
    /// The ids.
    public let identifiers: Identifiers
    /// The number of columns.
    public let columnCount: Int
    /// The customers' values, row-major with the specification's columns in order; NaN where one has none.
    public let values: [Double]

    /// The values of a column.
    public subscript(column column: Int) -> [Double] {
        identifiers.ends.indices.map { values[$0 * columnCount + column] }
    }

    /// The same as rows of a table.
    public var batch: Batch {
        Batch(
            identifiers: identifiers, columns: (0..<columnCount).map { NumberColumn(values: self[column: $0]) })
    }
}

/// What one worker needs to compute indicators chunk by chunk.
///
/// SAFETY: unchecked, since a worker keeps its own and has one job at a time.
public final class IndicatorBench: @unchecked Sendable {
    private let log: CustomerLog
    private let specification: IndicatorSpecification
    private let columns: [IndicatorColumn]
    private let fields: [OrderField]
    /// Room for the cells of a part's rows, for each field.
    private var cells: [UnsafeMutablePointer<Int64>] = []
    private var rowCapacity = 0
    private var scratch: UnsafeMutablePointer<Int64>
    private let windows: UnsafeMutableBufferPointer<Double>

    /// - Parameter specification: its as-of day is not before the last day of the log.
    public init(_ log: CustomerLog, _ specification: IndicatorSpecification) {
        precondition((0...1000).contains(specification.windowCount), "\(specification.windowCount) windows")
        precondition(specification.windowDayCount > 0, "windows of \(specification.windowDayCount) days")
        self.log = log
        self.specification = specification
        columns = specification.columns(of: log.layout)
        fields = log.layout.fields
        // SAFETY: all three are freed in deinit, and scratch and cells where they grow.
        windows = .allocate(capacity: specification.windowCount)
        windows.initialize(repeating: 0)
        scratch = .allocate(capacity: 1)
    }

    deinit {
        windows.deallocate()
        scratch.deallocate()
        for column in cells { column.deallocate() }
    }

    /// The indicators of the customers of a chunk.
    ///
    /// - Throws: what the spill throws
    /// - Complexity: O(rows of these customers), n log n where a customer's rows are not in order of days
    public func indicators(ofChunk chunk: Int) throws -> IndicatorChunk {
        let customers = log.customers(ofChunk: chunk)
        let gathered = log.identifiers(of: customers)
        let order = gathered.rowsInOrder()
        var places = [Int](repeating: 0, count: order.count)
        for (place, customer) in order.enumerated() { places[Int(customer)] = place }
        let values = try [Double](unsafeUninitializedCapacity: columns.count * order.count) { room, count in
            try evaluate(customers, places, room)
            count = columns.count * order.count
        }
        return IndicatorChunk(identifiers: gathered.inOrder(order), columnCount: columns.count, values: values)
    }

    /// Computes the values of all customers of a chunk, each in the row that is its place.
    private func evaluate(_ customers: [Range<Int>], _ places: [Int], _ values: UnsafeMutableBufferPointer<Double>)
        throws
    {
        var first = 0
        for (part, range) in zip(log.parts, customers) where !range.isEmpty {
            let rows = part.rows(ofCustomers: range)
            reserve(rows.count)
            // In place: a copy of a column would be counted, and all workers would write to that count.
            try part.fields.withUnsafeBufferPointer { columns in
                for field in fields.indices { try columns[field].decode(rows, into: cells[field]) }
            }
            switch part.scales[1] {
            case .decimals(let count):
                let amounts = DecimalAmounts(cells: cells[1], divisor: powersOfTen[count])
                evaluate(part, range, rows, amounts, places[first...], values)
            case .bits: evaluate(part, range, rows, BinaryAmounts(cells: cells[1]), places[first...], values)
            }
            first += range.count
        }
    }

    private func reserve(_ rowCount: Int) {
        guard rowCount > rowCapacity else { return }
        for column in cells { column.deallocate() }
        rowCapacity = max(rowCount, 2 * rowCapacity)
        // SAFETY: freed here or in deinit; every cell is decoded before it is read.
        cells = fields.map { _ in .allocate(capacity: rowCapacity) }
        scratch.deallocate()
        scratch = .allocate(capacity: rowCapacity)
    }

    private func evaluate(
        _ part: CustomerPart, _ customers: Range<Int>, _ rows: Range<Int>, _ amounts: some Amounts,
        _ places: ArraySlice<Int>, _ values: UnsafeMutableBufferPointer<Double>
    ) {
        let columns = columns
        var start = 0
        for (customer, place) in zip(customers, places) {
            let end = Int(part.rowEnds[customer]) - rows.lowerBound
            let figures = figures(start..<end, amounts, part.scales)
            let row = place * columns.count
            for column in columns.indices {
                // SAFETY: the room is customers x columns, and the place below the number of customers.
                values[row + column] = figures.value(
                    of: columns[column].indicator, asOf: specification.asOf, windows: windows)
            }
            start = end
        }
    }

    /// The figures of one customer, and the spend in each window.
    private func figures<Column: Amounts>(
        _ rows: Range<Int>, _ amounts: Column, _ scales: [NumberScale]
    ) -> CustomerFigures {
        var figures = CustomerFigures()
        var (refunds, spend) = (Column.zero, Column.zero)
        var dayCount = 0
        var isSorted = true
        let (days, scratch, isNet) = (cells[0], scratch, specification.isNet)
        for row in rows {
            if amounts.isNegative(row) {
                figures.refundCount += 1
                amounts.add(row, to: &refunds)
                if isNet { amounts.add(row, to: &spend) }
            } else {
                amounts.add(row, to: &spend)
                scratch[dayCount] = days[row]
                if dayCount > 0, scratch[dayCount - 1] > days[row] { isSorted = false }
                dayCount += 1
            }
        }
        figures.purchaseLineCount = dayCount
        figures.purchaseCount = dayCount
        figures.refunds = amounts.value(refunds)
        figures.spend = amounts.value(spend)
        if !isSorted { Self.sort(scratch, count: dayCount) }
        noteDays(dayCount, &figures)
        noteTexts(rows, amounts, &figures)
        if let quantity = fields.firstIndex(of: .quantity) {
            figures.units = Self.sum(rows, UnsafePointer(cells[quantity]), scales[quantity])
        }
        if specification.hasHistory {
            var onFirstDay = Column.zero
            for row in rows where days[row] <= Int64(figures.firstDay) {
                if specification.isNet || !amounts.isNegative(row) { amounts.add(row, to: &onFirstDay) }
            }
            figures.spendOnFirstDay = amounts.value(onFirstDay)
        }
        if specification.windowCount > 0 { fillWindows(rows, amounts) }
        return figures
    }

    private static func sort(_ cells: UnsafeMutablePointer<Int64>, count: Int) {
        var cells = UnsafeMutableBufferPointer(start: cells, count: count)
        cells.sort()
    }

    /// The days of purchases, rising, are the first `count` of the scratch cells.
    private func noteDays(_ count: Int, _ figures: inout CustomerFigures) {
        guard count > 0 else { return }
        let scratch = scratch
        figures.firstDay = Int(scratch[0])
        figures.lastDay = Int(scratch[count - 1])
        figures.activeDayCount = 1
        for place in 1..<max(count, 1) where scratch[place] != scratch[place - 1] {
            let gap = Int(scratch[place] - scratch[place - 1])
            figures.activeDayCount += 1
            figures.squaredGaps += gap * gap
        }
    }

    private func noteTexts(_ rows: Range<Int>, _ amounts: some Amounts, _ figures: inout CustomerFigures) {
        for (field, kind) in fields.enumerated() {
            switch kind {
            case .product: figures.productCount = differentCount(rows, of: field)
            case .category: figures.categoryCount = differentCount(rows, of: field)
            case .channel: figures.channelCount = differentCount(rows, of: field)
            case .order: figures.purchaseCount = orderCount(rows, of: field, amounts)
            case .day, .amount, .quantity: break
            }
        }
    }

    /// How many different texts there are, the empty one not counted.
    private func differentCount(_ rows: Range<Int>, of field: Int) -> Int {
        let codes = cells[field]
        // Most columns have few texts: a bit for each.
        var seen: UInt64 = 0
        var areFew = true
        for row in rows {
            let code = codes[row]
            if UInt64(bitPattern: code) < 64 { seen |= 1 << UInt64(code) } else { areFew = false }
        }
        if areFew { return (seen & ~1).nonzeroBitCount }
        return differentCount(rows, of: field, isKept: { codes[$0] != 0 })
    }

    /// How many orders purchase lines belong to; a line without a number is an order of its own.
    private func orderCount(_ rows: Range<Int>, of field: Int, _ amounts: some Amounts) -> Int {
        let keys = cells[field]
        let lone = rows.count(where: { keys[$0] == 0 && !amounts.isNegative($0) })
        return lone + differentCount(rows, of: field, isKept: { keys[$0] != 0 && !amounts.isNegative($0) })
    }

    private func differentCount(_ rows: Range<Int>, of field: Int, isKept: (Int) -> Bool) -> Int {
        let scratch = scratch
        var count = 0
        for row in rows where isKept(row) {
            scratch[count] = cells[field][row]
            count += 1
        }
        guard count > 1 else { return count }
        Self.sort(scratch, count: count)
        var different = 1
        for place in 1..<count where scratch[place] != scratch[place - 1] { different += 1 }
        return different
    }

    private static func sum(_ rows: Range<Int>, _ cells: UnsafePointer<Int64>, _ scale: NumberScale) -> Double {
        func total(_ quantities: some Amounts) -> Double {
            func total<Column: Amounts>(_ quantities: Column) -> Double {
                var sum = Column.zero
                for row in rows { quantities.add(row, to: &sum) }
                return quantities.value(sum)
            }
            return total(quantities)
        }
        switch scale {
        case .decimals(let count): return total(DecimalAmounts(cells: cells, divisor: powersOfTen[count]))
        case .bits: return total(BinaryAmounts(cells: cells))
        }
    }

    /// The spend of each window, the last one first.
    private func fillWindows<Column: Amounts>(_ rows: Range<Int>, _ amounts: Column) {
        let limit = specification.windowCount * specification.windowDayCount
        var sums = [Column.Sum](repeating: Column.zero, count: specification.windowCount)
        for row in rows {
            let age = specification.asOf - Int(cells[0][row])
            guard age < limit, specification.isNet || !amounts.isNegative(row) else { continue }
            amounts.add(row, to: &sums[age / specification.windowDayCount])
        }
        for window in sums.indices { windows[window] = amounts.value(sums[window]) }
    }
}

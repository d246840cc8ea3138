import Tables

/// Customers of a part that was stored, beside which new rows may come.
struct SettledPart: Sendable {
    /// For each field the log's code of each code of the part.
    let codes: [[Int64]]
    /// Reads the part.
    let restore: @Sendable () throws -> CustomerPart
}

/// Customers with their rows while parts are merged: rows in columns, customers in rising order of their ids.
struct CustomerRun {
    var identifiers: Identifiers
    /// For each customer the number of rows up to its last.
    var rowEnds: [UInt32]
    var scales: [NumberScale]
    let rows: RowColumns

    var rowCount: Int { Int(rowEnds.last ?? 0) }

    private func rows(ofCustomers customers: Range<Int>) -> Range<Int> {
        guard !customers.isEmpty else { return 0..<0 }
        return
            (customers.lowerBound == 0 ? 0 : Int(rowEnds[customers.lowerBound - 1]))..<Int(
                rowEnds[customers.upperBound - 1])
    }

    /// Puts the rows of each customer in the order of what they say.
    func sortRows() {
        var start = 0
        for end in rowEnds {
            rows.sort(start..<Int(end), fieldCount: scales.count)
            start = Int(end)
        }
    }

    /// Gives both runs the same scales.
    mutating func equalize(_ other: inout CustomerRun) {
        for field in scales.indices where scales[field] != other.scales[field] {
            let common = NumberScale.common(
                rows.cells[field], rowCount, scales[field], other.rows.cells[field], other.rowCount,
                other.scales[field])
            if scales[field] != common { scales[field].convert(rows.cells[field], rowCount, to: common) }
            if other.scales[field] != common {
                other.scales[field].convert(other.rows.cells[field], other.rowCount, to: common)
            }
            (scales[field], other.scales[field]) = (common, common)
            // The bits of numbers below 0 are in another order than these.
            if common == .bits {
                sortRows()
                other.sortRows()
            }
        }
    }

    /// The customers of both, each with the rows of both in the order of what they say, in `room`.
    ///
    /// - Complexity: O(rows), and m log n to find m customers of the other run among n
    func merged(with other: CustomerRun, in room: RowColumns) -> CustomerRun {
        let fieldCount = scales.count
        room.reserve(rowCount + other.rowCount, fieldCount: fieldCount)
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        var rowEnds: [UInt32] = []
        bytes.reserveCapacity(identifiers.bytes.count + other.identifiers.bytes.count)
        ends.reserveCapacity(self.rowEnds.count + other.rowEnds.count)
        rowEnds.reserveCapacity(self.rowEnds.count + other.rowEnds.count)
        var rowCount = 0

        func take(_ customers: Range<Int>, of run: CustomerRun) {
            guard !customers.isEmpty else { return }
            let start = run.identifiers.range(of: customers.lowerBound).lowerBound
            let end = run.identifiers.range(of: customers.upperBound - 1).upperBound
            let shift = UInt32(truncatingIfNeeded: bytes.count) &- UInt32(truncatingIfNeeded: start)
            bytes += run.identifiers.bytes[start..<end]
            for customer in customers { ends.append(run.identifiers.ends[customer] &+ shift) }
            takeRows(run.rows(ofCustomers: customers), customers, of: run)
        }
        func takeRows(_ rows: Range<Int>, _ customers: Range<Int>, of run: CustomerRun) {
            room.copy(rows, of: run.rows, to: rowCount, fieldCount: fieldCount)
            let shift = UInt32(truncatingIfNeeded: rowCount) &- UInt32(truncatingIfNeeded: rows.lowerBound)
            for customer in customers { rowEnds.append(run.rowEnds[customer] &+ shift) }
            rowCount += rows.count
        }

        var next = 0
        for customer in other.rowEnds.indices {
            let found = identifiers.place(of: other.identifiers, customer, from: next)
            take(next..<found.place, of: self)
            next = found.place
            guard found.isThere else {
                take(customer..<customer + 1, of: other)
                continue
            }
            let start = rowCount
            take(next..<next + 1, of: self)
            rowEnds.removeLast()
            takeRows(other.rows(ofCustomers: customer..<customer + 1), customer..<customer + 1, of: other)
            room.sort(start..<rowCount, fieldCount: fieldCount)
            next += 1
        }
        take(next..<self.rowEnds.count, of: self)
        return CustomerRun(
            identifiers: Identifiers(bytes: bytes, ends: ends), rowEnds: rowEnds, scales: scales, rows: room)
    }
}

extension Identifiers {
    /// The first id from `start` on, in rising order, that is not less than one of `others`, and whether it is that one.
    fileprivate func place(of others: Identifiers, _ row: Int, from start: Int) -> (place: Int, isThere: Bool) {
        bytes.withUnsafeBufferPointer { bytes in
            others.bytes.withUnsafeBufferPointer { otherBytes in
                let id = UnsafeBufferPointer(rebasing: otherBytes[others.range(of: row)])
                func order(_ place: Int) -> Int {
                    Self.order(UnsafeBufferPointer(rebasing: bytes[range(of: place)]), id)
                }
                // Steps that double, since the next one is mostly near.
                var (low, step) = (start, 1)
                while low + step <= count, order(low + step - 1) < 0 { (low, step) = (low + step, 2 * step) }
                var high = min(low + step - 1, count)
                while low < high {
                    let middle = (low + high) / 2
                    if order(middle) < 0 { low = middle + 1 } else { high = middle }
                }
                return (low, low < count && order(low) == 0)
            }
        }
    }

    /// Below 0, 0 or above as the first comes before the second in the order of bytes, is equal, or comes after.
    static func order(_ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Int {
        for place in 0..<Swift.min(one.count, other.count) where one[place] != other[place] {
            return one[place] < other[place] ? -1 : 1
        }
        return one.count - other.count
    }
}

extension NumberScale {
    /// The scale for two columns together, each in the least scale that holds it.
    fileprivate static func common(
        _ cells: UnsafeMutablePointer<Int64>, _ count: Int, _ scale: NumberScale,
        _ others: UnsafeMutablePointer<Int64>, _ otherCount: Int, _ otherScale: NumberScale
    ) -> NumberScale {
        guard case .decimals(let one) = scale, case .decimals(let other) = otherScale else { return .bits }
        let decimals = max(one, other)
        let isHeld =
            (0..<count).allSatisfy { scale.cell(cells[$0], decimals: decimals) != nil }
            && (0..<otherCount).allSatisfy { otherScale.cell(others[$0], decimals: decimals) != nil }
        return isHeld ? .decimals(decimals) : .bits
    }

    /// The least scale that holds decimals; the cells are changed to it.
    static func reduce(_ cells: UnsafeMutablePointer<Int64>, _ count: Int, from scale: NumberScale) -> NumberScale {
        guard case .decimals(var decimals) = scale else { return scale }
        while decimals > 0, (0..<count).allSatisfy({ cells[$0] % 10 == 0 }) {
            for row in 0..<count { cells[row] /= 10 }
            decimals -= 1
        }
        return .decimals(decimals)
    }
}

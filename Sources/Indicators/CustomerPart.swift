internal import CKernels
import Tables

/// The customers of one part of a log in rising order of their ids, each with its rows.
struct CustomerPart: Sendable {
    let identifiers: Identifiers
    /// For each customer the number of rows up to its last.
    let rowEnds: [UInt32]
    /// The fields of all rows, customer by customer; within one the rows stand in no set order.
    let fields: [PackedIntegers]
    let scales: [NumberScale]

    /// Where the rows of some consecutive customers stand.
    func rows(ofCustomers customers: Range<Int>) -> Range<Int> {
        guard !customers.isEmpty else { return 0..<0 }
        return
            (customers.lowerBound == 0 ? 0 : Int(rowEnds[customers.lowerBound - 1]))..<Int(
                rowEnds[customers.upperBound - 1])
    }

    /// The number of customers whose id is less than `id`.
    func count(before id: ArraySlice<UInt8>) -> Int {
        var (low, high) = (0, identifiers.count)
        while low < high {
            let middle = (low + high) / 2
            if identifiers[middle].lexicographicallyPrecedes(id) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    init(identifiers: Identifiers, rowEnds: [UInt32], fields: [PackedIntegers], scales: [NumberScale]) {
        self.identifiers = identifiers
        self.rowEnds = rowEnds
        self.fields = fields
        self.scales = scales
    }

    /// Brings the rows of a part in order, those that were stored before too, and frees it.
    ///
    /// - Throws: what the spill throws
    init(_ part: OrderPart, _ grouping: Grouping, _ scratch: PartScratch) throws {
        let fieldCount = grouping.fields.count
        let found = try Self.customers(part, grouping, scratch)
        if grouping.isStored {
            let run = try Self.merged(part, found, grouping, scratch)
            identifiers = run.identifiers
            rowEnds = run.rowEnds
            scales = run.scales
            let count = run.rowCount
            fields = try (0..<fieldCount).map {
                try PackedIntegers(UnsafeBufferPointer(start: run.rows.cells[$0], count: count), part.spill)
            }
        } else {
            // One column is enough, and stays in the cache.
            scratch.fresh.reserve(part.rowCount, fieldCount: 1)
            let column = scratch.fresh.cells[0]
            (identifiers, rowEnds) = found
            var (fields, scales) = ([PackedIntegers](), [NumberScale]())
            for field in 0..<fieldCount {
                let scale = try grouping.scale(of: part.chunks, field)
                try scratch.gather(part.chunks, field: field, as: scale, to: column)
                scales.append(NumberScale.reduce(column, part.rowCount, from: scale))
                fields.append(
                    try PackedIntegers(UnsafeBufferPointer(start: column, count: part.rowCount), part.spill))
            }
            (self.fields, self.scales) = (fields, scales)
        }
        part.removeAll()
    }

    /// The customers of the rows of chunks, rising, each with the number of rows up to its last; the scratch knows then
    /// where rows go.
    private static func customers(
        _ part: OrderPart, _ grouping: Grouping, _ scratch: PartScratch
    ) throws -> (Identifiers, rowEnds: [UInt32]) {
        scratch.reserve(part.rowCount)
        var (numbers, counts) = try scratch.number(part.chunks, otherCount: Int(part.customers.count))
        let present = counts.indices.filter { counts[$0] > 0 }
        var found = identifiers(present, numbers, part.number, grouping.coding, part.customers)
        var order: [UInt32]?
        if !(part.customers.count == 0 && numbers.isRising && found.haveEqualLengths) {
            let rising = found.rowsInOrder()
            found = found.inOrder(rising)
            order = rising
        }
        var end: UInt32 = 0
        let rowEnds = present.indices.map { place in
            let number = present[order.map { Int($0[place]) } ?? place]
            let count = counts[number]
            counts[number] = end
            end += count
            return end
        }
        scratch.place(part.rowCount, &counts)
        return (found, rowEnds)
    }

    /// All rows of a log that is to be stored: new and stored ones, the rows of a customer in an order that only what
    /// they say decides.
    private static func merged(
        _ part: OrderPart, _ customers: (Identifiers, rowEnds: [UInt32]), _ grouping: Grouping, _ scratch: PartScratch
    ) throws -> CustomerRun {
        let fieldCount = grouping.fields.count
        let rows = scratch.fresh
        rows.reserve(part.rowCount, fieldCount: fieldCount)
        var scales: [NumberScale] = []
        for field in 0..<fieldCount {
            let scale = try grouping.scale(of: part.chunks, field)
            try scratch.gather(part.chunks, field: field, as: scale, to: rows.cells[field])
            CodeOrder.recode(rows.cells[field], part.rowCount, by: grouping.order.tables[field])
            scales.append(NumberScale.reduce(rows.cells[field], part.rowCount, from: scale))
        }
        var run = CustomerRun(identifiers: customers.0, rowEnds: customers.rowEnds, scales: scales, rows: rows)
        run.sortRows()
        for (place, settled) in part.settled.enumerated() {
            guard var other = try settled.run(grouping, in: place == 0 ? scratch.stored : RowColumns()) else {
                continue
            }
            if run.rowCount == 0 {
                run = other
                continue
            }
            other.equalize(&run)
            // The smaller one is looked up in the larger.
            let room = place == 0 ? scratch.merged : RowColumns()
            run = other.rowCount >= run.rowCount ? other.merged(with: run, in: room) : run.merged(with: other, in: room)
        }
        return run
    }

    /// The ids of customers by their numbers, which rise; the records of the part's table are in the order of theirs.
    private static func identifiers(
        _ present: [Int], _ numbers: CustomerNumbers, _ part: Int, _ coding: IdentifierCodes?,
        _ customers: stratum_customers
    ) -> Identifiers {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        bytes.reserveCapacity(Int(customers.byteCount) + 16 * present.count)
        ends.reserveCapacity(present.count)
        for number in present where number < numbers.codedCount {
            guard let coding else { preconditionFailure("a coded row without codes") }
            coding.append(idOf: coding.code(ofRest: numbers.rest(of: number), part: part), to: &bytes)
            ends.append(UInt32(bytes.count))
        }
        var place = 0
        while place < Int(customers.byteCount), let records = customers.records {
            let record = UnsafeRawPointer(records + place)
            // SAFETY: records begin at multiples of 8 with index and length, and hold as many bytes as the length says.
            let length = Int(record.load(fromByteOffset: 4, as: UInt32.self))
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: record + 8, count: length))
            ends.append(UInt32(bytes.count))
            place += 8 + (length + 7) / 8 * 8
        }
        return Identifiers(bytes: bytes, ends: ends)
    }
}

/// What all parts of a log are brought in order by.
struct Grouping: Sendable {
    let fields: [OrderField]
    /// What codes of ids mean; there are no coded rows without.
    let coding: IdentifierCodes?
    let order: CodeOrder
    /// Whether the log is to be stored.
    let isStored: Bool

    func scale(of chunks: [OrderPart.Chunk], _ field: Int) throws -> NumberScale {
        fields[field].isNumber ? try NumberScale.common(of: chunks, field: field) : .decimals(0)
    }
}

extension SettledPart {
    /// The part with its rows in columns, codes exchanged for those of the log; nil without rows.
    func run(_ grouping: Grouping, in rows: RowColumns) throws -> CustomerRun? {
        let part = try restore()
        let rowCount = Int(part.rowEnds.last ?? 0)
        guard rowCount > 0 else { return nil }
        rows.reserve(rowCount, fieldCount: part.fields.count)
        var isSorted = true
        for (field, column) in part.fields.enumerated() {
            try column.decode(0..<rowCount, into: rows.cells[field])
            guard grouping.fields[field].isCoded else { continue }
            let table = grouping.order.table(ofField: field, after: codes[field])
            CodeOrder.recode(rows.cells[field], rowCount, by: table)
            // Ranks rise as their keys do, but the empty text comes before them and behind keys.
            if grouping.order.areKeys[field], !table.isEmpty { isSorted = false }
        }
        let run = CustomerRun(
            identifiers: part.identifiers, rowEnds: part.rowEnds, scales: part.scales, rows: rows)
        if !isSorted { run.sortRows() }
        return run
    }
}

extension Identifiers {
    /// Whether all are equally long, so that digits rise as their numbers do.
    fileprivate var haveEqualLengths: Bool {
        guard let length = ends.first else { return true }
        return ends.indices.allSatisfy { UInt64(ends[$0]) == UInt64(length) * UInt64($0 + 1) }
    }
}

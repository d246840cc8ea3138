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

    /// Brings the rows of a part in order and frees it.
    ///
    /// - Parameters:
    ///   - number: which part of the log it is.
    ///   - coding: what codes of ids mean; there are no coded rows without.
    /// - Throws: what the spill throws
    init(
        _ part: OrderPart, number: Int, _ coding: IdentifierCodes?, fields kinds: [OrderField], _ scratch: PartScratch
    ) throws {
        let rowCount = part.rowCount
        scratch.reserve(rowCount)
        var (numbers, counts) = try scratch.number(part.chunks, otherCount: Int(part.customers.count))
        let present = counts.indices.filter { counts[$0] > 0 }
        var found = Self.identifiers(present, numbers, number, coding, part.customers)
        var order: [UInt32]?
        if !(part.customers.count == 0 && numbers.isRising && found.haveEqualLengths) {
            let rising = found.rowsInOrder()
            found = found.inOrder(rising)
            order = rising
        }
        identifiers = found
        var end: UInt32 = 0
        rowEnds = present.indices.map { place in
            let number = present[order.map { Int($0[place]) } ?? place]
            let count = counts[number]
            counts[number] = end
            end += count
            return end
        }
        scratch.place(rowCount, &counts)
        var packed: [PackedIntegers] = []
        var scales: [NumberScale] = []
        for field in kinds.indices {
            let scale = kinds[field].isNumber ? try NumberScale.common(of: part.chunks, field: field) : .decimals(0)
            let column = try scratch.gather(part.chunks, field: field, as: scale)
            packed.append(
                try PackedIntegers(UnsafeBufferPointer(start: column, count: rowCount), part.spill))
            scales.append(scale)
        }
        fields = packed
        self.scales = scales
        part.removeAll()
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

extension Identifiers {
    /// Whether all are equally long, so that digits rise as their numbers do.
    fileprivate var haveEqualLengths: Bool {
        guard let length = ends.first else { return true }
        return ends.indices.allSatisfy { UInt64(ends[$0]) == UInt64(length) * UInt64($0 + 1) }
    }
}

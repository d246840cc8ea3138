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
    /// - Throws: what the spill throws
    init(_ part: OrderPart, fields kinds: [OrderField], _ scratch: PartScratch) throws {
        let found = Self.identifiers(part.customers)
        let order = found.rowsInOrder()
        identifiers = found.inOrder(order)
        let rowCount = part.rowCount
        scratch.reserve(rowCount)
        rowEnds = try scratch.place(part.chunks, order)
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

    /// The ids in the order of their indices.
    private static func identifiers(_ customers: stratum_customers) -> Identifiers {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        bytes.reserveCapacity(Int(customers.byteCount))
        ends.reserveCapacity(Int(customers.count))
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

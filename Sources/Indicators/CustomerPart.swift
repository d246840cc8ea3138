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
    init(_ part: OrderPart, fields kinds: [OrderField]) {
        let found = Self.identifiers(part.customers)
        let order = found.rowsInOrder()
        identifiers = found.selecting(order.map { Int($0) })
        let rowCount = part.rowCount
        var places = [UInt32](repeating: 0, count: found.count)
        for (place, customer) in order.enumerated() { places[Int(customer)] = UInt32(truncatingIfNeeded: place) }

        let chunkRowCount = OpenChunk.rowCapacity
        let scratch = UnsafeMutablePointer<Int64>.allocate(capacity: chunkRowCount)
        let column = UnsafeMutablePointer<Int64>.allocate(capacity: max(rowCount, 1))
        // SAFETY: a chunk has at most `rowCapacity` rows and all chunks together `rowCount`; both are freed at the end.
        defer {
            scratch.deallocate()
            column.deallocate()
        }
        // Where each row of the part goes: counted by customer, then handed out row by row.
        var targets = [UInt32](repeating: 0, count: rowCount)
        var ends = [UInt32](repeating: 0, count: found.count + 1)
        var first = 0
        for chunk in part.chunks {
            chunk.columns[0].decode(0..<chunk.rowCount, into: scratch)
            for row in 0..<chunk.rowCount {
                let place = places[Int(truncatingIfNeeded: scratch[row])]
                targets[first + row] = place
                ends[Int(place) + 1] += 1
            }
            first += chunk.rowCount
        }
        for customer in 0..<found.count { ends[customer + 1] += ends[customer] }
        for row in 0..<rowCount {
            let customer = Int(targets[row])
            targets[row] = ends[customer]
            ends[customer] += 1
        }
        // Each count has moved up by its rows, so it tells now where its customer ends.
        ends.removeLast()
        rowEnds = ends

        var packed: [PackedIntegers] = []
        var scales: [NumberScale] = []
        for field in kinds.indices {
            let scale = kinds[field].isNumber ? NumberScale.common(of: part.chunks, field: field) : .decimals(0)
            var first = 0
            for chunk in part.chunks {
                chunk.columns[field + 1].decode(0..<chunk.rowCount, into: scratch)
                if chunk.scales[field] != scale { chunk.scales[field].convert(scratch, chunk.rowCount, to: scale) }
                for row in 0..<chunk.rowCount { column[Int(targets[first + row])] = scratch[row] }
                first += chunk.rowCount
            }
            packed.append(PackedIntegers(UnsafeBufferPointer(start: column, count: rowCount)))
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

internal import CKernels
import Tables

/// What one worker needs to bring batches to the parts.
///
/// SAFETY: unchecked, since a worker keeps its own and has one job at a time.
final class OrderBench: @unchecked Sendable {
    private let layout: OrderLayout
    private let fields: [OrderField]
    private var caches: [TextCodeCache]
    private var cells: [UnsafeMutablePointer<Int64>] = []
    private var narrowCells: [UnsafeMutablePointer<Int32>] = []
    private var codes: UnsafeMutablePointer<UInt64>
    private var hashes: UnsafeMutablePointer<UInt64>
    private var rows: [UInt32] = []
    private var partsOfRows: [UInt8] = []
    private var narrow: OrderBuckets<Int32>?
    private var wide: OrderBuckets<Int64>?
    private let pool: OpenChunkPool
    private let number: Int

    init(_ layout: OrderLayout, _ codes: [TextCodes], _ pool: OpenChunkPool, number: Int) {
        self.layout = layout
        self.pool = pool
        self.number = number
        fields = layout.fields
        caches = codes.map { TextCodeCache($0) }
        // SAFETY: freed in deinit, and where they grow; all is written before it is read.
        self.codes = .allocate(capacity: 1)
        hashes = .allocate(capacity: 1)
    }

    deinit {
        for column in cells { column.deallocate() }
        for column in narrowCells { column.deallocate() }
        codes.deallocate()
        hashes.deallocate()
    }

    private func reserve(_ rowCount: Int) {
        guard rows.count < rowCount else { return }
        for column in cells { column.deallocate() }
        for column in narrowCells { column.deallocate() }
        codes.deallocate()
        hashes.deallocate()
        // SAFETY: as in `init`.
        cells = fields.map { _ in .allocate(capacity: rowCount) }
        narrowCells = fields.map { _ in .allocate(capacity: rowCount) }
        codes = .allocate(capacity: rowCount)
        hashes = .allocate(capacity: rowCount)
        rows = Array(repeating: 0, count: rowCount)
        partsOfRows = Array(repeating: 0, count: rowCount)
    }

    /// The rows used and their days.
    func append(
        _ batch: Batch, _ coding: IdentifierCodes?, to parts: [OrderPart], asOf: Int?
    ) throws -> (used: Int, days: ClosedRange<Int>?) {
        let rowCount = batch.rowCount
        reserve(rowCount)
        let limit = asOf.map { Int32(clamping: $0) } ?? .max
        let days = batch.dates[0].days
        var (used, first, last) = (0, Int32.max, Int32.min)
        for day in days where day <= limit { (used, first, last) = (used + 1, min(first, day), max(last, day)) }
        guard used > 0 else { return (0, nil) }
        try batch.identifiers.bytes.withUnsafeBufferPointer { bytes in
            try batch.identifiers.ends.withUnsafeBufferPointer { ends in
                // SAFETY: the batch has rows, so that only their ids' bytes may be none.
                let (start, ends) = (bytes.baseAddress ?? UnsafePointer(noBytes), ends.baseAddress!)
                var others = rowCount
                if let coding {
                    let coded = coding.encode(
                        start, byteCount: bytes.count, ends: ends, count: rowCount, into: codes)
                    others = coded.otherCount
                    if others < rowCount { try appendCoded(batch, coding, bits: coded.bits, upTo: limit, to: parts) }
                } else {
                    codes.update(repeating: IdentifierCodes.none, count: rowCount)
                }
                if others > 0 { try appendOthers(batch, start, bytes.count, ends, upTo: limit, to: parts) }
            }
        }
        return (used, Int(first)...Int(last))
    }

    /// Packs what is left of coded rows.
    func flush(to parts: [OrderPart]) throws {
        try narrow?.flush(to: parts)
        try wide?.flush(to: parts)
    }

    /// Adds the rows whose ids have codes, as 32-bit integers where all fit.
    private func appendCoded(
        _ batch: Batch, _ coding: IdentifierCodes, bits: UInt64, upTo limit: Int32, to parts: [OrderPart]
    ) throws {
        let codes = UnsafeBufferPointer(start: codes, count: batch.rowCount)
        let days = batch.dates[0].days
        if IdentifierCodes.rest(ofCode: bits) <= UInt64(Int32.max),
            let isIn = try withNarrowCells(
                batch,
                { cells, scales in
                    let buckets = narrow ?? OrderBuckets(partCount: parts.count, fieldCount: fields.count)
                    narrow = buckets
                    try buckets.append(codes, coding, days, upTo: limit, cells, scales, to: parts)
                    return true
                }), isIn
        {
            return
        }
        let scales = prepare(batch)
        let buckets = wide ?? OrderBuckets(partCount: parts.count, fieldCount: fields.count)
        wide = buckets
        try buckets.append(codes, coding, days, upTo: limit, cells.map { UnsafePointer($0) }, scales, to: parts)
    }

    /// Adds the rows whose ids have no codes.
    private func appendOthers(
        _ batch: Batch, _ bytes: UnsafePointer<UInt8>, _ byteCount: Int, _ ends: UnsafePointer<UInt32>,
        upTo limit: Int32, to parts: [OrderPart]
    ) throws {
        let scales = prepare(batch)
        // SAFETY: there is room for a hash of every row; bytes and ends are whole ids.
        stratum_customers_hash(bytes, ends, batch.rowCount, hashes)
        let bounds = scatter(batch, bytes, ends, upTo: limit, partCount: parts.count)
        let view = OrderBatch(
            identifierBytes: bytes, identifierByteCount: byteCount, identifierEnds: ends,
            hashes: UnsafePointer(hashes), cells: cells.map { UnsafePointer($0) }, scales: scales)
        try rows.withUnsafeBufferPointer { rows in
            for step in parts.indices {
                // Workers begin at different parts, so that they seldom meet.
                let part = (step + 37 * number) % parts.count
                let range = bounds[part]..<bounds[part + 1]
                if range.isEmpty { continue }
                try parts[part].append(UnsafeBufferPointer(rebasing: rows[range]), of: view, pool)
            }
        }
    }

    /// Turns the columns into 64-bit cells.
    private func prepare(_ batch: Batch) -> [NumberScale] {
        let rowCount = batch.rowCount
        var scales: [NumberScale] = []
        var numberCount = 0
        let textPlaces = layout.texts.indices.filter { layout.texts[$0] != .mark }
        for (field, kind) in fields.enumerated() {
            let room = UnsafeMutableBufferPointer(start: cells[field], count: rowCount)
            switch kind {
            case .day:
                for (row, day) in batch.dates[0].days.enumerated() { room[row] = Int64(day) }
                scales.append(.decimals(0))
            case .amount, .quantity:
                var scale = batch.columns[numberCount].cells(into: room)
                if kind == .amount, layout.hasPrice { scale = multiply(room, scale, by: batch.columns[1]) }
                scales.append(scale)
                numberCount += 1
            case .order, .product, .category, .channel:
                let keys = batch.texts[textPlaces[field - 1 - numberCount]].keys
                if kind == .order {
                    for (row, key) in keys.enumerated() { room[row] = Int64(bitPattern: key) }
                } else {
                    caches[field].encode(keys, into: room)
                }
                scales.append(.decimals(0))
            }
        }
        if let mark = layout.texts.firstIndex(of: .mark) { markRefunds(batch.texts[mark].keys, scales[1]) }
        return scales
    }

    /// Turns prices into amounts.
    private func multiply(
        _ prices: UnsafeMutableBufferPointer<Int64>, _ scale: NumberScale, by quantities: NumberColumn
    ) -> NumberScale {
        var counts = [Int64](repeating: 0, count: prices.count)
        let countScale = counts.withUnsafeMutableBufferPointer { quantities.cells(into: $0) }
        return LineAmounts.multiply(prices, scale, by: counts, countScale)
    }

    /// Makes the amounts of marked rows negative.
    private func markRefunds(_ keys: [UInt64], _ scale: NumberScale) {
        for (row, key) in keys.enumerated() where layout.refundMarks.contains(key) {
            let cell = cells[1][row]
            cells[1][row] =
                switch scale {
                case .decimals: -abs(cell)
                case .bits: cell | Int64.min
                }
        }
    }

    /// Calls `body` with the cells of all fields where 32 bits hold them; nil where they do not.
    private func withNarrowCells<Result>(
        _ batch: Batch, _ body: ([UnsafePointer<Int32>], [NumberScale]) throws -> Result
    ) throws -> Result? {
        guard !layout.hasPrice, !layout.texts.contains(.mark), !layout.texts.contains(.order) else { return nil }
        var scales: [NumberScale] = [.decimals(0)]
        let numberCount = layout.hasQuantity ? 2 : 1
        for number in 0..<numberCount {
            let room = UnsafeMutableBufferPointer(start: narrowCells[1 + number], count: batch.rowCount)
            guard batch.columns[number].narrowCells(into: room) else { return nil }
            scales.append(.decimals(batch.columns[number].scale))
        }
        for (place, text) in batch.texts.enumerated() {
            let field = 1 + numberCount + place
            let room = UnsafeMutableBufferPointer(start: narrowCells[field], count: batch.rowCount)
            guard caches[field].encode(text.keys, into: room) else { return nil }
            scales.append(.decimals(0))
        }
        return try batch.dates[0].days.withUnsafeBufferPointer { days in
            // SAFETY: the batch has rows.
            try body([days.baseAddress!] + narrowCells[1...].map { UnsafePointer($0) }, scales)
        }
    }

    /// Lists the rows without a code up to a day by part; returns where each part's rows begin, and their number behind.
    private func scatter(
        _ batch: Batch, _ bytes: UnsafePointer<UInt8>, _ ends: UnsafePointer<UInt32>, upTo limit: Int32, partCount: Int
    ) -> [Int] {
        var bounds = [Int](repeating: 0, count: partCount + 1)
        let days = batch.dates[0].days
        let all = UnsafeBufferPointer(start: bytes, count: Int(ends[days.count - 1]))
        let codes = codes
        partsOfRows.withUnsafeMutableBufferPointer { partsOfRows in
            var start = 0
            for row in days.indices {
                let id = start..<Int(ends[row])
                start = id.upperBound
                guard codes[row] == IdentifierCodes.none, days[row] <= limit else { continue }
                let part = IdentifierCodes.part(all, id)
                partsOfRows[row] = UInt8(truncatingIfNeeded: part)
                bounds[part + 1] += 1
            }
            for part in 0..<partCount { bounds[part + 1] += bounds[part] }
            var places = bounds
            rows.withUnsafeMutableBufferPointer { rows in
                for row in days.indices where codes[row] == IdentifierCodes.none && days[row] <= limit {
                    let part = Int(partsOfRows[row])
                    rows[places[part]] = UInt32(truncatingIfNeeded: row)
                    places[part] &+= 1
                }
            }
        }
        return bounds
    }
}

extension NumberColumn {
    /// Writes the cells as integers and returns what they count.
    fileprivate func cells(into room: UnsafeMutableBufferPointer<Int64>) -> NumberScale {
        switch storage {
        case .int16(let cells):
            for (row, cell) in cells.enumerated() { room[row] = Int64(cell) }
        case .int32(let cells):
            for (row, cell) in cells.enumerated() { room[row] = Int64(cell) }
        case .float64(let cells):
            for (row, cell) in cells.enumerated() { room[row] = Int64(bitPattern: cell.bitPattern) }
            return .bits
        }
        return .decimals(scale)
    }

    /// Writes the cells where they are integers of 32 bits; says whether they are.
    fileprivate func narrowCells(into room: UnsafeMutableBufferPointer<Int32>) -> Bool {
        switch storage {
        case .int16(let cells):
            for (row, cell) in cells.enumerated() { room[row] = Int32(cell) }
        case .int32(let cells):
            for (row, cell) in cells.enumerated() { room[row] = cell }
        case .float64: return false
        }
        return true
    }
}

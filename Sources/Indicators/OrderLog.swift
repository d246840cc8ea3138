internal import CKernels
import Synchronization
public import Tables
import VectorMath

/// The rows of an order log, kept compact and apart by customer until all have come.
///
/// ```swift
/// let log = OrderLog(layout: OrderLayout(texts: [.channel]), asOf: nil, workerCount: 2)
/// for batch in batches { try log.append(batch, worker: 0) }
/// let customers = try log.grouped(workers)
/// ```
///
/// Rows are divided into parts by a hash of the customer's id; ids are compared byte by byte. A row takes about 8 bytes
/// with a channel, since chunks of rows are packed to the range of their values. The result does not depend on the order
/// of rows, batches or workers.
public final class OrderLog: Sendable {
    /// Parts of a log: enough that one part fits a second-level cache where the log has some ten million rows. Never
    /// from the core count.
    static let partCount = 128

    /// What the rows hold.
    public let layout: OrderLayout
    /// Rows after this day, in days since 1970, are left out; nil for none.
    public let asOf: Int?

    let parts: [OrderPart]
    /// For each field the codes of its texts.
    let codes: [TextCodes]
    private let benches: WorkerStates<OrderBench>
    private let totals = Mutex(Totals())

    private struct Totals: Sendable {
        var usedCount = 0
        var laterCount = 0
        var days: ClosedRange<Int>?
    }

    /// A log without rows.
    ///
    /// - Parameters:
    ///   - workerCount: the workers that append, numbered from 0.
    ///   - spill: where rows go that do not fit into memory; nil keeps all there.
    public init(layout: OrderLayout, asOf: Int?, workerCount: Int, spill: OrderSpill? = nil) {
        self.layout = layout
        self.asOf = asOf
        let fields = layout.fields
        parts = (0..<Self.partCount).map { _ in OrderPart(fieldCount: fields.count, spill: spill) }
        let codes = fields.map { _ in TextCodes() }
        self.codes = codes
        let pool = OpenChunkPool(fieldCount: fields.count)
        benches = WorkerStates((0..<workerCount).map { OrderBench(layout, codes, pool, number: $0) })
    }

    /// Rows on or before the as-of day.
    public var usedRowCount: Int { totals.withLock { $0.usedCount } }
    /// Rows after it.
    public var laterRowCount: Int { totals.withLock { $0.laterCount } }
    /// The first and the last day of the used rows; nil without rows.
    public var days: ClosedRange<Int>? { totals.withLock { $0.days } }

    /// Adds the rows of a batch, whose columns are those of the layout and have no missing number.
    ///
    /// - Parameter worker: which worker calls; a worker has one call at a time.
    /// - Throws: `IndicatorsError` of kind `outOfMemory`, what the spill throws.
    /// - Complexity: O(rows)
    public func append(_ batch: Batch, worker: Int) throws {
        let counts = try benches.withState(of: worker) { bench in
            try bench.append(batch, to: parts, asOf: asOf)
        }
        totals.withLock { $0.laterCount += batch.rowCount - counts.used }
        note(rowCount: counts.used, days: counts.days)
    }

    /// Counts rows that came in, and their days.
    func note(rowCount: Int, days: ClosedRange<Int>?) {
        totals.withLock { totals in
            totals.usedCount += rowCount
            guard let days else { return }
            totals.days =
                totals.days.map {
                    min($0.lowerBound, days.lowerBound)...max($0.upperBound, days.upperBound)
                } ?? days
        }
    }
}

/// What one worker needs to bring batches to the parts.
///
/// SAFETY: unchecked, since a worker keeps its own and has one job at a time.
private final class OrderBench: @unchecked Sendable {
    private let layout: OrderLayout
    private let fields: [OrderField]
    private var caches: [TextCodeCache]
    private var cells: [UnsafeMutablePointer<Int64>] = []
    private var hashes: [UInt64] = []
    private var rows: [UInt32] = []
    private let pool: OpenChunkPool
    private let number: Int

    init(_ layout: OrderLayout, _ codes: [TextCodes], _ pool: OpenChunkPool, number: Int) {
        self.layout = layout
        self.pool = pool
        self.number = number
        fields = layout.fields
        caches = codes.map { TextCodeCache($0) }
    }

    deinit {
        for column in cells { column.deallocate() }
    }

    /// The rows used and their days.
    func append(_ batch: Batch, to parts: [OrderPart], asOf: Int?) throws -> (used: Int, days: ClosedRange<Int>?) {
        let rowCount = batch.rowCount
        let scales = prepare(batch)
        let limit = asOf.map { Int32(clamping: $0) } ?? .max
        let days = batch.dates[0].days
        let bounds = scatter(rowCount, days, upTo: limit, partCount: parts.count)
        let used = bounds[parts.count]
        guard used > 0 else { return (0, nil) }
        var (first, last) = (Int32.max, Int32.min)
        for day in days where day <= limit { (first, last) = (min(first, day), max(last, day)) }
        try batch.identifiers.bytes.withUnsafeBufferPointer { bytes in
            try batch.identifiers.ends.withUnsafeBufferPointer { ends in
                try hashes.withUnsafeBufferPointer { hashes in
                    try rows.withUnsafeBufferPointer { rows in
                        // SAFETY: the batch has rows, so that none of these is empty; the cells of each field are as
                        // many as the rows.
                        let view = OrderBatch(
                            identifierBytes: bytes.baseAddress ?? UnsafePointer(noBytes),
                            identifierByteCount: bytes.count, identifierEnds: ends.baseAddress!,
                            hashes: hashes.baseAddress!,
                            cells: cells.map { UnsafePointer($0) }, scales: scales)
                        for step in parts.indices {
                            // Workers begin at different parts, so that they seldom meet.
                            let part = (step + 37 * number) % parts.count
                            let range = bounds[part]..<bounds[part + 1]
                            if range.isEmpty { continue }
                            try parts[part].append(UnsafeBufferPointer(rebasing: rows[range]), of: view, pool)
                        }
                    }
                }
            }
        }
        return (used, Int(first)...Int(last))
    }

    /// Turns the columns into 64-bit cells and the ids into hashes.
    private func prepare(_ batch: Batch) -> [NumberScale] {
        let rowCount = batch.rowCount
        if hashes.count < rowCount {
            hashes = Array(repeating: 0, count: rowCount)
            rows = Array(repeating: 0, count: rowCount)
            for column in cells { column.deallocate() }
            // SAFETY: every row's cell is written before it is read; freed here or in deinit.
            cells = fields.map { _ in .allocate(capacity: rowCount) }
        }
        batch.identifiers.bytes.withUnsafeBufferPointer { bytes in
            batch.identifiers.ends.withUnsafeBufferPointer { ends in
                hashes.withUnsafeMutableBufferPointer { hashes in
                    // SAFETY: `hashes` has room for every row; bytes and ends are whole ids.
                    stratum_customers_hash(
                        bytes.baseAddress ?? UnsafePointer(noBytes), ends.baseAddress!, rowCount, hashes.baseAddress!)
                }
            }
        }
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

    /// Lists the rows up to a day by part; returns where each part's rows begin, and their number behind.
    private func scatter(_ rowCount: Int, _ days: [Int32], upTo limit: Int32, partCount: Int) -> [Int] {
        let shift = UInt64(64 - partCount.trailingZeroBitCount)
        var bounds = [Int](repeating: 0, count: partCount + 1)
        var places = [Int](repeating: 0, count: partCount)
        hashes.withUnsafeBufferPointer { hashes in
            days.withUnsafeBufferPointer { days in
                for row in 0..<rowCount where days[row] <= limit {
                    bounds[Int(truncatingIfNeeded: hashes[row] &>> shift) + 1] += 1
                }
                for part in 0..<partCount {
                    places[part] = bounds[part]
                    bounds[part + 1] += bounds[part]
                }
                rows.withUnsafeMutableBufferPointer { rows in
                    places.withUnsafeMutableBufferPointer { places in
                        for row in 0..<rowCount where days[row] <= limit {
                            let part = Int(truncatingIfNeeded: hashes[row] &>> shift)
                            rows[places[part]] = UInt32(truncatingIfNeeded: row)
                            places[part] &+= 1
                        }
                    }
                }
            }
        }
        return bounds
    }
}

/// An address for ids that are all empty.
// SAFETY: never written, never freed.
nonisolated(unsafe) let noBytes: UnsafeMutablePointer<UInt8> = {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    bytes.initialize(to: 0)
    return bytes
}()

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
}

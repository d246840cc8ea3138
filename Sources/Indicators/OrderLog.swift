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
    let isStored: Bool
    /// For each field the codes of its texts.
    let codes: [TextCodes]
    private let benches: WorkerStates<OrderBench>
    private let workerCount: Int
    private let chosenCoding = Mutex<IdentifierCodes??>(nil)
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
    ///   - isStored: whether the log is to be stored, or takes in stored ones; its rows are then put in an order that
    ///     only what they say decides, so that equal rows make equal bytes.
    public init(
        layout: OrderLayout, asOf: Int?, workerCount: Int, spill: OrderSpill? = nil, isStored: Bool = false
    ) {
        self.layout = layout
        self.asOf = asOf
        let fields = layout.fields
        parts = (0..<Self.partCount).map { OrderPart(number: $0, fieldCount: fields.count, spill: spill) }
        self.isStored = isStored
        let codes = fields.map { _ in TextCodes() }
        self.codes = codes
        self.workerCount = workerCount
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
        let coding = coding(choosingBy: batch.identifiers)
        let counts = try benches.withState(of: worker) { bench in
            try bench.append(batch, coding, to: parts, asOf: asOf)
        }
        totals.withLock { $0.laterCount += batch.rowCount - counts.used }
        note(rowCount: counts.used, days: counts.days)
    }

    /// The codes of ids, nil for none; the first ids that come decide.
    func coding(choosingBy identifiers: Identifiers) -> IdentifierCodes? {
        chosenCoding.withLock { chosen in
            if let chosen { return chosen }
            if identifiers.count == 0 { return nil }
            let coding = identifiers.bytes.withUnsafeBufferPointer {
                IdentifierCodes(sampling: $0, ends: identifiers.ends)
            }
            chosen = .some(coding)
            return coding
        }
    }

    /// The codes that were chosen; nil for none.
    var coding: IdentifierCodes? { chosenCoding.withLock { $0 ?? nil } }

    /// Packs what workers still hold.
    ///
    /// - Throws: what the spill throws
    func flush(_ workers: Workers) throws {
        try workers.forEach(chunkCount: workerCount) { worker in
            try benches.withState(of: worker) { try $0.flush(to: parts) }
        }
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

/// An address for ids that are all empty.
// SAFETY: never written, never freed.
nonisolated(unsafe) let noBytes: UnsafeMutablePointer<UInt8> = {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    bytes.initialize(to: 0)
    return bytes
}()

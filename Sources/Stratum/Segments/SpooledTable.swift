import Synchronization
import TableIO
import Tables
import VectorMath

/// All customers of an input in a temporary file, batch by batch: what `Population` is without the memory.
///
/// The input is read once. So it may be a pipe, ids are compared once, and nothing that happens to it later can make two
/// passes see different customers.
final class SpooledTable: CustomerBatches {
    let rowOffsets: [Int]
    let intake: Intake
    private let file: SpoolFile
    private let places: [Place]
    private let missingCounts: [Int]
    private let isCancelled: @Sendable () throws -> Bool

    /// How the cells of a column lie in the file.
    fileprivate enum Form: UInt8 { case int16, int32, float64 }

    /// Where a batch lies: the bytes of its ids, their ends, then column by column; each part from a multiple of 8 on.
    private struct Place: Sendable {
        var offset: Int
        var rowCount: Int
        var idByteCount: Int
        var forms: [Form] = []
        var scales: [UInt8] = []
        var missingCounts: [Int] = []
    }

    /// Reads all customers into `file`.
    ///
    /// - Parameters:
    ///   - blockByteCount: the unit of reading; it changes no result.
    ///   - onReject: called with each rejected record in input order.
    init(
        _ sources: [InputSource], by plan: ResolvedPlan, _ options: RunOptions, file: SpoolFile,
        blockByteCount: Int = ReadOptions().blockByteCount,
        onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) throws {
        try plan.refuseOrders(for: "streaming")
        let reader = try plan.reader(of: sources, options, blockByteCount: blockByteCount)
        let notes = IntakeNotes(sources: sources)
        var read = plan.readOptions(options, sources, notes: notes, onReject: onReject)
        read.blockByteCount = blockByteCount
        read.expectedRecordCount = options.expectedRecordCount ?? plan.plan.input.expectedRecordCount
        let places = Mutex<[Place]>([])
        let missingCounts = Mutex([Int](repeating: 0, count: plan.columns.count))
        // Batches take their room side by side, so their order in the file is any; that in `places` is the input's.
        let end = Atomic(0)
        let statistics = try reader.forEachBatch(
            workers: Workers(threadCount: options.threadCount), options: read
        ) { _, batch in
            try Self.write(batch, to: file) { end.wrappingAdd($0, ordering: .relaxed).oldValue }
        } deliver: { place in
            missingCounts.withLock { counts in
                for column in counts.indices { counts[column] += place.missingCounts[column] }
            }
            var kept = place
            kept.missingCounts = []
            places.withLock { $0.append(kept) }
        }
        self.file = file
        self.places = places.withLock { $0 }
        self.missingCounts = missingCounts.withLock { $0 }
        intake = notes.finished(statistics)
        isCancelled = options.checkpoint(sources[0].path)
        rowOffsets = self.places.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rowCount) }
    }

    func missingCount(ofColumn column: Int) -> Int { missingCounts[column] }

    func batch(_ number: Int) throws -> Batch {
        let place = places[number]
        return Batch(
            identifiers: try identifiers(ofBatch: number),
            columns: try place.forms.indices.map { try cells(place, $0, 0..<place.rowCount) })
    }

    /// The ids of a batch.
    func identifiers(ofBatch number: Int) throws -> Identifiers {
        if try isCancelled() { throw CancellationError() }
        let place = places[number]
        return Identifiers(
            bytes: try values(place.idByteCount, at: place.offset),
            ends: try values(place.rowCount, at: place.offset + Self.padded(place.idByteCount)))
    }

    func read(column: Int, batch: Int, _ rows: Range<Int>, into values: UnsafeMutableBufferPointer<Double>) throws {
        try cells(places[batch], column, rows).decode(0..<rows.count, into: values)
    }

    /// Some cells of a column.
    private func cells(_ place: Place, _ column: Int, _ rows: Range<Int>) throws -> NumberColumn {
        var start = place.offset + Self.padded(place.idByteCount) + Self.padded(4 * place.rowCount)
        for earlier in 0..<column { start += Self.padded(place.forms[earlier].byteCount * place.rowCount) }
        start += rows.lowerBound * place.forms[column].byteCount
        let storage: NumberColumn.Storage =
            switch place.forms[column] {
            case .int16: .int16(try values(rows.count, at: start))
            case .int32: .int32(try values(rows.count, at: start))
            case .float64: .float64(try values(rows.count, at: start))
            }
        return NumberColumn(storage: storage, scale: Int(place.scales[column]))
    }

    private func values<Value: BitwiseCopyable>(_ count: Int, at offset: Int) throws -> [Value] {
        try filled(count: count) { try file.read(into: UnsafeMutableRawBufferPointer($0), at: offset) }
    }

    private static func padded(_ byteCount: Int) -> Int { (byteCount + 7) / 8 * 8 }

    /// Writes a batch to the room that `take` gives for so many bytes.
    private static func write(_ batch: Batch, to file: SpoolFile, take: (Int) -> Int) throws -> Place {
        let (ids, rowCount) = (batch.identifiers, batch.rowCount)
        let forms = batch.columns.map { Form($0.storage) }
        let byteCount = forms.reduce(padded(ids.bytes.count) + padded(4 * rowCount)) {
            $0 + padded($1.byteCount * rowCount)
        }
        var end = take(byteCount)
        var place = Place(offset: end, rowCount: rowCount, idByteCount: ids.bytes.count, forms: forms)
        func append(_ bytes: UnsafeRawBufferPointer) throws {
            try file.write(bytes, at: end)
            end += padded(bytes.count)
        }
        try ids.bytes.withUnsafeBytes { try append($0) }
        try ids.ends.withUnsafeBytes { try append($0) }
        for column in batch.columns {
            switch column.storage {
            case .int16(let cells): try cells.withUnsafeBytes { try append($0) }
            case .int32(let cells): try cells.withUnsafeBytes { try append($0) }
            case .float64(let cells): try cells.withUnsafeBytes { try append($0) }
            }
            place.scales.append(UInt8(column.scale))
            place.missingCounts.append(column.extremes.missingCount)
        }
        return place
    }
}

extension SpooledTable.Form {
    fileprivate init(_ storage: NumberColumn.Storage) {
        switch storage {
        case .int16: self = .int16
        case .int32: self = .int32
        case .float64: self = .float64
        }
    }

    fileprivate var byteCount: Int {
        switch self {
        case .int16: 2
        case .int32: 4
        case .float64: 8
        }
    }
}

import Synchronization
import TableIO
import Tables
import VectorMath

extension CSVReader {
    /// Formats the batches side by side and delivers their rows in order.
    ///
    /// - Parameter format: appends the rows of a batch to a buffer, with what its worker has.
    func formatBatches(
        workers: Workers, options: ReadOptions,
        format: @escaping @Sendable (_ worker: Int, Batch, RowBuffer) throws -> Void,
        deliver: @escaping @Sendable (RowBuffer) throws -> Void
    ) throws -> ReadStatistics {
        let buffers = RowBufferPool()
        return try forEachBatch(workers: workers, options: options) { worker, batch in
            let buffer = buffers.take()
            try format(worker, batch, buffer)
            return buffer
        } deliver: { buffer in
            try deliver(buffer)
            buffers.give(buffer)
        }
    }
}

extension Workers {
    /// The same for chunks that are in memory, each known by its number.
    ///
    /// - Parameter isCancelled: asked before each chunk.
    /// - Throws: `CancellationError`; what the parameters throw.
    func formatChunks(
        count: Int, isCancelled: @escaping @Sendable () throws -> Bool,
        format: @escaping @Sendable (_ worker: Int, _ chunk: Int, RowBuffer) throws -> Void,
        deliver: @escaping @Sendable (_ chunk: Int, RowBuffer) throws -> Void
    ) throws {
        let buffers = RowBufferPool()
        let next = ChunkCounter(count: count)
        try OrderedPipeline<Int, Int, Int, (Int, RowBuffer)>(
            fetch: {
                if try isCancelled() { throw CancellationError() }
                return next.take()
            },
            parse: { _, chunk in chunk },
            admit: { chunk in chunk.map { [$0] } ?? [] },
            process: { worker, chunk in
                let buffer = buffers.take()
                try format(worker, chunk, buffer)
                return (chunk, buffer)
            },
            deliver: { chunk, buffer in
                try deliver(chunk, buffer)
                buffers.give(buffer)
            }
        ).run(workers: self)
    }
}

extension RowBuffer {
    /// A buffer that holds a header.
    convenience init(_ header: [UInt8]) {
        self.init(capacity: header.count)
        append(header)
    }
}

/// Empty buffers for formatted rows, used again and again.
final class RowBufferPool: Sendable {
    private let free = Mutex<[RowBuffer]>([])

    func take() -> RowBuffer { free.withLock { $0.popLast() } ?? RowBuffer(capacity: 1 << 20) }

    func give(_ buffer: RowBuffer) {
        buffer.removeAll()
        free.withLock { $0.append(buffer) }
    }
}

import Dispatch
import Synchronization

/// A number of threads that share work: the one door to Dispatch for parallel loops.
///
/// Chunks are numbered by the caller and never depend on `threadCount`; results come back in chunk order, so what is
/// computed from them is the same for any number of threads.
public struct Workers: Sendable {
    /// Threads used at once, 1 or more.
    public let threadCount: Int

    /// Workers on `threadCount` threads.
    public init(threadCount: Int) {
        precondition(threadCount >= 1, "threadCount \(threadCount) is below 1")
        self.threadCount = threadCount
    }

    /// Runs `body` once for each chunk, side by side, in no particular order; returns when all are done.
    ///
    /// - Throws: the error of the lowest-numbered chunk that threw; later chunks may not have run then.
    public func forEach(chunkCount: Int, _ body: @Sendable (Int) throws -> Void) throws {
        let next = Atomic(0)
        let failure = Mutex<(chunk: Int, error: any Error)?>(nil)
        @Sendable func work(_: Int) {
            while true {
                let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard chunk < chunkCount else { return }
                do {
                    try body(chunk)
                } catch {
                    next.store(chunkCount, ordering: .relaxed)
                    failure.withLock { first in
                        if chunk < first?.chunk ?? .max { first = (chunk, error) }
                    }
                }
            }
        }
        if threadCount == 1 || chunkCount <= 1 {
            work(0)
        } else {
            DispatchQueue.concurrentPerform(iterations: min(threadCount, chunkCount), execute: work)
        }
        if let error = failure.withLock({ $0?.error }) { throw error }
    }

    /// Runs `body` once for each chunk, side by side, and returns its results in chunk order.
    ///
    /// - Throws: the error of the lowest-numbered chunk that threw.
    public func map<Result: Sendable>(chunkCount: Int, _ body: @Sendable (Int) throws -> Result) throws -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: chunkCount))
        try forEach(chunkCount: chunkCount) { chunk in
            let result = try body(chunk)
            results.withLock { $0[chunk] = result }
        }
        return results.withLock { $0.map { $0! } }
    }
}

import Dispatch
import Glibc
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

    /// Workers on a thread for each processor that is on line.
    public static var allProcessors: Workers {
        Workers(threadCount: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    }

    /// Runs `body` once for each chunk, side by side, in no particular order; returns when all are done.
    ///
    /// Chunks are begun in rising order, so every chunk before one that throws has been begun and is finished.
    ///
    /// - Throws: the error of the lowest-numbered chunk that throws; later chunks may not have run then.
    public func forEach<Failure: Error>(
        chunkCount: Int, _ body: @Sendable (Int) throws(Failure) -> Void
    ) throws(Failure) {
        try reduce(
            chunkCount: chunkCount, into: { () },
            update: { (_: inout Void, chunk: Int) throws(Failure) in try body(chunk) }, combine: { _, _ in })
    }

    /// Runs `body` once for each chunk, side by side, and returns its results in chunk order.
    ///
    /// - Throws: the error of the lowest-numbered chunk that throws.
    public func map<Result: Sendable, Failure: Error>(
        chunkCount: Int, _ body: @Sendable (Int) throws(Failure) -> Result
    ) throws(Failure) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: chunkCount))
        try forEach(chunkCount: chunkCount) { (chunk: Int) throws(Failure) in
            let result = try body(chunk)
            results.withLock { $0[chunk] = result }
        }
        return results.withLock { $0.map { $0! } }
    }

    /// Brings every chunk into a state of its thread and combines the states: for states too large to keep per chunk.
    ///
    /// Which chunks share a state, and in which order states are combined, changes from run to run. So this is only
    /// for states that do not depend on order to the last bit: counts, extremes, `ExactSum`, `Moments`, scratch
    /// buffers. For anything else combine the results of `map`, which are in chunk order.
    ///
    /// - Parameters:
    ///   - makeState: an empty state; called at most `threadCount` times and once if there is no chunk.
    ///   - update: brings one chunk into a state.
    ///   - combine: brings the second state into the first.
    /// - Throws: the error of the lowest-numbered chunk that throws.
    public func reduce<State: Sendable, Failure: Error>(
        chunkCount: Int, into makeState: @Sendable () -> State,
        update: @Sendable (inout State, Int) throws(Failure) -> Void, combine: @Sendable (inout State, State) -> Void
    ) throws(Failure) -> State {
        let next = Atomic(0)
        let outcome = Mutex(Outcome<State, Failure>())
        @Sendable func work(_: Int) {
            var state = makeState()
            while true {
                let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard chunk < chunkCount else { break }
                do throws(Failure) {
                    try update(&state, chunk)
                } catch {
                    next.store(chunkCount, ordering: .relaxed)
                    outcome.withLock { $0.noteFailure(of: chunk, error) }
                }
            }
            let finished = state
            outcome.withLock {
                if $0.state == nil { $0.state = finished } else { combine(&$0.state!, finished) }
            }
        }
        if threadCount == 1 || chunkCount <= 1 {
            work(0)
        } else {
            DispatchQueue.concurrentPerform(iterations: min(threadCount, chunkCount), execute: work)
        }
        let result = outcome.withLock { $0 }
        if let failure = result.failure { throw failure.error }
        return result.state!
    }
}

/// What the threads of one `reduce` have handed in.
private struct Outcome<State: Sendable, Failure: Error>: Sendable {
    var state: State?
    var failure: (chunk: Int, error: Failure)?

    mutating func noteFailure(of chunk: Int, _ error: Failure) {
        if let failure, failure.chunk < chunk { return }
        failure = (chunk, error)
    }
}

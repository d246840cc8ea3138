import Dispatch
import Glibc

/// Blocks that pass through stages, side by side where a stage allows it and one after the other where order counts.
///
/// ```
/// fetch ──▶ parse ──▶ admit ──▶ process ──▶ deliver
/// serial    parallel  in order  parallel    in order
/// ```
///
/// Every worker takes the job nearest to the end of the pipe, so finished blocks leave memory before new ones enter,
/// and never more than `2 x threadCount + 4` blocks are inside. Fetching alone goes before everything else while few
/// blocks wait to be parsed: where it is the slow stage (unpacking), some worker is always at it. `admit` may turn one
/// block into several or none.
package struct OrderedPipeline<Block: Sendable, Parsed: Sendable, Admitted: Sendable, Processed: Sendable>: Sendable {
    /// Gives the next block, or nil at the end; one call at a time.
    package var fetch: @Sendable () throws -> Block?
    /// Turns a block into its parsed form on the worker of the given index, 0 ..< threadCount.
    package var parse: @Sendable (Int, Block) throws -> Parsed
    /// Takes the parsed blocks in fetch order, one at a time; nil after the last.
    package var admit: @Sendable (Parsed?) throws -> [Admitted]
    /// Works on an admitted block on the worker of the given index.
    package var process: @Sendable (Int, Admitted) throws -> Processed
    /// Takes the processed blocks in admission order, one at a time.
    package var deliver: @Sendable (Processed) throws -> Void

    package init(
        fetch: @escaping @Sendable () throws -> Block?,
        parse: @escaping @Sendable (Int, Block) throws -> Parsed,
        admit: @escaping @Sendable (Parsed?) throws -> [Admitted],
        process: @escaping @Sendable (Int, Admitted) throws -> Processed,
        deliver: @escaping @Sendable (Processed) throws -> Void
    ) {
        self.fetch = fetch
        self.parse = parse
        self.admit = admit
        self.process = process
        self.deliver = deliver
    }

    /// Runs all blocks through; returns when the last is delivered.
    ///
    /// - Throws: the first error of any stage. Blocks before it may have been delivered, blocks after it are not.
    package func run(workers: Workers) throws {
        let run = PipelineRun(pipeline: self, threadCount: workers.threadCount)
        try workers.forEach(chunkCount: workers.threadCount) { worker in try run.work(worker) }
    }
}

/// The shared state of one run; every field is read and written under `mutex`.
private final class PipelineRun<Block: Sendable, Parsed: Sendable, Admitted: Sendable, Processed: Sendable>:
    @unchecked Sendable
{
    private let pipeline: OrderedPipeline<Block, Parsed, Admitted, Processed>
    /// Blocks inside at most.
    private let blockLimit: Int
    /// Fetched blocks up to which fetching goes first; a single worker would only lay them by.
    private let fetchedTarget: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    private var failed = false
    private var fetching = false
    private var fetchedAll = false
    private var fetchedCount = 0
    private var fetched: [(index: Int, block: Block)] = []
    private var parsed: [Int: Parsed] = [:]
    private var admitting = false
    private var admittedBlocks = 0
    private var admittedAll = false
    private var waiting: [(index: Int, item: Admitted)] = []
    private var admittedCount = 0
    private var processed: [Int: Processed] = [:]
    private var delivering = false
    private var deliveredCount = 0

    init(pipeline: OrderedPipeline<Block, Parsed, Admitted, Processed>, threadCount: Int) {
        self.pipeline = pipeline
        blockLimit = 2 * threadCount + 4
        fetchedTarget = threadCount > 1 ? threadCount : 0
        // SAFETY: both are allocated above, initialized once here and destroyed in deinit after all workers returned.
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    private enum Job {
        case deliver(Processed)
        case process(Int, Admitted)
        case admit(Parsed?)
        case parse(Int, Block)
        case fetch
    }

    func work(_ worker: Int) throws {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !failed {
            if let job = nextJob() {
                do {
                    try perform(job, on: worker)
                } catch {
                    failed = true
                    pthread_cond_broadcast(changed)
                    throw error
                }
                pthread_cond_broadcast(changed)
            } else if admittedAll && deliveredCount == admittedCount {
                return
            } else {
                pthread_cond_wait(changed, mutex)
            }
        }
    }

    /// Takes the next job and marks it as taken.
    private func nextJob() -> Job? {
        if fetched.count < fetchedTarget, takeFetch() { return .fetch }
        if !delivering, let item = processed.removeValue(forKey: deliveredCount) {
            delivering = true
            return .deliver(item)
        }
        if !waiting.isEmpty {
            let (index, item) = waiting.removeFirst()
            return .process(index, item)
        }
        if !admitting, !admittedAll {
            if let block = parsed.removeValue(forKey: admittedBlocks) {
                admitting = true
                return .admit(block)
            }
            if fetchedAll && admittedBlocks == fetchedCount {
                admitting = true
                return .admit(nil)
            }
        }
        if !fetched.isEmpty {
            let (index, block) = fetched.removeFirst()
            return .parse(index, block)
        }
        return takeFetch() ? .fetch : nil
    }

    /// Marks fetching as taken if there may be something to fetch and room for it.
    private func takeFetch() -> Bool {
        let inside = (fetchedCount - admittedBlocks) + (admittedCount - deliveredCount)
        guard !fetching, !fetchedAll, inside < blockLimit else { return false }
        fetching = true
        return true
    }

    /// Does the job with the mutex released and files its result.
    private func perform(_ job: Job, on worker: Int) throws {
        switch job {
        case .deliver(let item):
            try unlocked { try pipeline.deliver(item) }
            delivering = false
            deliveredCount += 1
        case .process(let index, let item):
            processed[index] = try unlocked { try pipeline.process(worker, item) }
        case .admit(let block):
            let items = try unlocked { try pipeline.admit(block) }
            for item in items {
                waiting.append((admittedCount, item))
                admittedCount += 1
            }
            admitting = false
            if block == nil { admittedAll = true } else { admittedBlocks += 1 }
        case .fetch:
            let block = try unlocked { try pipeline.fetch() }
            fetching = false
            guard let block else {
                fetchedAll = true
                return
            }
            fetched.append((fetchedCount, block))
            fetchedCount += 1
        case .parse(let index, let block):
            parsed[index] = try unlocked { try pipeline.parse(worker, block) }
        }
    }

    private func unlocked<Result>(_ body: () throws -> Result) throws -> Result {
        pthread_mutex_unlock(mutex)
        defer { pthread_mutex_lock(mutex) }
        return try body()
    }
}

import Synchronization
import TestSupport
import Testing
import VectorMath

struct WorkersTests {
    @Test(arguments: everyThreadCount)
    func everyChunkRunsOnce(threadCount: Int) {
        let runs = Mutex([Int](repeating: 0, count: 100))
        Workers(threadCount: threadCount).forEach(chunkCount: 100) { chunk in runs.withLock { $0[chunk] += 1 } }
        #expect(runs.withLock { $0 } == [Int](repeating: 1, count: 100))
    }

    @Test(arguments: everyThreadCount, [0, 1, 2, 50])
    func mapKeepsChunkOrder(threadCount: Int, chunkCount: Int) {
        let squares = Workers(threadCount: threadCount).map(chunkCount: chunkCount) { $0 * $0 }
        #expect(squares == (0..<chunkCount).map { $0 * $0 })
    }

    @Test(arguments: everyThreadCount, [0, 1, 2, 50])
    func reduceBringsEveryChunkInOnce(threadCount: Int, chunkCount: Int) {
        let chunks = Workers(threadCount: threadCount).reduce(chunkCount: chunkCount) {
            Set<Int>()
        } update: { chunks, chunk in
            #expect(chunks.insert(chunk).inserted)
        } combine: { chunks, others in
            #expect(chunks.isDisjoint(with: others))
            chunks.formUnion(others)
        }
        #expect(chunks == Set(0..<chunkCount))
    }

    @Test(arguments: everyThreadCount)
    func theLowestFailingChunkIsReported(threadCount: Int) {
        for _ in 0..<50 {
            #expect(throws: Failure(chunk: 13)) {
                try Workers(threadCount: threadCount).forEach(chunkCount: 40) { chunk in
                    if chunk >= 13 { throw Failure(chunk: chunk) }
                }
            }
        }
    }

    private struct Failure: Error, Equatable { let chunk: Int }
}

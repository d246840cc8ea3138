import Synchronization
import TestSupport
import Testing

@testable import VectorMath

struct OrderedPipelineTests {
    struct Stop: Error, Equatable { var stage: String }

    /// Runs the numbers 0 ..< count through; each is admitted `number % 3` times, and once more at the end.
    static func run(_ count: Int, threads: Int, failing: Stop? = nil, at place: Int = 0) throws -> [Int] {
        let next = Atomic(0)
        let delivered = Mutex<[Int]>([])
        let busy = Mutex((fetch: false, admit: false, deliver: false))
        @Sendable func check(_ stage: String, _ number: Int) throws {
            if let failing, failing.stage == stage, number == place { throw failing }
        }
        try OrderedPipeline<Int, Int, Int, Int>(
            fetch: {
                #expect(
                    busy.withLock { state in
                        defer { state.fetch = true }; return !state.fetch
                    })
                defer { busy.withLock { $0.fetch = false } }
                let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                try check("fetch", number)
                return number < count ? number : nil
            },
            parse: { worker, number in
                #expect(worker < threads)
                try check("parse", number)
                return number
            },
            admit: { number in
                #expect(
                    busy.withLock { state in
                        defer { state.admit = true }; return !state.admit
                    })
                defer { busy.withLock { $0.admit = false } }
                guard let number else { return [-1] }
                try check("admit", number)
                return Array(repeating: number, count: number % 3)
            },
            process: { _, number in
                try check("process", number)
                return number * 10
            },
            deliver: { number in
                #expect(
                    busy.withLock { state in
                        defer { state.deliver = true }; return !state.deliver
                    })
                defer { busy.withLock { $0.deliver = false } }
                try check("deliver", number / 10)
                delivered.withLock { $0.append(number) }
            }
        ).run(workers: Workers(threadCount: threads))
        return delivered.withLock { $0 }
    }

    @Test(arguments: everyThreadCount)
    func resultsComeInOrderAndNoneIsLost(_ threads: Int) throws {
        for count in [0, 1, 2, 500] {
            let expected = (0..<count).flatMap { Array(repeating: $0 * 10, count: $0 % 3) } + [-10]
            #expect(try Self.run(count, threads: threads) == expected)
        }
    }

    @Test(arguments: everyThreadCount)
    func anErrorOfAnyStageEndsTheRun(_ threads: Int) {
        for stage in ["fetch", "parse", "admit", "process", "deliver"] {
            #expect(throws: Stop(stage: stage)) {
                try Self.run(300, threads: threads, failing: Stop(stage: stage), at: 200)
            }
        }
    }
}

import Reports
import Segmentation
import TableIO
import Testing
import VectorMath

@testable import Stratum

/// Streamed segmentations beside those in memory.
struct SegmentStreamTests {
    private static func plan(
        _ features: Plan.Features, value: String? = "revenue_12m", count: Int = 4, restarts: Int = 1
    ) -> Plan {
        Plan(
            dimensions: [
                .init("economic", weight: 3, indicators: [.init("revenue_12m", weight: 2), .init("order_count")]),
                .init("social", indicators: [.init("nps"), .init("referrals")]),
                .init("behavioral", weight: 2, indicators: [.init("recency_days", direction: .lower)]),
            ], value: value,
            segments: Plan.Segments(count: count, features: features, restarts: restarts, seed: 3))
    }

    private struct Outcome {
        var bytes: [UInt8]
        var result: RunResult
    }

    private static func run(
        _ input: [UInt8], _ plan: Plan, _ streaming: SegmentStreaming?, threads: Int = 2, name: String = "out",
        in folder: EngineTests.Folder
    ) throws -> Outcome {
        let path = folder.path + "/input.csv"
        let transaction = OutputTransaction(replacesExisting: true, isSynced: false)
        try transaction.create(path).append(input)
        try transaction.commit()
        var options = RunOptions()
        options.threadCount = threads
        options.sync = false
        options.force = true
        options.streaming = streaming
        var outputs = SegmentOutputs()
        outputs.segments = folder.path + "/" + name
        outputs.rejects = folder.path + "/rejects"
        outputs.model = folder.path + "/model"
        outputs.profiles = folder.path + "/profiles"
        let result = try Engine(plan: plan.resolved(), options: options).segment(inputs: [path], to: outputs)
        let bytes = try [name, "rejects", "model", "profiles"].flatMap { try folder.bytes($0) }
        return Outcome(bytes: bytes, result: result)
    }

    /// A sample with repeated ids, broken numbers and missing cells.
    private static func dirtySample(_ customerCount: Int) -> [UInt8] {
        let lines = EngineTests.sample(customerCount).split(separator: 0x0A)
        var bytes = Array(lines[0]) + [0x0A]
        for (number, line) in lines.dropFirst().enumerated() {
            bytes += line + [0x0A]
            if number % 400 == 7 { bytes += line + [0x0A] }
            if number % 500 == 9 { bytes += Array("X\(number),none".utf8) + [0x0A] }
        }
        return bytes
    }

    @Test(arguments: [Plan.Features.normalized, .zScore, .robust, .unscaled])
    func aStreamedRunWritesTheBytesOfARunInMemory(features: Plan.Features) throws {
        let folder = EngineTests.Folder()
        let input = Self.dirtySample(40_000)
        for value in ["revenue_12m", nil] {
            let plan = Self.plan(features, value: value, restarts: 2)
            let whole = try Self.run(input, plan, nil, in: folder)
            #expect(whole.result.summary.rows.rejected > 100)
            for threads in [1, 2, 7] {
                let streamed = try Self.run(input, plan, SegmentStreaming(), threads: threads, in: folder)
                #expect(streamed.bytes == whole.bytes, "\(threads) threads")
                #expect(streamed.result.segments?.csv == whole.result.segments?.csv, "\(threads) threads")
                #expect(streamed.result.summary.rows == whole.result.summary.rows)
                #expect(streamed.result.summary.missing == whole.result.summary.missing)
                #expect(streamed.result.summary.warnings == whole.result.summary.warnings)
                #expect(streamed.result.summary.outputs.map(\.checksum) == whole.result.summary.outputs.map(\.checksum))
            }
        }
    }

    @Test func mainBytesDoNotDependOnTheUnitOfReading() throws {
        let folder = EngineTests.Folder()
        let plan = try Self.plan(.normalized).resolved()
        let input = Self.dirtySample(3_000)
        var options = RunOptions()
        options.threadCount = 3
        var found: [[UInt16]] = []
        for block in [1 << 19, 64, 997, 20_000] {
            let table = try SpooledTable(
                [InputSource(bytes: input, name: "memory")], by: plan, options, file: SpoolFile(folder: folder.path),
                blockByteCount: block
            ) { _ in }
            #expect(table.rowCount == 3_000)
            let streamed = try StreamedSegments(
                table, ScoringFit(table, by: plan, workers: Workers(threadCount: 3)), by: plan,
                #require(plan.plan.segments), SegmentStreaming(), file: SpoolFile(folder: folder.path), options)
            found.append(try streamed.features.segments(0..<3_000))
        }
        #expect(found.allSatisfy { $0 == found[0] })
        #expect(Set(found[0]).count == 4)
    }

    @Test func oneCustomerAndMoreSegmentsThanCustomersAreAsInMemory() throws {
        let folder = EngineTests.Folder()
        for customerCount in [1, 3] {
            let input = EngineTests.sample(customerCount)
            let plan = Self.plan(.zScore, count: 7)
            let whole = try Self.run(input, plan, nil, in: folder)
            let streamed = try Self.run(input, plan, SegmentStreaming(), in: folder)
            #expect(streamed.bytes == whole.bytes)
            // A run in memory also tells what scoring would meet.
            let warnings = streamed.result.summary.warnings
            #expect(!warnings.isEmpty && warnings[...] == whole.result.summary.warnings.suffix(warnings.count))
        }
    }

    @Test func noCustomerIsTheErrorOfARunInMemory() throws {
        let folder = EngineTests.Folder()
        let header = EngineTests.sample(1).prefix { $0 != 0x0A } + [0x0A]
        for streaming in [nil, SegmentStreaming()] {
            let error = #expect(throws: EngineError.self) {
                try Self.run(Array(header), Self.plan(.zScore), streaming, in: folder)
            }
            #expect(error?.kind == .noCustomers)
            #expect(throws: (any Error).self) { try folder.bytes("out") }
        }
    }

    @Test func miniBatchesGiveTheSameBytesForAnyNumberOfThreads() throws {
        let folder = EngineTests.Folder()
        var streaming = SegmentStreaming()
        streaming.miniBatchRowCount = 2_000
        let input = EngineTests.sample(30_000)
        let one = try Self.run(input, Self.plan(.zScore), streaming, threads: 1, in: folder)
        for threads in [2, 7] {
            let other = try Self.run(input, Self.plan(.zScore), streaming, threads: threads, in: folder)
            #expect(other.bytes == one.bytes, "\(threads) threads")
        }
        let sizes = try #require(one.result.segments).profiles.map(\.size)
        #expect(sizes.count == 4 && sizes.reduce(0, +) == 30_000)
    }

    @Test func whatNeedsTheCustomersInMemoryIsRefusedBeforeAnyFileIsRead() throws {
        func refusal(
            segments change: (inout Plan.Segments) -> Void = { _ in },
            outputs: (inout SegmentOutputs) -> Void = { _ in }
        ) -> EngineError? {
            var plan = Self.plan(.zScore)
            if var segments = plan.segments {
                change(&segments)
                plan.segments = segments
            }
            var options = RunOptions()
            options.streaming = SegmentStreaming()
            var wanted = SegmentOutputs()
            wanted.segments = "/none/out"
            outputs(&wanted)
            return #expect(throws: EngineError.self) {
                try Engine(plan: plan.resolved(), options: options).segment(inputs: ["/none/in"], to: wanted)
            }
        }
        let found = [
            refusal(segments: { $0.counts = 2...4 }), refusal(segments: { $0.minimumShare = 0.02 }),
            refusal(segments: { $0.weight = "order_count" }), refusal(outputs: { $0.hasDistances = true }),
            refusal(outputs: { $0.curve = "/none/curve" }),
        ]
        #expect(found.allSatisfy { $0?.kind == .optionConflict })
        #expect(
            found.map { $0?.place } == [
                "segments.count", "segments.minimumShare", "segments.weight", "--distances", "--curve",
            ])
    }

    @Test func temporaryDataLeaveNothingAndAMissingFolderIsNamed() throws {
        let folder = EngineTests.Folder()
        var streaming = SegmentStreaming()
        streaming.spoolFolder = folder.path + "/none"
        let error = #expect(throws: TableIOError.self) {
            try Self.run(EngineTests.sample(10), Self.plan(.zScore), streaming, in: folder)
        }
        #expect(error?.kind == .missingFolder && error?.path == folder.path + "/none")
    }
}

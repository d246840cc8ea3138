import Foundation
import Reports
import Stratum
import Synchronization
import TableIO
import Testing
import Tiers

struct EngineTests {
    /// A folder that goes with the test.
    final class Folder: Sendable {
        let path: String
        init() {
            path = FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID().uuidString)").path
            try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }
        func bytes(_ name: String) throws -> [UInt8] {
            try [UInt8](Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
        }
        func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }
    }

    static func sample(_ customerCount: Int, seed: UInt64 = 5) -> [UInt8] {
        let data = SampleData(customerCount: customerCount, seed: seed)
        return data.header + (0..<data.chunkCount).flatMap { data.records(ofChunk: $0) }
    }

    static func plan(segments: Int? = 4) -> Plan {
        Plan(
            dimensions: [
                .init("economic", weight: 3, indicators: [.init("revenue_12m", weight: 2), .init("order_count")]),
                .init("social", indicators: [.init("nps"), .init("referrals")]),
                .init("behavioral", weight: 2, indicators: [.init("recency_days", direction: .lower)]),
            ], value: "revenue_12m", segments: segments.map { Plan.Segments(count: $0) })
    }

    static func run(_ bytes: [UInt8], _ plan: Plan, threads: Int = 2, into folder: Folder, name: String = "out") throws
        -> RunResult
    {
        var options = RunOptions()
        options.threadCount = threads
        options.sync = false
        return try Engine(plan: plan.resolved(), options: options).run(
            InputSource(bytes: bytes, name: "sample"), outputFolder: folder.path + "/" + name)
    }

    /// The fields of a file without quotes, header first.
    static func fields(_ text: String) -> [[Substring]] {
        text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }

    @Test func scoresAreThoseOfAPlainComputation() throws {
        let folder = Folder()
        let bytes = Self.sample(3_000)
        _ = try Self.run(bytes, Self.plan(segments: nil), into: folder)
        let input = Self.fields(String(decoding: bytes, as: UTF8.self))
        let output = Self.fields(try folder.text("out/scores.csv"))
        #expect(output.count == input.count)
        #expect(
            output[0].map(String.init) == [
                "customer_id", "economic", "social", "behavioral", "score", "percentile_rank", "tier", "flags",
            ])
        func normalized(_ name: String, falling: Bool = false) -> [Double?] {
            let column = input[0].firstIndex(of: Substring(name))!
            let values = input.dropFirst().map { Double($0[column]) }
            let sorted = values.compactMap { $0 }.sorted()
            func quantile(_ p: Double) -> Double {
                let position = Double(sorted.count - 1) * p
                let low = Int(position)
                return sorted[low] + (position - Double(low)) * (sorted[min(low + 1, sorted.count - 1)] - sorted[low])
            }
            let (low, high) = (quantile(0.01), quantile(0.99))
            return values.map {
                $0.map { value in
                    let share = min(1, max(0, (value - low) / (high - low)))
                    return falling ? 1 - share : share
                }
            }
        }
        func mean(_ parts: [(Double, Double?)]) -> Double? {
            let present = parts.filter { $0.1 != nil }
            guard !present.isEmpty else { return nil }
            return present.reduce(0) { $0 + $1.0 * $1.1! } / present.reduce(0) { $0 + $1.0 }
        }
        let (revenue, orders) = (normalized("revenue_12m"), normalized("order_count"))
        let (nps, referrals, recency) = (
            normalized("nps"), normalized("referrals"), normalized("recency_days", falling: true)
        )
        var missingCount = 0
        for row in 0..<input.count - 1 {
            let economic = mean([(2, revenue[row]), (1, orders[row])])
            let social = mean([(1, nps[row]), (1, referrals[row])])
            let score = mean([(3, economic), (1, social), (2, recency[row])])
            for (field, expected) in zip(output[row + 1][1...4], [economic, social, recency[row], score]) {
                #expect(abs(Double(field)! - 100 * expected!) <= 0.000_500_001, "row \(row)")
            }
            missingCount += nps[row] == nil ? 1 : 0
            #expect((output[row + 1][7] == "some_missing") == (nps[row] == nil))
        }
        #expect(missingCount > 0)
    }

    @Test func theBytesAreTheSameForAnyNumberOfThreads() throws {
        let folder = Folder()
        let bytes = Self.sample(30_000)
        for threads in [1, 2, 7] {
            _ = try Self.run(bytes, Self.plan(), threads: threads, into: folder, name: "out\(threads)")
        }
        for name in ["scores.csv", "tiers.csv", "segments.csv", "rejects.csv", "model.json"] {
            let one = try folder.bytes("out1/" + name)
            #expect(!one.isEmpty)
            #expect(try folder.bytes("out2/" + name) == one, "\(name), 2 threads")
            #expect(try folder.bytes("out7/" + name) == one, "\(name), 7 threads")
        }
    }

    @Test func aStoredModelScoresAsTheRunDid() throws {
        let folder = Folder()
        let bytes = Self.sample(5_000)
        _ = try Self.run(bytes, Self.plan(), into: folder)
        let model = try Model.decode(try folder.bytes("out/model.json"))
        for threads in [1, 7] {
            var options = RunOptions()
            options.threadCount = threads
            let streamed = Mutex<[UInt8]>([])
            let rows = try Engine.score(model: model, InputSource(bytes: bytes, name: "sample"), options: options) {
                part in
                streamed.withLock { $0.append(contentsOf: part) }
            }
            #expect(rows.accepted == 5_000)
            // 5,000 scores are fewer than the knots of the rank table, so even the ranks are the same.
            #expect(try streamed.withLock { $0 } == folder.bytes("out/scores.csv"))
        }
    }

    @Test func everyRecordIsInTheScoresOrInTheRejects() throws {
        let folder = Folder()
        var text = String(decoding: Self.sample(2_000), as: UTF8.self)
        text += "C000000007,1,1,1,1,1,1,1,1,1,1,1,1\n"  // seen before
        text += "X1,abc,1,1,1,1,1,1,1,1,1,1,1\nX2,1,1\n,1,1,1,1,1,1,1,1,1,1,1,1\n"
        let result = try Self.run(Array(text.utf8), Self.plan(), into: folder)
        #expect(result.summary.rows.read == 2_004)
        #expect(result.summary.rows.accepted == 2_000)
        #expect(result.summary.rows.rejected == 4)
        #expect(try Self.fields(folder.text("out/scores.csv")).count == 2_001)
        let rejects = try folder.text("out/rejects.csv").split(separator: "\n")
        #expect(rejects[1].hasPrefix("sample,2002,2001,") && rejects[1].contains(",customer_id,duplicate_id,"))
        #expect(rejects[2].hasPrefix("sample,2003,2002,") && rejects[2].contains(",revenue_12m,invalid_number,"))
        #expect(rejects[3].hasPrefix("sample,2004,2003,") && rejects[3].contains(",,too_few_fields,"))
        #expect(rejects[4].hasPrefix("sample,2005,2004,") && rejects[4].contains(",customer_id,missing_id,"))
        #expect(result.firstRejects.count == 4)
    }

    @Test func tiersHoldTheSharesAskedFor() throws {
        let folder = Folder()
        let result = try Self.run(Self.sample(10_000), Self.plan(), into: folder)
        let rows = try #require(result.tierTable).rows
        #expect(rows.map(\.customersAsked) == [100, 400, 1_500, 8_000])
        #expect(rows.reduce(0) { $0 + $1.customerCount } == 10_000)
        // Scores hardly ever tie, and ties go up: a tier has what was asked, or a few more.
        for (row, asked) in zip(rows.dropLast(), [100, 400, 1_500]) { #expect(abs(row.customerCount - asked) <= 3) }
        let scores = Self.fields(try folder.text("out/scores.csv")).dropFirst()
        let tierPlace = 6
        let counted = Dictionary(grouping: scores) { $0[tierPlace] }.mapValues(\.count)
        #expect(rows.allSatisfy { counted[Substring($0.name ?? "")] == $0.customerCount })
    }

    @Test func constantAndEmptyColumnsAreScoredWithAWarning() throws {
        let folder = Folder()
        let rows = (0..<200).map { "k\($0),7,,\($0)" }
        let text = "customer_id,a,b,c\n" + rows.joined(separator: "\n") + "\n"
        let plan = Plan(dimensions: [.init("d", indicators: [.init("a"), .init("b"), .init("c")])])
        let result = try Self.run(Array(text.utf8), plan, into: folder)
        #expect(result.summary.warnings.contains { $0.contains("\"a\" is the same for everyone") })
        #expect(result.summary.warnings.contains { $0.contains("\"b\" has no value at all") })
        for row in Self.fields(try folder.text("out/scores.csv")).dropFirst() {
            let score = try #require(Double(row[2]))
            #expect(score >= 25 && score <= 75)
        }
    }

    @Test func anInputWithoutCustomersIsAnErrorAndLeavesNoFile() throws {
        let folder = Folder()
        #expect(throws: EngineError.self) {
            try Self.run(
                Array("customer_id,revenue_12m,order_count,nps,referrals,recency_days\n".utf8), Self.plan(),
                into: folder)
        }
        #expect(throws: (any Error).self) { try folder.bytes("out/scores.csv") }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
    }

    @Test func cancellingLeavesNothing() throws {
        let folder = Folder()
        var options = RunOptions()
        options.isCancelled = { true }
        let engine = Engine(plan: try Self.plan().resolved(), options: options)
        #expect(throws: CancellationError.self) {
            try engine.run(InputSource(bytes: Self.sample(1_000), name: "sample"), outputFolder: folder.path + "/out")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
    }

    @Test func contributionsSumToTheScore() throws {
        let folder = Folder()
        var plan = Self.plan(segments: nil)
        plan.output = Plan.Output(columns: [.score, .contributions], decimals: 6)
        _ = try Self.run(Self.sample(2_000), plan, into: folder)
        for row in Self.fields(try folder.text("out/scores.csv")).dropFirst() {
            let numbers = row.dropFirst().map { Double($0)! }
            #expect(abs(numbers[0] - numbers.dropFirst().reduce(0, +)) < 1e-5)
        }
    }
}

import Foundation
import Reports
import Segmentation
import Stratum
import TableIO
import TestSupport
import Testing

/// Segments through the library: number chosen, small ones dissolved, earlier ones continued, stored ones applied.
struct SegmentTests {
    private typealias Folder = EngineTests.Folder

    /// An export of customers in groups: id, two features and a weight.
    private func export(_ groups: [(size: Int, x: Double, y: Double)], seed: Int = 1) -> String {
        var random = RepeatableGenerator(seed: seed)
        var rows: [String] = []
        for group in groups {
            for _ in 0..<group.size {
                rows.append("\(group.x + random.unit()),\(group.y + random.unit()),\(1 + rows.count % 3)")
            }
        }
        return "customer_id,x,y,w\n" + rows.enumerated().map { "C\($0.offset),\($0.element)\n" }.joined()
    }

    private func plan(_ segments: Plan.Segments) -> Plan {
        Plan(dimensions: [.init("all", indicators: [.init("x"), .init("y")])], value: "x", segments: segments)
    }

    /// Finds segments in an export and returns the outputs.
    private func segment(
        _ text: String, _ segments: Plan.Segments, into folder: Folder, name: String = "s",
        previous: SegmentModel? = nil,
        distances: Bool = false, threads: Int = 2
    ) throws -> RunResult {
        let input = folder.path + "/\(name).in.csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: input))
        var options = RunOptions()
        options.threadCount = threads
        options.sync = false
        options.previousSegments = previous
        var outputs = SegmentOutputs()
        outputs.segments = folder.path + "/\(name).csv"
        outputs.model = folder.path + "/\(name).json"
        outputs.profiles = folder.path + "/\(name).profiles.csv"
        outputs.curve = folder.path + "/\(name).curve.csv"
        outputs.hasDistances = distances
        return try Engine(plan: try plan(segments).resolved(), options: options).segment(inputs: [input], to: outputs)
    }

    private func segments(_ count: ClosedRange<Int>, _ features: Plan.Features = .zScore) -> Plan.Segments {
        var segments = Plan.Segments(count: 1, features: features, restarts: 5)
        segments.counts = count
        return segments
    }

    private let three = [(60, 0.0, 0.0), (80, 50.0, 0.0), (100, 50.0, 90.0)]

    @Test(arguments: Plan.Features.allCases)
    func theNumberOfGroupsIsFoundWhateverTheScale(features: Plan.Features) throws {
        let folder = Folder()
        let result = try segment(export(three), segments(2...6, features), into: folder)
        #expect(result.segmentCounts?.choice.recommended == 3)
        #expect(result.segments?.profiles.map(\.size).sorted() == [60, 80, 100])
        let curve = EngineTests.fields(try folder.text("s.curve.csv"))
        #expect(curve.count == 6 && curve[2].last == "yes")
        #expect(try folder.text("s.profiles.csv").split(separator: "\n").count == 4)
        #expect(result.summary.results.map(\.key) == ["segments", "segment_counts", "segment_convergence"])
    }

    @Test func theBytesAreTheSameForAnyNumberOfThreads() throws {
        let folder = Folder()
        let text = export(three)
        for threads in [1, 2, 7] {
            _ = try segment(text, segments(2...5), into: folder, name: "t\(threads)", distances: true, threads: threads)
        }
        for name in ["csv", "json", "profiles.csv", "curve.csv"] {
            let one = try folder.bytes("t1.\(name)")
            #expect(try folder.bytes("t2.\(name)") == one && folder.bytes("t7.\(name)") == one, "\(name)")
        }
    }

    @Test(arguments: Plan.Features.allCases)
    func storedSegmentsGiveTheSameRows(features: Plan.Features) throws {
        let folder = Folder()
        let text = export(three)
        for distances in [false, true] {
            let name = distances ? "d" : "s"
            _ = try segment(text, segments(4...4, features), into: folder, name: name, distances: distances)
            let model = try SegmentModel.decode(try folder.bytes("\(name).json"))
            #expect(try model.encode() == folder.bytes("\(name).json"))
            var options = RunOptions()
            options.threadCount = 2
            var outputs = SegmentOutputs()
            outputs.segments = folder.path + "/\(name).applied.csv"
            outputs.hasDistances = distances
            let applied = try Engine.segment(
                model: model, inputs: [folder.path + "/\(name).in.csv"], to: outputs, options: options)
            #expect(try folder.bytes("\(name).applied.csv") == folder.bytes("\(name).csv"))
            #expect(applied.segmentSizes?.sizes == model.segments.sizes)
        }
    }

    @Test func distancesAreThoseToTheTwoNearestCenters() throws {
        let folder = Folder()
        let result = try segment(export(three), segments(3...3, .unscaled), into: folder, distances: true)
        let centers = try #require(result.segments?.profiles).map { ($0.features[0].mean!, $0.features[1].mean!) }
        let input = EngineTests.fields(try folder.text("s.in.csv"))
        let rows = EngineTests.fields(try folder.text("s.csv"))
        #expect(rows[0].suffix(3) == ["distance", "next_segment", "next_distance"])
        for (row, written) in zip(input, rows).dropFirst() {
            let (x, y) = (Double(row[1])!, Double(row[2])!)
            let distances = centers.map { (($0.0 - x) * ($0.0 - x) + ($0.1 - y) * ($0.1 - y)).squareRoot() }
            let order = distances.indices.sorted { distances[$0] < distances[$1] }
            let tail = Array(written.suffix(3))
            #expect(written[1] == "\(order[0] + 1)" && tail[1] == "\(order[1] + 1)")
            #expect(abs(Double(tail[0])! - distances[order[0]]) < 6e-4)
            #expect(abs(Double(tail[2])! - distances[order[1]]) < 6e-4)
        }
    }

    @Test func anotherNightNumbersAndNamesStayAndDriftIsTold() throws {
        let folder = Folder()
        let first = try segment(export(three), segments(3...3), into: folder, name: "first")
        let model = try SegmentModel.decode(try folder.bytes("first.json"))
        // The group of middling value grows and moves to the top, which would renumber it.
        let moved = [(60, 0.0, 0.0), (120, 65.0, 0.0), (100, 50.0, 90.0)]
        let second = try segment(export(moved, seed: 2), segments(3...3), into: folder, name: "second", previous: model)
        let (before, after) = (try #require(first.segments?.profiles), try #require(second.segments?.profiles))
        #expect(before.map(\.name) == after.map(\.name))
        let grown = try #require(after.first { $0.size == 120 })
        #expect(before[grown.number - 1].size == 80)
        let drift = try #require(second.segmentDrift)
        #expect(drift.drifts.map(\.previousNumber) == [1, 2, 3] && drift.ended.isEmpty)
        let told = drift.drifts[grown.number - 1]
        // Moved by 15 along x, of which today's deviation is some 23.
        #expect(told.shifts[0] > 0.5 && told.shifts[0] < 0.8 && abs(told.shifts[1]) < 0.05)
        #expect(abs(told.previousShare! - 80.0 / 240) < 1e-12 && abs(told.share - 120.0 / 280) < 1e-12)
        let unaided = try segment(export(moved, seed: 2), segments(3...3), into: folder, name: "unaided")
        #expect(unaided.segments?.profiles.first?.size == 120)
        let four = try segment(export(three), segments(4...4), into: folder, name: "four", previous: model)
        #expect(four.segmentDrift?.drifts.map(\.previousNumber) == [1, 2, 3, nil])
    }

    @Test func earlierSegmentsOfOtherFeaturesAreRefused() throws {
        let folder = Folder()
        _ = try segment(export(three), segments(3...3), into: folder)
        let model = try SegmentModel.decode(try folder.bytes("s.json"))
        var other = segments(3...3)
        other.columns = ["x"]
        let error = #expect(throws: EngineError.self) {
            try segment(export(three), other, into: folder, name: "o", previous: model)
        }
        #expect(error?.kind == .otherFeatures && error?.description.contains("x, y") == true)
        #expect(throws: EngineError.self) {
            try segment(export(three), segments(3...3, .normalized), into: folder, name: "n", previous: model)
        }
    }

    @Test func smallSegmentsAreDissolvedAndTold() throws {
        let folder = Folder()
        var four = segments(4...4)
        four.minimumShare = 0.05
        let result = try segment(export(three + [(4, 50.0, 60.0)]), four, into: folder)
        #expect(result.segments?.profiles.map(\.size).sorted() == [60, 80, 104])
        #expect(
            result.summary.warnings == [
                "segments under 5.0 % of the customers were dissolved: 1 (of 4 customers when they went); 3 remain"
            ])
    }

    @Test func customersWithoutWeightGetASegmentAndNegativeOnesAreRejected() throws {
        let folder = Folder()
        var weighted = segments(3...3)
        weighted.weight = "w"
        let lines = export(three).split(separator: "\n").enumerated().map { number, line in
            number == 5 ? line.split(separator: ",")[..<3].joined(separator: ",") + "," : String(line)
        }
        let result = try segment(lines.joined(separator: "\n") + "\nX,1,1,-2\n", weighted, into: folder)
        #expect(result.summary.rows.accepted == 240 && result.summary.rows.rejected == 1)
        #expect(result.summary.warnings.contains { $0.hasPrefix("1 customers have no 'w'") })
    }

    @Test func aModelWithoutSegmentsAndOtherBytesAreRefused() throws {
        let folder = Folder()
        _ = try EngineTests.run(EngineTests.sample(300), EngineTests.plan(segments: nil), into: folder)
        let whole = #expect(throws: ModelError.self) { try SegmentModel.decode(try folder.bytes("out/model.json")) }
        #expect(whole?.kind == .noSegments)
        _ = try EngineTests.run(EngineTests.sample(300), EngineTests.plan(), into: folder, name: "with")
        let model = try Model.decode(try folder.bytes("with/model.json"))
        #expect(try SegmentModel.decode(try folder.bytes("with/model.json")).segments == model.segments)
        _ = try segment(export(three), segments(2...2), into: folder)
        let bytes = try folder.bytes("s.json")
        for place in stride(from: 0, to: bytes.count, by: 37) {
            var changed = bytes
            changed[place] ^= 1
            #expect(throws: ModelError.self) { try SegmentModel.decode(changed) }
            #expect(throws: ModelError.self) { try SegmentModel.decode(Array(bytes[..<place])) }
        }
        let error = #expect(throws: ModelError.self) { try Model.decode(bytes) }
        #expect(error?.description.contains("stratum segment --apply") == true)
    }
}

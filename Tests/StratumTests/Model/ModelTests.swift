import Foundation
import Scoring
import Segmentation
import Stratum
import TestSupport
import Testing
import Tiers
import VectorMath

struct ModelTests {
    /// A small model with numbers that only full precision keeps.
    private func model() throws -> Model {
        let plan = Plan(
            dimensions: [.init("经济", indicators: [.init("消费额"), .init("y", direction: .lower)])],
            segments: .init(count: 2))
        let ranks = try #require(RankTable(values: [-Double.leastNonzeroMagnitude, 1 / 3], percentiles: [0.1, 99.9]))
        let fitted = FittedScoring(
            dimensions: [
                FittedDimension(
                    name: "经济", weight: 1,
                    indicators: [
                        FittedIndicator(
                            name: "消费额", transform: .none, curve: .ramp(zero: -0.0, one: 0.1 + 0.2),
                            missing: .renormalize, weight: 0.5),
                        FittedIndicator(
                            name: "y", transform: .log1p,
                            curve: .ranks(ranks, lowerIsBetter: true),
                            missing: .fill(0.3), weight: 0.5),
                    ])
            ], aggregation: .arithmetic)
        return Model(
            engineVersion: "0.1.0", source: .init(checksum: "xxh3:0011223344556677", rowCount: 1000),
            plan: try plan.resolved(),
            scoring: fitted,
            tiers: TierCutoffs(
                names: ["top", "major", "medium", "small"], lowerBounds: [99.00000000000001, nil, 1e-7]),
            segments: .init(
                scalings: [.init(center: 0.1, scale: 1 / 3), .init(center: 0, scale: 1)],
                centroids: try Centroids(featureCount: 2, values: [0.1, 0.7, -2.5, 1e-9]), names: ["best", "其余"]),
            scoreRanks: try #require(RankTable(values: [10, 20, 40], percentiles: [10, 100 / 3, 95])))
    }

    @Test func whatIsWrittenReadsBackToTheLastBit() throws {
        let model = try model()
        let bytes = try model.encode()
        #expect(try Model.decode(bytes) == model)
        #expect(try Model.decode(bytes).encode() == bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self).hasPrefix(#"{"format":"stratum model","version":1,"body_bytes":"#))
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(bytes)) }
    }

    @Test(arguments: 0..<20)
    func anyFiniteNumberSurvives(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        var model = try model()
        let values = Set((0..<200).map { _ in random.anyFiniteDouble() }).sorted()
        let percentiles = values.map { _ in random.unit() * 100 }.sorted()
        model.scoreRanks = try #require(RankTable(values: values, percentiles: percentiles))
        let read = try Model.decode(try model.encode()).scoreRanks
        #expect(bits(read.values) == bits(values) && bits(read.percentiles) == bits(percentiles))
    }

    @Test func everyAlteredByteIsRefused() throws {
        let bytes = try model().encode()
        for offset in bytes.indices {
            for change in [UInt8(1), 0x20, 0x80] {
                var altered = bytes
                altered[offset] ^= change
                #expect(throws: ModelError.self, "byte \(offset)") { try Model.decode(altered) }
            }
        }
    }

    @Test func everyCutIsRefused() throws {
        let bytes = try model().encode()
        for count in bytes.indices {
            let error = #expect(throws: ModelError.self) { try Model.decode(Array(bytes[..<count])) }
            #expect(error?.kind == (count == 0 ? .notAModel : .cut), "\(count) bytes")
        }
    }

    @Test func trailingBytesAreRefused() throws {
        let bytes = try model().encode()
        #expect(#expect(throws: ModelError.self) { try Model.decode(bytes + [0x0A]) }?.kind == .trailingBytes)
        #expect(throws: ModelError.self) { try Model.decode(bytes + bytes) }
    }

    @Test func otherFilesAndNewerVersionsAreRefused() throws {
        #expect(#expect(throws: ModelError.self) { try Model.decode(Array("{}".utf8)) }?.kind == .notAModel)
        let newer = String(decoding: try model().encode(), as: UTF8.self)
            .replacingOccurrences(of: "\"version\":1,\"body", with: "\"version\":12,\"body")
        let error = #expect(throws: ModelError.self) { try Model.decode(Array(newer.utf8)) }
        #expect(error?.kind == .newerVersion)
        #expect(
            error?.description
                == "model: format version 12; this release reads up to 1; use the release that wrote it, or fit again with this one"
        )
    }

    @Test func partsThatDoNotBelongTogetherAreRefused() throws {
        var other = try model()
        other.tiers = TierCutoffs(names: ["a", "b"], lowerBounds: [1])
        #expect(#expect(throws: ModelError.self) { try Model.decode(try other.encode()) }?.kind == .inconsistent)
        other = try model()
        other.segments = nil
        #expect(throws: ModelError.self) { try Model.decode(try other.encode()) }
        other = try model()
        other.plan = try Plan(dimensions: [.init("经济", indicators: [.init("z")])]).resolved()
        #expect(throws: ModelError.self) { try Model.decode(try other.encode()) }
    }
}

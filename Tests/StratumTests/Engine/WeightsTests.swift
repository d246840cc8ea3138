import Reports
import Scoring
import Stratum
import TableIO
import Testing

/// Weights by a plan's method, through the engine.
struct WeightsTests {
    private func run(_ weighting: Plan.Weighting?, threads: Int = 2) throws -> (model: Model, scores: [UInt8]) {
        let folder = EngineTests.Folder()
        var plan = EngineTests.plan(segments: nil)
        plan.weighting = weighting
        let result = try EngineTests.run(EngineTests.sample(3_000), plan, threads: threads, into: folder)
        return (try #require(result.model), try folder.bytes("out/scores.csv"))
    }

    @Test func theModelKeepsTheWeightsThatWereFound() throws {
        let given = try run(nil).model.scoring
        let found = try run(Plan.Weighting(.critic)).model.scoring
        #expect(found.dimensions.map(\.weight) == given.dimensions.map(\.weight))
        #expect(found.dimensions[0].indicators.map(\.weight) != given.dimensions[0].indicators.map(\.weight))
        for dimension in found.dimensions {
            #expect(abs(dimension.indicators.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
        }
        #expect(try run(Plan.Weighting(.given)).scores == run(nil).scores)
    }

    @Test func overAllIndicatorsADimensionWeighsWhatItsIndicatorsDo() throws {
        let found = try run(Plan.Weighting(.equal, scope: .allIndicators)).model.scoring
        #expect(zip(found.dimensions.map(\.weight), [0.4, 0.4, 0.2]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(found.overallWeights.allSatisfy { abs($0 - 0.2) < 1e-12 })
    }

    @Test func theOwnShareReachesFromFoundToGiven() throws {
        let given = try run(nil).model.scoring.overallWeights
        let whole = try run(Plan.Weighting(.entropy, ownShare: 1)).model.scoring.overallWeights
        #expect(zip(whole, given).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    /// All but logistic regression, since the sample has no column of 0 and 1.
    @Test(arguments: Plan.Weighting.Method.allCases.filter { $0 != .logistic })
    func anyNumberOfThreadsGivesTheSameBytes(method: Plan.Weighting.Method) throws {
        let weighting = Plan.Weighting(method, outcome: method.learnsFromOutcome ? "nps" : nil)
        let one = try run(weighting, threads: 1)
        #expect(try run(weighting, threads: 7).scores == one.scores)
    }

    @Test func anOutcomeTeachesTheWeights() throws {
        let folder = EngineTests.Folder()
        var plan = EngineTests.plan(segments: nil)
        // What the next year's revenue would be if it were this year's orders.
        plan.weighting = Plan.Weighting(.leastSquares, scope: .allIndicators, outcome: "order_count")
        let result = try EngineTests.run(EngineTests.sample(3_000), plan, into: folder)
        let scoring = try #require(result.model).scoring
        let weights = Dictionary(
            uniqueKeysWithValues: zip(scoring.indicators.map(\.name), scoring.overallWeights))
        #expect(try #require(weights["order_count"]) > 0.9)
        let summary = try folder.text("out/summary.json")
        #expect(summary.contains("\"regression\": \"leastSquares\""))
        #expect(summary.contains("\"hold_out\": 0.9") || summary.contains("\"hold_out\": 1"))
    }

    @Test func judgmentsStandForWeightsAndContradictionsAreTold() throws {
        let folder = EngineTests.Folder()
        var plan = EngineTests.plan(segments: nil)
        for place in plan.dimensions.indices { plan.dimensions[place].weight = 1 }
        plan.judgments = [3, 5, 3]
        let result = try EngineTests.run(EngineTests.sample(500), plan, into: folder)
        let weights = try #require(result.model).scoring.dimensions.map(\.weight)
        #expect(zip(weights, [0.636986, 0.258285, 0.104729]).allSatisfy { abs($0 - $1) < 5e-7 })
        #expect(!result.summary.warnings.contains { $0.contains("contradict") })

        plan.judgments = [3, 1.0 / 5, 3]
        let told = try EngineTests.run(EngineTests.sample(500), plan, into: folder, name: "told")
        let warning = try #require(told.summary.warnings.first { $0.contains("contradict") })
        #expect(warning.hasPrefix("judgments of the dimensions contradict each other: consistency ratio"))
        #expect(warning.contains("is judged"))
    }
}

import Testing
import Tiers

struct TierSpecificationTests {
    @Test func thePyramidIsValid() throws {
        try TierSpecification.pyramid.validate()
    }

    @Test(arguments: [
        (TierSpecification(names: [], rule: .customerShares([])), "names"),
        (TierSpecification(names: ["a", "a"], rule: .customerShares([0.5, 0.5])), "names[1]"),
        (TierSpecification(names: ["a", ""], rule: .customerShares([0.5, 0.5])), "names[1]"),
        (TierSpecification(names: ["a"], rule: .customerShares([1]), inactiveName: "a"), "inactiveName"),
        (TierSpecification(names: ["a", "b"], rule: .customerShares([1])), "rule.customerShares"),
        (TierSpecification(names: ["a", "b"], rule: .customerShares([0.5, 0.4])), "rule.customerShares"),
        (TierSpecification(names: ["a", "b"], rule: .customerShares([1.5, -0.5])), "rule.customerShares[0]"),
        (TierSpecification(names: ["a", "b"], rule: .customerShares([.nan, 1])), "rule.customerShares[0]"),
        (TierSpecification(names: ["a", "b", "c"], rule: .valueShares([0.8, 0.8])), "rule.valueShares[1]"),
        (TierSpecification(names: ["a", "b"], rule: .valueShares([0])), "rule.valueShares[0]"),
        (TierSpecification(names: ["a", "b", "c"], rule: .lowerBounds([1, 2])), "rule.lowerBounds[1]"),
        (TierSpecification(names: ["a", "b"], rule: .lowerBounds([.infinity])), "rule.lowerBounds[0]"),
    ])
    func mistakesAreFoundWithTheirPlace(specification: TierSpecification, path: String) {
        let error = #expect(throws: TiersError.self) { try specification.validate() }
        #expect(error?.kind == .invalidSpecification)
        #expect(error?.path == path)
    }
}

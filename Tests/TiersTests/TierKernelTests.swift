import CKernels
import TestSupport
import Testing
import Tiers

/// The loops of CKernels/tiers.c beside the same one value at a time.
struct TierKernelTests {
    /// Values with ties, gaps and infinities.
    private static func values(seed: Int) -> [Double] {
        var random = RepeatableGenerator(seed: seed)
        return (0..<seed * 97 % 2_500).map { _ in
            switch random.integer(in: 0...9) {
            case 0: .nan
            case 1: [-.infinity, .infinity, -0.0][random.integer(in: 0...2)]
            case 2...5: Double(random.integer(in: 0...4))
            default: random.unit() * 4
            }
        }
    }

    @Test(arguments: 0..<40)
    func tiersOfManyAreThoseOfEach(seed: Int) {
        let values = Self.values(seed: seed)
        for bounds in [[], [2], [3, 2, 2, 0.5], [nil, 1.5, nil, 0]] as [[Double?]] {
            let cutoffs = TierCutoffs(names: (0...bounds.count).map { "t\($0)" }, lowerBounds: bounds)
            #expect(cutoffs.tiers(of: values) == values.map { cutoffs.tier(of: $0) })
        }
    }

    @Test(arguments: 0..<40)
    func countsAroundALimitAreThoseOfComparisons(seed: Int) {
        let values = Self.values(seed: seed)
        for limit in [-.infinity, 0, 1, 2.5, .infinity] {
            let counts = stratum_count_around(values, values.count, limit)
            #expect(counts.above == values.count { $0 > limit } && counts.from == values.count { $0 >= limit })
        }
    }
}

import CKernels
import TestSupport
import Testing

/// Every length up to two blocks of the widest vectors and a tail, and a whole block.
private let counts = Array(0...41) + [960]

private let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

struct KernelTests {
    private func values(_ count: Int, seed: Int) -> [Double] {
        var generator = RepeatableGenerator(seed: seed)
        return (0..<count).map { _ in
            switch generator.integer(in: 0...9) {
            case 0: .nan
            case 1: -0.0
            case 2: 2.5
            case 3: generator.anyFiniteDouble()
            default: generator.unit() * 10 - 3
            }
        }
    }

    @Test(arguments: 0...22)
    func decodingIsTheTwinsForAllSixteenBitCells(scale: Int) {
        let divisor = powersOfTen[scale]
        let cells = (Int(Int16.min)...Int(Int16.max)).map { Int16($0) }
        var decoded = [Double](repeating: 0, count: cells.count)
        stratum_decode_int16(cells, cells.count, divisor, &decoded)
        #expect(same(decoded, cells.map { KernelTwin.decode($0, divisor: divisor) }))
    }

    @Test(arguments: counts)
    func contributionsAreTheTwins(count: Int) {
        var generator = RepeatableGenerator(seed: count)
        let scores = (0..<count).map { _ in generator.integer(in: 0...3) == 0 ? -0.0 : generator.unit() }
        let factors = (0..<count).map { _ in generator.integer(in: 0...5) == 0 ? 0 : generator.unit() }
        var contributions = [Double](repeating: .nan, count: count)
        stratum_contribute(scores, factors, count, 12.3, &contributions)
        #expect(same(contributions, zip(scores, factors).map { 12.3 * $0 * $1 + 0.0 }))
        let units = contributions.reduce(0) { $0 + Int64(($1 * 0x1p24).rounded(.toNearestOrEven)) }
        #expect(stratum_sum_contributions(scores, factors, count, 12.3) == units)
    }

    @Test(arguments: counts)
    func factorsAreTheTwins(count: Int) {
        var generator = RepeatableGenerator(seed: count)
        let full = 0.9
        let present = (0..<count).map { _ in [0, full, generator.unit()][generator.integer(in: 0...2)] }
        var factors = [Double](repeating: .nan, count: 2 * count)
        stratum_dimension_factors(present, count, full, 0.3, &factors)
        let expected = present.map { $0 == full ? 0.3 : $0 == 0 ? 0 : 0.3 / $0 }
        #expect(same(Array(factors[..<count]), expected))
        factors.replaceSubrange(count..., with: expected.map { 2 * $0 })
        var shares = present
        stratum_share_factors(&shares, count, &factors, 2, count)
        let shared = zip(expected, present).map { $1 > 0 ? $0 * (1 / $1) : 0 }
        #expect(same(factors, shared + zip(expected, present).map { $1 > 0 ? 2 * $0 * (1 / $1) : 0 }))
    }

    @Test(arguments: counts)
    func decodingThirtyTwoBitsIsTheTwins(count: Int) {
        var generator = RepeatableGenerator(seed: count)
        let cells = (0..<count).map { _ in
            generator.integer(in: 0...4) == 0 ? Int32.min : Int32(truncatingIfNeeded: generator.next())
        }
        for divisor in powersOfTen {
            var decoded = [Double](repeating: 7, count: count + 1)
            stratum_decode_int32(cells, count, divisor, &decoded)
            #expect(same(Array(decoded.dropLast()), cells.map { KernelTwin.decode($0, divisor: divisor) }))
            #expect(decoded[count] == 7)
        }
    }

    @Test(arguments: 1...22)
    func decodedQuotientsAreCorrectlyRounded(scale: Int) {
        var generator = RepeatableGenerator(seed: scale)
        let cells = (0..<200_000).map { _ in Int32(truncatingIfNeeded: generator.next()) }
        var decoded = [Double](repeating: 0, count: cells.count)
        stratum_decode_int32(cells, cells.count, powersOfTen[scale], &decoded)
        #expect(same(decoded, cells.map { KernelTwin.decode($0, divisor: powersOfTen[scale]) }))
    }

    @Test(arguments: counts)
    func rampAndBendAreTheTwins(count: Int) {
        let input = values(count, seed: count)
        let gaps = input.map { Int64($0.isNaN ? 1 : 0) }
        for (origin, slope, fill) in [(2.5, 0.3, -0.0), (2.5, -1e300, 0.25), (0.0, 0.125, 0.0)] {
            var ramp = input
            var missing = [Int64](repeating: 3, count: count)
            let total = stratum_normalize_ramp(&ramp, count, origin, slope, fill, &missing)
            #expect(bits(ramp) == bits(input.map { KernelTwin.ramp($0, origin: origin, slope: slope, fill: fill) }))
            #expect(missing == gaps.map { $0 + 3 })
            #expect(total == Int(gaps.reduce(0, +)))
        }
        for (height, below, above, fill) in [(0.5, 0.1, 0.7, -0.0), (1.0, 0.4, -0.4, 0.5), (0.5, 0.0, 0.0, -0.0)] {
            var bend = input
            var missing = [Int64](repeating: 0, count: count)
            let total = stratum_normalize_bend(&bend, count, 2.5, height, below, above, fill, &missing)
            let twin = input.map {
                KernelTwin.bend($0, knot: 2.5, height: height, below: below, above: above, fill: fill)
            }
            #expect(bits(bend) == bits(twin))
            #expect(missing == gaps)
            #expect(total == Int(gaps.reduce(0, +)))
        }
    }

    @Test(arguments: counts)
    func weightsArePresentWhereTheSignIsPlus(count: Int) {
        var generator = RepeatableGenerator(seed: count)
        let scores = (0..<count).map { _ in generator.integer(in: 0...2) == 0 ? -0.0 : generator.unit() }
        var present = [Double](repeating: 0.5, count: count)
        stratum_add_present_weight(scores, count, 0.3, &present)
        #expect(present == scores.map { $0.sign == .minus ? 0.5 : 0.8 })
    }

    @Test(arguments: counts)
    func finishedScoresAreTheTwins(count: Int) {
        var generator = RepeatableGenerator(seed: count)
        let sums = (0..<count).map { _ in generator.unit() * 101 }
        let present = (0..<count).map { _ in [0, 0.4, 1][generator.integer(in: 0...2)] }
        let raw = zip(sums, present).map { $1 == 0 ? 0 : $0 * $1 }
        var scores = raw
        stratum_finish_dimension(&scores, count, present, 1)
        #expect(same(scores, zip(raw, present).map { KernelTwin.finish($0, present: $1, full: 1) }))
        var capped = sums
        stratum_cap_dimension(&capped, count)
        #expect(capped == sums.map { min($0, 100) })
    }

    /// The same bits, whatever NaN it is.
    private func same(_ left: [Double], _ right: [Double]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN }
    }
}

import CKernels
import Glibc
import TestSupport
import Testing

struct WeightKernelTests {
    private func values(_ count: Int) -> [Double] {
        var generator = RepeatableGenerator(seed: count)
        return (0..<count).map { _ in
            switch generator.integer(in: 0...9) {
            case 0: -0.0
            case 1: 0
            case 2: 1
            case 3: generator.unit() * 1e-9
            default: generator.unit()
            }
        }
    }

    @Test(arguments: Array(0...33) + [960])
    func sumsAndLogarithmsOfAColumnAreTheTwins(count: Int) {
        let values = values(count)
        var logs = [Double](repeating: 7, count: count + 1)
        var sums = [1.0, 2, 3, 4, 5]
        stratum_add_column(values, count, &logs, &sums)
        let present = values.filter { $0.sign == .plus }
        let twins = [
            1 + Double(present.count), present.reduce(2, +), present.reduce(3) { $0 + $1 * $1 },
            present.reduce(4) { $1 > 0 ? $0 + $1 * log($1) : $0 }, 5,
        ]
        for (sum, twin) in zip(sums, twins) { #expect(abs(sum - twin) <= 1e-15 * Double(5 + count)) }
        #expect(sums[0] == twins[0] && sums[4] == 5)
        for row in 0..<count { #expect(abs(logs[row] - log1p(values[row])) <= 0x1p-52) }
        #expect(logs[count] == 7)
    }

    @Test func logarithmsAreWithinFourUnitsInTheLastPlace() {
        // Sums of one value, over all significands of 14 bits and the ends of the range.
        for exponent in [-1022, -300, -20, -1, 0] {
            for step in 0..<(1 << 14) where exponent < 0 || step == 0 {
                let value = (1 + Double(step) * 0x1p-14) * Double(sign: .plus, exponent: exponent, significand: 1)
                var (logarithm, sums) = (0.0, [0.0, 0, 0, 0])
                stratum_add_column([value], 1, &logarithm, &sums)
                let twin: Double = value * log(value)
                #expect(abs(sums[3] - twin) <= 5 * max(twin.ulp, 0x1p-1074))
                #expect(abs(logarithm - log1p(value)) <= 0x1p-52)
            }
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 511, 512, 513, 960], [1, 2, 12])
    func sumsOfRemovalsAreTheTwins(count: Int, columnCount: Int) {
        let stride = count + 3
        let logs = values(stride * columnCount).map { log1p($0) }
        var sums = [Double](repeating: 5, count: columnCount + 2)
        stratum_add_log_removals(logs, stride, columnCount, count, &sums)
        for removed in -1..<columnCount {
            let twin: Double = (0..<count).reduce(5) { sum, row in
                let kept = (0..<columnCount).filter { $0 != removed }
                return sum + log1p(kept.reduce(0) { $0 + logs[$1 * stride + row] } / Double(columnCount))
            }
            #expect(abs(sums[1 + removed] - twin) <= 1e-14 * Double(1 + count))
        }
        #expect(sums[columnCount + 1] == 5)
    }

    @Test(arguments: Array(0...33) + [960])
    func sumsOfPairsAreTheTwins(count: Int) {
        let values = values(count)
        let others = Array(values.reversed())
        var sums = [1.0, 2, 3, 4]
        stratum_add_paired(values, others, count, &sums)
        let both = zip(values, others).filter { $0.sign == .plus && $1.sign == .plus }.map(\.0)
        #expect(sums[0] == 1 + Double(both.count) && sums[3] == 4)
        let tolerance = 1e-15 * Double(3 + count)
        #expect(abs(sums[1] - both.reduce(2, +)) <= tolerance)
        #expect(abs(sums[2] - both.reduce(3) { $0 + $1 * $1 }) <= tolerance)
    }

    @Test(arguments: [1, 7, 8, 9, 33, 960], [1, 3, 4, 5, 12])
    func productsOfColumnsAreTheTwins(count: Int, columnCount: Int) {
        let stride = count + 2
        let values = values(stride * columnCount)
        var products = [Double](repeating: 3, count: columnCount * columnCount + 1)
        stratum_add_products(values, stride, columnCount, count, &products)
        for first in 0..<columnCount {
            for second in 0..<columnCount {
                let twin = (0..<count).reduce(3) { $0 + values[first * stride + $1] * values[second * stride + $1] }
                #expect(abs(products[first * columnCount + second] - twin) <= 1e-15 * Double(3 + count))
            }
        }
        #expect(products[columnCount * columnCount] == 3)
    }
}

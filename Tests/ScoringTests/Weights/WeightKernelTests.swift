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
    func sumsOfXLogXAreTheTwins(count: Int) {
        let values = values(count)
        let twin = values.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 }
        let error: Double = abs(stratum_sum_x_log_x(values, count) - twin)
        #expect(error <= 1e-15 * Double(1 + count))
    }

    @Test(arguments: Array(0...33) + [960])
    func logarithmsAndRemovalsAreTheTwins(count: Int) {
        let values = values(count)
        var logs = [Double](repeating: 7, count: count + 1)
        var totals = [Double](repeating: 1, count: count + 1)
        stratum_log_one_plus(values, count, &logs, &totals)
        for row in 0..<count {
            #expect(abs(logs[row] - log1p(values[row])) <= 0x1p-52)
            #expect(totals[row] == 1 + logs[row])
        }
        #expect(logs[count] == 7 && totals[count] == 1)
        let removal = stratum_sum_log_removal(totals, logs, count, 0.25)
        let tolerance = 1e-14 * Double(1 + count)
        #expect(abs(removal - Double(count) * log(1.25)) <= tolerance)
        let all: Double = totals[..<count].reduce(0) { $0 + log(1 + $1 * 0.25) }
        #expect(abs(stratum_sum_log_removal(totals, nil, count, 0.25) - all) <= tolerance)
    }
}

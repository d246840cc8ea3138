import TestSupport
import Testing

@testable import VectorMath

struct ExactSumTests {
    @Test(arguments: 0..<60)
    func sumIsTheCorrectlyRoundedOne(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let count = generator.integer(in: 0...60)
        var values = (0..<count).map { _ in ExactSumTests.value(of: seed % 4, &generator) }
        if seed % 2 == 1 { values += values.dropFirst().map { -$0 } }
        #expect(sum(values).bitPattern == DigitSum(values).rounded.bitPattern)
    }

    @Test(arguments: 0..<20)
    func orderAndChunkingDoNotChangeABit(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let values = (0..<5_000).map { _ in ExactSumTests.value(of: seed % 4, &generator) }
        let expected = sum(values).bitPattern
        #expect(sum(values.shuffled(using: &generator)).bitPattern == expected)

        var combined = ExactSum()
        var start = 0
        while start < values.count {
            let end = min(values.count, start + generator.integer(in: 1...1_500))
            let chunk = Array(values[start..<end])
            var part = ExactSum()
            part.update(chunk.span)
            combined.combine(part)
            start = end
        }
        #expect(combined.value.bitPattern == expected)

        var single = ExactSum()
        for value in values { single.update(value) }
        #expect(single.value.bitPattern == expected)
    }

    @Test func cancellationLeavesWhatIsLeft() {
        #expect(sum([1e308, 1, -1e308]) == 1)
        #expect(sum([1e308, 1e308, -1e308]) == 1e308)
        #expect(sum([1, 0x1p-53, 0x1p-1074]) == 1 + 0x1p-52)
        #expect(sum([1, 0x1p-53]) == 1)
        #expect(sum([1 + 0x1p-52, 0x1p-53]) == 1 + 0x1p-51)
        #expect(sum([0x1p-1074, 0x1p-1074]) == 0x1p-1073)
        #expect(sum([-0x1p-1074]) == -0x1p-1074)
        #expect(sum([]) == 0)
    }

    @Test func carriesOfManyLargeValuesAreKept() {
        let values = [Double](repeating: -.greatestFiniteMagnitude, count: 20_000)
        let opposites = values.map { -$0 }
        var total = ExactSum()
        total.update(values.span)
        #expect(total.value == -.infinity)
        #expect(total.value(scaledByPowerOfTwo: -64) == -.greatestFiniteMagnitude * 0x1p-64 * 20_000)
        total.update(opposites.span)
        #expect(total.value == 0)
    }

    @Test func nonFiniteValuesFollowIEEE() {
        #expect(sum([1, .infinity]) == .infinity)
        #expect(sum([-.infinity, 1]) == -.infinity)
        #expect(sum([.infinity, -.infinity]).isNaN)
        #expect(sum([1, .nan]).isNaN)
    }

    private func sum(_ values: [Double]) -> Double {
        var sum = ExactSum()
        sum.update(values.span)
        return sum.value
    }

    /// Kind 0: any bits; 1: cents; 2: subnormals and small; 3: near each other.
    private static func value(of kind: Int, _ generator: inout RepeatableGenerator) -> Double {
        switch kind {
        case 0: generator.anyFiniteDouble()
        case 1: Double(generator.integer(in: -1_000_000...1_000_000)) / 100
        case 2: Double(generator.integer(in: -9...9)) * 0x1p-1074 + (generator.unit() < 0.5 ? 0x1p-1020 : 0)
        default: generator.unit() - 0.5
        }
    }
}

/// The slow reference: units of 2^-1074 as a string of bits, added and rounded by the book.
private struct DigitSum {
    private var positive = [Bool](repeating: false, count: 2_200)
    private var negative = [Bool](repeating: false, count: 2_200)

    init(_ values: [Double]) {
        for value in values where value != 0 {
            let isSubnormal = value.exponentBitPattern == 0
            let significand = value.significandBitPattern | (isSubnormal ? 0 : 1 << 52)
            let shift = isSubnormal ? 0 : Int(value.exponentBitPattern) - 1
            let digits = (0..<53).filter { significand >> $0 & 1 == 1 }.map { $0 + shift }
            if value > 0 { Self.add(digits, to: &positive) } else { Self.add(digits, to: &negative) }
        }
    }

    private static func add(_ digits: [Int], to number: inout [Bool]) {
        for digit in digits {
            var position = digit
            while number[position] {
                number[position] = false
                position += 1
            }
            number[position] = true
        }
    }

    var rounded: Double {
        for position in positive.indices.reversed() where positive[position] != negative[position] {
            if positive[position] { return Self.rounded(positive, minus: negative) }
            return -Self.rounded(negative, minus: positive)
        }
        return 0
    }

    private static func rounded(_ large: [Bool], minus small: [Bool]) -> Double {
        var digits = [Bool]()
        var borrow = 0
        for position in large.indices {
            let digit = (large[position] ? 1 : 0) - (small[position] ? 1 : 0) - borrow
            digits.append(digit & 1 == 1)
            borrow = digit < 0 ? 1 : 0
        }
        guard let top = digits.lastIndex(of: true) else { return 0 }
        let lowest = max(0, top - 52)
        var significand = digits[lowest...top].reversed().reduce(UInt64(0)) { $0 << 1 | ($1 ? 1 : 0) }
        if lowest > 0 && digits[lowest - 1] {
            let isTie = !digits[..<(lowest - 1)].contains(true)
            if !isTie || significand & 1 == 1 { significand += 1 }
        }
        // Powers of two one at a time: exact until the result leaves the range.
        var result = Double(significand)
        for _ in 0..<537 { result *= 0x1p-1 }
        let rest = lowest - 537
        if rest >= 0 { for _ in 0..<rest { result *= 2 } } else { for _ in 0..<(-rest) { result *= 0.5 } }
        return result
    }
}

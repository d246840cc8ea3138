import Glibc
import TableIO
import Testing

struct FixedDecimalTests {
    /// Values a property is tried on; without optimization the reference alone takes seconds.
    #if DEBUG
        private static let valueCount = 3_000
    #else
        private static let valueCount = 100_000
    #endif

    private static func text(_ value: Double, _ format: FixedDecimal) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: FixedDecimal.maximumByteCount) { room in
            let start = room.baseAddress!
            let end = format.write(value, to: start)
            return String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
        }
    }

    private static func text(_ value: Double, _ decimals: Int) -> String {
        text(value, FixedDecimal(decimals: decimals))
    }

    /// The slow reference: glibc's exact conversion, with the sign of a zero dropped.
    private static func reference(_ value: Double, _ decimals: Int) -> String {
        var buffer = [CChar](repeating: 0, count: 400)
        _ = withVaList([Int32(decimals), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
        let text = String(decoding: buffer.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.hasPrefix("-") && !text.utf8.contains(where: { (0x31...0x39) ~= $0 })
            ? String(text.dropFirst()) : text
    }

    /// Compares many values without a string for each: the bytes of both texts.
    private static func firstDifference(_ decimals: Int, _ values: some Sequence<Double>) -> Double? {
        let format = FixedDecimal(decimals: decimals)
        var expected = [CChar](repeating: 0, count: 400)
        var written = [UInt8](repeating: 0, count: FixedDecimal.maximumByteCount)
        for value in values {
            let expectedCount = Int(
                withVaList([Int32(decimals), value]) { vsnprintf(&expected, expected.count, "%.*f", $0) })
            let count = written.withUnsafeMutableBufferPointer { room in
                format.write(value, to: room.baseAddress!) - room.baseAddress!
            }
            let same =
                count == expectedCount && (0..<count).allSatisfy { written[$0] == UInt8(bitPattern: expected[$0]) }
            if !same && text(value, decimals) != reference(value, decimals) { return value }
        }
        return nil
    }

    @Test func typicalScoresAreWritten() {
        #expect(Self.text(57.123, 3) == "57.123")
        #expect(Self.text(100, 3) == "100.000")
        #expect(Self.text(0, 3) == "0.000")
        #expect(Self.text(0.5, 0) == "0")
        #expect(Self.text(1.5, 0) == "2")
        #expect(Self.text(-1234.5, 2) == "-1234.50")
        #expect(Self.text(999.9996, 3) == "1000.000")
        #expect(Self.text(123_456_789.987654321, 9) == "123456789.987654328")
    }

    @Test(arguments: 0...9)
    func zeroHasNoSign(decimals: Int) {
        for value in [-0.0, -1e-300, -0x1p-1074, -0.4 * Glibc.pow(10, -Double(decimals))] {
            #expect(!Self.text(value, decimals).contains("-"))
        }
        #expect(Self.text(-0.6 * Glibc.pow(10, -Double(decimals)), decimals).hasPrefix("-"))
    }

    @Test func exactTiesGoToTheEvenDigit() {
        #expect(Self.text(0.0625, 3) == "0.062")
        #expect(Self.text(0.1875, 3) == "0.188")
        #expect(Self.text(2.5, 0) == "2")
        #expect(Self.text(0.125, 2) == "0.12")
        #expect(Self.text(0.375, 2) == "0.38")
        // Decimal ties that binary64 does not hold: these three lie below the half.
        #expect(Self.text(1.005, 2) == "1.00")
        #expect(Self.text(1.115, 2) == "1.11")
        #expect(Self.text(0.285, 2) == "0.28")
        #expect(Self.text(1.125_000_000_000_000_2, 2) == "1.13")
    }

    @Test(arguments: 0...9)
    func everyTieAgreesWithTheReference(decimals: Int) {
        // k / 2^j with k odd is a tie for j = decimals + 1; the neighbors are just off it.
        let step = Glibc.exp2(-Double(decimals + 1))
        let ties = (0..<Self.valueCount).lazy.map { Double(2 * $0 + 1) * step }
        #expect(Self.firstDifference(decimals, ties.flatMap { [$0, -$0, $0.nextUp, $0.nextDown] }) == nil)
    }

    @Test(arguments: 0...9)
    func nearTiesInDecimalAgreeWithTheReference(decimals: Int) {
        // (k + 1/2) / 10^d rounded to binary64: the product with 10^d often rounds to the half exactly.
        let power = Glibc.pow(10, Double(decimals))
        let values = (0..<Self.valueCount).lazy.map { (Double($0 * 37) + 0.5) / power }
        #expect(Self.firstDifference(decimals, values.flatMap { [$0, $0.nextUp, $0.nextDown] }) == nil)
    }

    @Test func everyMultipleUpTo100IsWrittenBack() {
        #expect(Self.firstDifference(3, (0...100_000).lazy.map { Double($0) / 1000 }) == nil)
        #expect(Self.firstDifference(4, (0...100_000).lazy.map { Double($0) / 1000 }) == nil)
    }

    @Test(arguments: 0...9)
    func randomScoresAgreeWithTheReference(decimals: Int) {
        var generator = SplitMix(seed: UInt64(decimals))
        let values = (0..<Self.valueCount).lazy.map { _ in Double.random(in: -100...100, using: &generator) }
        #expect(Self.firstDifference(decimals, values) == nil)
    }

    @Test(arguments: 0...9)
    func valuesOfAnyMagnitudeAgreeWithTheReference(decimals: Int) {
        var generator = SplitMix(seed: UInt64(100 + decimals))
        let values = (0..<Self.valueCount).lazy.map { _ in
            while true {
                let value = Double(bitPattern: generator.next())
                if value.isFinite { return value }
            }
        }
        #expect(Self.firstDifference(decimals, values) == nil)
    }

    @Test(arguments: 0...9)
    func everyPathMeetsItsNeighborAtPowersOfTwoAndTen(decimals: Int) {
        var values: [Double] = [.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude]
        for exponent in -40...1023 { values.append(Glibc.exp2(Double(exponent))) }
        for exponent in -12...308 { values.append(Glibc.pow(10, Double(exponent))) }
        let around = values.flatMap { value in
            [
                value, -value, value.nextDown, value + value.ulp, value * 0.999_999_999, value + 0.5, value - 0.5,
                value + 0.25,
            ]
        }
        #expect(Self.firstDifference(decimals, around.filter(\.isFinite)) == nil)
    }

    @Test func valuesBelow1e15NeedNoMoreThanTheCompactRoom() {
        for decimals in 0...9 {
            for value in [-999_999_999_999_999.875, -1e15.nextDown, -123_456_789_012_345.678, -0.5, 99.999_999_999_9] {
                var room = [UInt8](repeating: 0xEE, count: FixedDecimal.compactByteCount + 8)
                _ = room.withUnsafeMutableBufferPointer {
                    FixedDecimal(decimals: decimals).write(value, to: $0.baseAddress!)
                }
                #expect(room.suffix(8).allSatisfy { $0 == 0xEE })
            }
        }
        var room = [UInt8](repeating: 0xEE, count: FixedDecimal.maximumByteCount + 8)
        _ = room.withUnsafeMutableBufferPointer {
            FixedDecimal(decimals: 9).write(-.greatestFiniteMagnitude, to: $0.baseAddress!)
        }
        #expect(room.suffix(8).allSatisfy { $0 == 0xEE })
    }

    @Test func aMissingValueIsWrittenAsNothing() {
        var room = [UInt8](repeating: 0, count: 32)
        room.withUnsafeMutableBufferPointer { room in
            let start = room.baseAddress!
            #expect(FixedDecimal(decimals: 3).writeUnlessMissing(.nan, to: start) == start)
            #expect(FixedDecimal(decimals: 3).writeUnlessMissing(1, to: start) == start + 5)
        }
    }

    @Test func integersAgreeWithTheStandardLibrary() {
        var generator = SplitMix(seed: 7)
        var values = [0, 1, -1, 9, 10, 99, 100, 999, 1000, 1001, 999_999, 1_000_000, Int.max, Int.min]
        for bits in 1...63 { values.append(Int(truncatingIfNeeded: generator.next() >> UInt64(64 - bits))) }
        for value in values.flatMap({ [$0, 0 &- $0] }) {
            var room = [UInt8](repeating: 0xEE, count: DecimalInteger.maximumByteCount + 8)
            let text = room.withUnsafeMutableBufferPointer { room in
                let end = DecimalInteger.write(value, to: room.baseAddress!)
                return String(decoding: room[..<(end - room.baseAddress!)], as: UTF8.self)
            }
            #expect(text == String(value))
            #expect(room.suffix(8).allSatisfy { $0 == 0xEE })
        }
    }

    @Test func theShortestTextReadsBackAsTheSameNumber() {
        #expect(ShortestDecimal.text(0.1) == "0.1")
        #expect(ShortestDecimal.text(57) == "57")
        #expect(ShortestDecimal.text(-0.0) == "0")
        #expect(ShortestDecimal.text(1e22) == "1e+22")
        var generator = SplitMix(seed: 11)
        for _ in 0..<Self.valueCount {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(Double(ShortestDecimal.text(value)) == value)
            #expect(ShortestDecimal.text(value).utf8.count <= 24)
        }
        for value in [Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, .pi, 0x1p53, -0x1p53 - 2, 1 / 3] {
            #expect(Double(ShortestDecimal.text(value)) == value)
        }
    }
}

import Foundation
import Testing

@testable import TableIO

/// Every value here is held against `strtod`, which the C library rounds correctly; tests run in the C locale.
struct DecimalConversionTests {
    #if DEBUG
        static let roundCount = 20_000
    #else
        static let roundCount = 2_000_000
    #endif

    /// The value read, infinity where the text is out of range.
    static func read(_ text: String) -> Double? {
        let number = NumberTextTests.parse(text)
        return number == .rejected(.outOfRange)
            ? (text.hasPrefix("-") ? -.infinity : .infinity) : NumberTextTests.value(number)
    }

    static func expectAgreement(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let value = read(text)
        if value?.bitPattern != (strtod(text, nil) + 0).bitPattern {
            Issue.record(
                "\(text.prefix(60)): \(value.map { "\($0)" } ?? "no number"), not \(strtod(text, nil))",
                sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: [
        // Halfway between neighbors of 2^53, to the even one.
        "9007199254740991", "9007199254740992", "9007199254740993", "9007199254740995", "9007199254740997",
        "9007199254740993.0000000000000000000000000000000000000000000000000001",
        "9007199254740992.9999999999999999999999999999999999999999999999999999",
        "9007199254740993.0000000000000000000000000000000000000000000000000000",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126",
        "18014398509481985", "18014398509481987", "36893488147419107329", "9223372036854776833",
        "4503599627370496.5", "4503599627370497.5", "4503599627370498.5",
        // Powers at the edges of the exact steps.
        "9007199254740991e22", "9007199254740991e23", "9007199254740991e-22", "9007199254740993e-23", "1e23", "8e22",
        "9223372036854775807", "18446744073709551615", "18446744073709551616", "9999999999999999999",
        "9999999999999999999e-27", "99999999999999999999", "10000000000000000000e-342",
    ])
    func roundsTiesAndTheirNeighbors(_ text: String) { Self.expectAgreement(text) }

    @Test(arguments: [
        "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "179769313486231580793e289",
        "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070963302",
        "2.2250738585072014e-308", "2.2250738585072011e-308", "2.2250738585072012e-308", "2.225073858507201136e-308",
        "2.2250738585072013830902327173324040642192159804623318e-308", "4.9406564584124654e-324",
        "4.9406564584124654417656879286822e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
        "2.47032822920623272e-324", "7.4109846876186981626485318930233205854758970392148714663837e-324",
        "1e-323", "3e-324", "1e-324", "1e-400", "0e999999999999", "1e-999999999999", "1e400", "1e999999999999",
        "12345678901234567890123e-345",
    ])
    func roundsAtTheEndsOfTheRange(_ text: String) { Self.expectAgreement(text) }

    @Test func rejectsWhatRoundsToInfinityAndKeepsWhatDoesNot() {
        // 2^1024 - 2^970 is halfway between the greatest number and what would follow it.
        let exact = Self.digits(of: Double.greatestFiniteMagnitude, halfwayUp: true)
        #expect(NumberTextTests.parse(exact) == .rejected(.outOfRange))
        let below = Self.decremented(exact)
        #expect(NumberTextTests.parse(below) == .double(.greatestFiniteMagnitude))
    }

    @Test func roundsExactHalvesBetweenSubnormalsToEven() {
        // (2m + 1) * 2^-1075 written out in full, then one unit of its last digit to either side.
        for m in [0, 1, 2, 3, 1000, 4_503_599_627_370_494, 4_503_599_627_370_495, 4_503_599_627_370_496] as [UInt64] {
            var number = [UInt8](String(2 * m + 1).utf8.map { $0 - 0x30 })
            for _ in 0..<1075 {  // times 5, with the point 1075 places to the left
                var carry: UInt8 = 0
                for place in number.indices.reversed() {
                    let product = number[place] * 5 + carry
                    (number[place], carry) = (product % 10, product / 10)
                }
                if carry > 0 { number.insert(carry, at: 0) }
            }
            let digits = String(decoding: number.map { $0 + 0x30 }, as: UTF8.self)
            let even = Double(bitPattern: m % 2 == 0 ? m : m + 1)
            #expect(Self.read(digits + "e-1075") == even)
            #expect(Self.read(digits + "0000000000000000000000000000001e-1106") == Double(bitPattern: m + 1))
            #expect(Self.read(Self.decremented(digits) + "e-1075") == Double(bitPattern: m))
            Self.expectAgreement(digits + "e-1075")
        }
    }

    @Test(arguments: [20, 767, 768, 800, 801, 802, 1100, 5000])
    func readsAnyNumberOfDigits(_ count: Int) {
        let nines = String(repeating: "9", count: count)
        let tail = "1." + String(repeating: "0", count: count - 2) + "1"
        for text in [
            nines, "0." + nines, nines + "e-\(count)", nines + "e-\(count + 300)", tail,
            "1.0000000000000001110223024625156540423631668090820312" + "5" + String(repeating: "0", count: count),
            "1.0000000000000001110223024625156540423631668090820312" + "5" + String(repeating: "0", count: count) + "1",
            String(repeating: "0", count: count) + "123456789.5", "0." + String(repeating: "0", count: count) + "17",
            "0." + String(repeating: "0", count: count) + "17e\(count)", "1" + String(repeating: "0", count: count),
            "1" + String(repeating: "0", count: count) + "e-\(count)",
        ] {
            Self.expectAgreement(text)
            Self.expectAgreement("-" + text)
        }
    }

    @Test func agreesWithTheCLibraryOnRandomDecimals() {
        var random = RandomBits(seed: 17)
        for _ in 0..<Self.roundCount {
            var text: [UInt8] = random.next() % 2 == 0 ? [0x2D] : []
            let count = random.next() % 10 == 0 ? random.next() % 60 + 1 : random.next() % 22 + 1
            let point = random.next() % (2 * count)
            for place in 0..<count {
                if place == point { text.append(0x2E) }
                text.append(0x30 + UInt8(random.next() % 10))
            }
            if random.next() % 2 == 0 { text += "e\(Int(random.next() % 700) - 350)".utf8 }
            Self.expectAgreement(String(decoding: text, as: UTF8.self))
        }
    }

    @Test func agreesWithTheCLibraryBesideHalvesOfRandomNeighbors() {
        var random = RandomBits(seed: 18)
        for _ in 0..<Self.roundCount / 100 {
            // A number with few bits left over: its exact half with the next is written in full.
            let exponent = Int(random.next() % 120) - 60
            let low = Double(sign: .plus, exponent: exponent, significand: 1 + Double(random.next() >> 12) * 0x1p-52)
            let exact = Self.digits(of: low, halfwayUp: true)
            for text in [exact, exact + (exact.contains(".") ? "1" : ".000000000000000000000000000001")] {
                Self.expectAgreement(text)
            }
            Self.expectAgreement(Self.decremented(exact))
        }
    }

    @Test func readsBackTheShortestTextOfEveryNumber() {
        var random = RandomBits(seed: 19)
        for _ in 0..<Self.roundCount / 2 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let text = "\(value)"
            #expect(Self.read(text) == value, "\(text)")
        }
    }

    @Test func powersOfFiveAreTheirPublishedMantissas() {
        // Lemire's table: 5^-342, 5^-1, 5^0, 5^1, 5^27, 5^28 and 5^308.
        let expected: [(Int, UInt64, UInt64)] = [
            (-342, 0xEEF4_53D6_923B_D65A, 0x113F_AA29_06A1_3B3F), (-1, 0xCCCC_CCCC_CCCC_CCCC, 0xCCCC_CCCC_CCCC_CCCD),
            (0, 1 << 63, 0), (1, 0xA000_0000_0000_0000, 0), (27, 0xCECB_8F27_F420_0F3A, 0),
            (28, 0x813F_3978_F894_0984, 0x4000_0000_0000_0000),
            (308, 0x8E67_9C2F_5E44_FF8F, 0x570F_09EA_A7EA_7648),
        ]
        for (power, high, low) in expected {
            #expect(PowersOfFive.mantissas[2 * (power + 342)] == high, "5^\(power)")
            #expect(PowersOfFive.mantissas[2 * (power + 342) + 1] == low, "5^\(power)")
        }
        #expect(PowersOfFive.mantissas.count == 2 * 651)
    }

    /// All digits of the number halfway from `low` to the next, by the C library's exact output.
    static func digits(of low: Double, halfwayUp: Bool) -> String {
        // low + half a unit needs 54 bits: halved together with its unit it may still be written exactly as a sum.
        let unit = low.ulp / 2
        var whole = Array(String(format: "%.1100f", low).utf8)
        let half = Array(String(format: "%.1100f", unit).utf8)
        precondition(halfwayUp && whole.count >= half.count, "the sum is taken digit by digit")
        var carry: UInt8 = 0
        for back in 1...whole.count {
            let place = whole.count - back
            guard whole[place] != 0x2E else { continue }
            let other = back <= half.count ? half[half.count - back] - 0x30 : 0
            let sum = whole[place] - 0x30 + other + carry
            (whole[place], carry) = (0x30 + sum % 10, sum / 10)
        }
        precondition(carry == 0, "no digit more")
        while whole.last == 0x30 { whole.removeLast() }
        if whole.last == 0x2E { whole.removeLast() }
        return String(decoding: whole, as: UTF8.self)
    }

    /// One unit of the last digit less.
    static func decremented(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for place in bytes.indices.reversed() where bytes[place] != 0x2E {
            if bytes[place] > 0x30 {
                bytes[place] -= 1
                break
            }
            bytes[place] = 0x39
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

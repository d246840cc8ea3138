import Foundation
import TestSupport
import Testing

@testable import TableIO

struct NumberTextTests {
    static func parse(_ text: String, nullWords: [String] = []) -> NumberText {
        Array(text.utf8).withUnsafeBufferPointer {
            NumberText.parse($0, nullWords: nullWords.map { Array($0.utf8) })
        }
    }

    static func value(_ number: NumberText) -> Double? {
        switch number {
        case .fixed(let mantissa, let decimals): Double(mantissa) / pow(10, Double(decimals))
        case .double(let value): value
        case .missing, .rejected: nil
        }
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("12", 12), ("+12", 12), ("-12.50", -12.5), (".5", 0.5), ("5.", 5), (" 7\t", 7),
        ("1e3", 1000), ("1E+3", 1000), ("25e-1", 2.5), ("1e22", 1e22), ("1e23", 1e23),
        ("123456789012", 123_456_789_012),
        ("2147483647", 2_147_483_647), ("2147483648", 2_147_483_648), ("0.1234567890", 0.123456789),
        ("9007199254740993", 9_007_199_254_740_992), ("4.9e-324", .leastNonzeroMagnitude), ("1e-400", 0),
        ("1.7976931348623157e308", .greatestFiniteMagnitude), ("0000000000000000000000012", 12),
        ("0.000000000000000000000000000001", 1e-30), ("00000000000000000000e5", 0),
    ])
    func readsEveryFormOfTheGrammar(_ text: String, _ expected: Double) {
        #expect(Self.value(Self.parse(text)) == expected)
    }

    @Test(arguments: [
        ("abc", RejectReason.invalidNumber), ("1 2", .invalidNumber), ("1.2.3", .invalidNumber),
        ("0x10", .invalidNumber),
        ("1e", .invalidNumber), ("1e+", .invalidNumber), (".", .invalidNumber), ("-", .invalidNumber),
        ("--1", .invalidNumber),
        ("1,5", .invalidNumber), ("12a", .invalidNumber), ("١٢", .invalidNumber), ("nan", .nonFinite),
        ("-Inf", .nonFinite),
        ("INFINITY", .nonFinite), ("1e999", .outOfRange), ("-1e309", .outOfRange),
    ])
    func namesWhyAFieldIsNoNumber(_ text: String, _ reason: RejectReason) {
        #expect(Self.parse(text) == .rejected(reason))
    }

    @Test func emptyBlankAndNullWordsAreMissing() {
        #expect(Self.parse("") == .missing)
        #expect(Self.parse("  ") == .missing)
        #expect(Self.parse(" NA ", nullWords: ["NULL", "NA"]) == .missing)
        #expect(Self.parse("na", nullWords: ["NULL", "NA"]) == .rejected(.invalidNumber))
    }
}

/// SplitMix64: enough for test texts.
struct RandomBits {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

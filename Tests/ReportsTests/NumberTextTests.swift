import Reports
import Testing

struct NumberTextTests {
    @Test func countsAreGrouped() {
        #expect(
            [0, 7, 999, 1000, 1_234_567, -1000, .min].map { groupedText($0) } == [
                "0", "7", "999", "1,000", "1,234,567", "-1,000", "-9,223,372,036,854,775,808",
            ])
    }

    @Test(arguments: [
        (1234.5, 2, "1,234.50"), (0.005, 2, "0.01"), (-0.25, 1, "-0.3"), (-0.04, 1, "0.0"), (99.999, 2, "100.00"),
        (1e300, 2, "1e+300"), (.nan, 2, "nan"), (-1234567.891, 0, "-1,234,568"),
    ])
    func valuesAreRounded(value: Double, decimals: Int, text: String) {
        #expect(groupedText(value, decimals: decimals) == text)
    }

    @Test(arguments: [
        (0, "0"), (87.2134567, "87.2135"), (71.5, "71.5"), (1234567.9, "1,234,568"), (0.001234567, "0.00123457"),
        (1e-9, "1e-09"), (-3.0, "-3"), (1e20, "1e+20"),
    ])
    func significantDigits(value: Double, text: String) {
        #expect(significantText(value, digits: 6) == text)
    }

    @Test func shortestTextReadsBack() {
        for value: Double in [
            0.1, 1 / 3, .leastNonzeroMagnitude, 1.7976931348623157e308, -2.5, 1e15, 123456789012345680.0,
        ] {
            #expect(Double(shortestText(value)) == value)
        }
        #expect(shortestText(-3) == "-3" && shortestText(-0.0) == "0" && shortestText(1e22) == "1e+22")
    }

    @Test func smallSharesAreNotShownAsNothing() {
        #expect([0, 0.01, 0.8, 1, 0.0004].map(percentText) == ["0.0 %", "1.0 %", "80.0 %", "100.0 %", "0.040 %"])
    }
}

import Reports
import Testing

/// Drawings as text: a change of a single blank shows here.
struct PyramidTests {
    private let retail = Pyramid(
        layers: [
            .init(name: "top", customerCount: 10_000, value: 61_234_567.4, cutOff: 87.2134567),
            .init(name: "major", customerCount: 40_000, value: 51_234_567, cutOff: 71.5),
            .init(name: "medium", customerCount: 150_000, value: 48_234_567, cutOff: 52.12345),
            .init(name: "small", customerCount: 800_000, value: 38_234_567),
        ], valueTitle: "revenue_12m")

    @Test func eightyColumns() {
        #expect(
            "\n" + retail.text(TerminalStyle(width: 80)) == """

                                                         customers    share  of value      score
                  top                   ┃                   10,000    1.0 %    30.8 %  ≥ 87.2135
                                        ╹
                  major                 █                   40,000    4.0 %    25.8 %     ≥ 71.5
                                        ▀
                  medium              █████                150,000   15.0 %    24.2 %  ≥ 52.1235
                                      ▀▀▀▀▀
                  small   █████████████████████████████    800,000   80.0 %    19.2 %
                          ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
                          ─────────────────────────────  ─────────  ───────  ────────  ─────────
                  all                                    1,000,000  100.0 %   100.0 %
                """ + "\n")
    }

    @Test func hundredAndTwentyColumns() {
        #expect(
            "\n" + retail.text(TerminalStyle(width: 120)) == """

                                                                 customers    share  revenue_12m  of value                        score
                  top                       ┃                       10,000    1.0 %   61,234,567    30.8 %  ████████████████  ≥ 87.2135
                                            ╹
                  major                    ▐█▌                      40,000    4.0 %   51,234,567    25.8 %  █████████████▍       ≥ 71.5
                                           ▝▀▘
                  medium                 ███████                   150,000   15.0 %   48,234,567    24.2 %  ████████████▋     ≥ 52.1235
                                         ▀▀▀▀▀▀▀
                  small   █████████████████████████████████████    800,000   80.0 %   38,234,567    19.2 %  ██████████
                          ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
                          ─────────────────────────────────────  ─────────  ───────  ───────────  ────────  ────────────────  ─────────
                  all                                            1,000,000  100.0 %  198,938,268   100.0 %
                """ + "\n")
    }

    @Test func plainASCII() {
        let text = retail.text(TerminalStyle(width: 80, asciiOnly: true))
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        #expect(
            "\n" + text == """

                                                       customers    share  of value       score
                  top                  #                  10,000    1.0 %    30.8 %  >= 87.2135
                  major                #                  40,000    4.0 %    25.8 %     >= 71.5
                  medium             #####               150,000   15.0 %    24.2 %  >= 52.1235
                  small   ###########################    800,000   80.0 %    19.2 %
                          ---------------------------  ---------  -------  --------  ----------
                  all                                  1,000,000  100.0 %   100.0 %
                """ + "\n")
    }

    @Test func chineseNamesTakeTwoColumns() {
        let pyramid = Pyramid(
            layers: [
                .init(name: "铂金客户", customerCount: 24, value: 35525.1, cutOff: 940.48),
                .init(name: "黄金", customerCount: 94, value: 52512, cutOff: 389.44),
                .init(name: "铁", customerCount: 353, value: 76486, cutOff: 130.54),
                .init(name: "铅", customerCount: 1886, value: 79568.8),
                .init(name: "沉睡客户", customerCount: 300, value: 568.8, isRanked: false),
            ], valueTitle: "十二个月消费", cutOffTitle: "消费")
        #expect(
            "\n" + pyramid.text(TerminalStyle(width: 100)) == """

                                                               customers    share  十二个月消费  of value      消费
                  铂金客户                  ┃                         24    0.9 %        35,525    14.5 %  ≥ 940.48
                                            ╹
                  黄金                     ▐█▌                        94    3.5 %        52,512    21.5 %  ≥ 389.44
                                           ▝▀▘
                  铁                     ▐█████▌                     353   13.3 %        76,486    31.3 %  ≥ 130.54
                                         ▝▀▀▀▀▀▘
                  铅        █████████████████████████████████      1,886   71.0 %        79,569    32.5 %
                            ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
                            ─────────────────────────────────  ─────────  ───────  ────────────  ────────  ────────
                  沉睡客户                █████                      300   11.3 %           569     0.2 %
                                          ▀▀▀▀▀
                  all                                              2,657  100.0 %       244,661   100.0 %
                """ + "\n")
    }

    @Test(arguments: [20, 30, 40, 50, 60, 79, 80, 100, 120, 200])
    func noLineIsWiderThanTheTerminal(width: Int) {
        for asciiOnly in [false, true] {
            let lines = retail.text(TerminalStyle(width: width, asciiOnly: asciiOnly)).split(separator: "\n")
            #expect(lines.map { displayWidth(String($0)) }.max()! <= width)
            for name in ["top", "major", "medium", "small", "all"] {
                #expect(lines.contains { $0.contains(name.prefix(3)) }, "\(name) is not there")
            }
        }
    }

    @Test func colorsChangeNothingButColor() {
        let colored = retail.text(TerminalStyle(width: 100, usesColor: true))
        #expect(colored.contains("\u{1B}[38;5;220m"))
        #expect(withoutColors(colored) == retail.text(TerminalStyle(width: 100)))
    }

    @Test func layersAreToScale() {
        let even = Pyramid(layers: (1...4).map { .init(name: "\($0)", customerCount: $0 * 250) })
        let widths = even.text(TerminalStyle(width: 65)).split(separator: "\n")
            .map { line in line.reduce(0.0) { $0 + ($1 == "█" ? 1 : "▌▐".contains($1) ? 0.5 : 0) } }.filter { $0 > 0 }
        #expect(widths.count == 4)
        for (index, width) in widths.enumerated() {
            #expect(abs(width - widths[3] * Double(index + 1) / 4) <= 0.5)
        }
    }

    @Test func emptyAndOddLayersAreDrawn() {
        let pyramid = Pyramid(layers: [
            .init(name: "none", customerCount: 0, value: .nan), .init(name: "evil\u{1B}[31m", customerCount: 0),
        ])
        let text = pyramid.text(TerminalStyle(width: 60))
        #expect(text.contains("none") && text.contains("0.0 %"))
        #expect(!text.contains("\u{1B}") && !text.contains("nan"))
    }

    @Test func negativeTotalsHaveNoShares() {
        let pyramid = Pyramid(layers: [
            .init(name: "a", customerCount: 1, value: 5), .init(name: "b", customerCount: 2, value: -50),
        ])
        let text = pyramid.text(TerminalStyle(width: 100))
        #expect(text.contains("-45.00") && !text.contains("of value"))
    }

    private func withoutColors(_ text: String) -> String {
        var isInSequence = false
        return String(
            text.filter { character in
                if character == "\u{1B}" { isInSequence = true }
                defer { if isInSequence, character == "m" { isInSequence = false } }
                return !isInSequence
            })
    }
}

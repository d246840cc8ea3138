import Reports
import Testing

struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("客户", 4), ("ｱ", 1), ("Ａ", 2), ("é", 1), ("e\u{301}", 1), ("한국", 4), ("👩‍👩‍👧", 2),
        ("▐█▌≥…", 5), ("\u{200B}", 0),
    ])
    func widthIsWhatATerminalShows(text: String, width: Int) {
        #expect(displayWidth(text) == width)
    }

    @Test func fittedTextHasTheWidthAskedFor() {
        for width in 0...12 {
            for text in ["", "a", "abcdefghijklmnop", "客户价值评估系统", "a客b户c"] {
                for alignment in [Alignment.left, .right] {
                    let shown = fitted(text, width: width, alignment: alignment, asciiOnly: false)
                    #expect(displayWidth(shown) == width, "\(text) in \(width)")
                }
            }
        }
        #expect(fitted("客户价值", width: 6, alignment: .left, asciiOnly: false) == "客户… ")
        #expect(fitted("客户价值", width: 6, alignment: .left, asciiOnly: true) == "客户~ ")
    }
}

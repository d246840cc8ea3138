import Testing

@testable import StratumCLI

struct ProgressLineTests {
    private let line = ProgressLine(
        stage: "read", rowsDone: 1_234_567, bytesDone: 250_000_000, bytesTotal: 1_000_000_000, seconds: 2)

    @Test func plainLineStatesRowsSpeedAndTimeLeft() {
        #expect(line.plain == "read: 1,234,567 rows, 25 %, 125 MB/s, 6.0 s left")
    }

    @Test func aPipeHasNoEnd() {
        var pipe = line
        pipe.bytesTotal = nil
        #expect(pipe.plain == "read: 1,234,567 rows, 125 MB/s")
        #expect(pipe.bar(width: 200) == pipe.plain)
    }

    @Test func barIsFilledByTheShareDone() {
        #expect(line.bar(width: 200) == "██████░░░░░░░░░░░░░░░░░░ \(line.plain)")
    }

    @Test(arguments: [0, 1, 2, 20, 40]) func barNeverWraps(width: Int) {
        #expect(line.bar(width: width).count <= max(0, width - 1))
    }

    @Test func nothingDoneIsNoDivisionByZero() {
        let start = ProgressLine(stage: "read", rowsDone: 0, bytesDone: 0, bytesTotal: 0, seconds: 0)
        #expect(start.plain == "read: 0 rows")
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func digitsAreGrouped(value: Int, text: String) {
        #expect(groupedDigits(value) == text)
    }

    @Test(arguments: [
        (0, "0 ms"), (0.0424, "42 ms"), (0.099, "99 ms"), (0.0999, "0.1 s"), (9.94, "9.9 s"), (9.96, "10 s"),
        (59.4, "59 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s"),
        (7800, "2 h 10 min"), (.infinity, "unknown"), (.nan, "unknown"), (-1, "unknown"),
    ])
    func durationsReadAsSpoken(seconds: Double, text: String) {
        #expect(duration(seconds) == text)
    }
}

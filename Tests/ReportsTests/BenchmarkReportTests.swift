import Foundation
import Testing

@testable import Reports

struct BenchmarkReportTests {
    @Test func tableNamesTheMachineAndWhatCellsShare() {
        #expect(
            BenchmarkSample.two.text(TerminalStyle(width: 120)) == """
                Example CPU, 2 cores, L1d 48 KiB, L2 2 MiB, 23.5 GiB of memory, 512-bit vectors
                Example Linux, stratum 0.1.0, OpenBLAS 0.3.21 (Haswell)
                1,000,000 x 12, clustered; start greedyKMeansPlusPlus; lloyd; 2 threads; tolerance 0.0001; medians of 3 runs of each in turn

                k    time     spread  seeding  iteration  iterations  skipped  M rows/s  GB/s  of read     inertia  silhouette
                4   25 ms  −20 +20 %     5 ms     1.6 ms          12   25.0 %       625    30     69 %  35,621,422       0.411
                8  1.26 s    −4 +4 %    10 ms     2.5 ms        300+    0.0 %       400  19.2     44 %  17,278,732
                """ + "\n")
    }

    @Test func aNarrowTableRepeatsAllChoices() {
        var report = BenchmarkSample.two
        report.cells[1].key.threadCount = 1
        let lines = report.text(TerminalStyle(width: 60)).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count { $0.hasPrefix("k  threads  ") } == 3)
        #expect(lines.count { $0.hasPrefix("8        1  ") } == 3)
        #expect(lines.dropFirst(3).allSatisfy { $0.count <= 60 })
    }

    @Test func oneCellStandsUnderItsNumberOfSegments() {
        let report = BenchmarkSample.report([BenchmarkSample.cell(k: 4, seeding: nil, fit: [0.02])])
        #expect(
            report.text(TerminalStyle(width: 120, asciiOnly: true)) == """
                Example CPU, 2 cores, L1d 48 KiB, L2 2 MiB, 23.5 GiB of memory, 512-bit vectors
                Example Linux, stratum 0.1.0, OpenBLAS 0.3.21 (Haswell)
                1,000,000 x 12, clustered; k 4; start greedyKMeansPlusPlus; lloyd; 2 threads; tolerance 0.0001; medians of 3 runs of each in turn

                k   time  spread  seeding  iteration  iterations  skipped  M rows/s  GB/s  of read     inertia
                4  20 ms            given     1.6 ms          12    0.0 %       625    30     69 %  35,621,422
                """ + "\n")
    }

    @Test func csvHasARowForEachCell() {
        let lines = String(decoding: BenchmarkSample.two.csv, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 21 })
        #expect(
            lines[1].hasPrefix(
                "clustered,1000000,12,4,greedyKMeansPlusPlus,lloyd,2,0.025,0.02,0.03,0.005,0.02,0.0016,12,true,0.25,"))
        #expect(lines[1].hasSuffix(",35621422.25,0.4114"))
        #expect(lines[2].hasSuffix(",17278732.125,"))
    }

    @Test func whatIsWrittenAsJSONIsReadBackEqual() throws {
        var report = BenchmarkSample.two
        report.disagreements = ["one", "two"]
        report.cells.append(BenchmarkSample.cell(k: 9, seeding: nil, fit: [0.1, 0.2, 0.3], inertia: 0.1 + 0.2))
        let bytes = report.json.encoded(indented: true)
        #expect(try JSONDecoder().decode(BenchmarkReport.self, from: Data(bytes)) == report)
    }

    @Test func aFileWithoutRunsOrWithTimesOfZeroIsRefused() {
        let text = String(decoding: BenchmarkSample.two.json.encoded(indented: false), as: UTF8.self)
        for runs in ["[]", "[0]", "[-1,1]"] {
            let changed = text.replacingOccurrences(of: "[0.02,0.024,0.016]", with: runs)
            #expect(changed != text)
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(BenchmarkReport.self, from: Data(changed.utf8))
            }
        }
    }

    @Test func mediansAndDeviations() {
        let odd = BenchmarkTimes([5, 1, 3])
        #expect([odd.median, odd.minimum, odd.maximum, odd.medianDeviation] == [3, 1, 5, 2])
        let even = BenchmarkTimes([4, 1, 2, 9])
        #expect([even.median, even.minimum, even.maximum, even.medianDeviation] == [3, 1, 9, 1.5])
    }

    @Test(arguments: [
        (0.000_412, "412 µs"), (0.000_999_6, "1 ms"), (0.0123, "12.3 ms"), (0.9996, "1 s"), (1.049, "1.05 s"),
        (123.4, "123 s"),
    ])
    func secondsHaveTheUnitThatSuitsThem(_ seconds: Double, _ text: String) {
        #expect(secondsText(seconds) == text)
    }
}

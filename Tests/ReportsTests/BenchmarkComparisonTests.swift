import Reports
import Testing

struct BenchmarkComparisonTests {
    private func report(_ fits: [(k: Int, seconds: Double)]) -> BenchmarkReport {
        BenchmarkSample.report(
            fits.map { BenchmarkSample.cell(k: $0.k, seeding: nil, fit: [$0.seconds, $0.seconds, 9]) })
    }

    private func compare(_ now: BenchmarkReport, _ before: BenchmarkReport) -> BenchmarkComparison {
        BenchmarkComparison(now, baseline: before, limit: 0.1)
    }

    @Test func everyCaseHasItsVerdict() {
        let before = report([(2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (8, 1)])
        let now = report([(7, 1), (6, 1.2), (5, 0.8), (4, 1), (3, 1.09), (2, 0.92)])
        let comparison = compare(now, before)
        #expect(comparison.lines.map(\.key.clusterCount) == [7, 6, 5, 4, 3, 2, 8])
        #expect(comparison.lines.map(\.verdict) == [.new, .slower, .faster, .same, .same, .same, .missing])
        #expect(comparison.slower.map(\.key.clusterCount) == [6])
        #expect(comparison.warnings.isEmpty)
        #expect(comparison.hasCommonCells)
    }

    @Test func oneSlowRunIsNoSlowMedian() {
        let before = BenchmarkSample.report([BenchmarkSample.cell(k: 2, fit: [1, 1, 1])])
        let now = BenchmarkSample.report([BenchmarkSample.cell(k: 2, fit: [1, 5, 1])])
        #expect(compare(now, before).slower.isEmpty)
    }

    @Test func seedingCountsAsWell() {
        let before = BenchmarkSample.report([BenchmarkSample.cell(k: 2, seeding: [1, 1, 1], fit: [1, 1, 1])])
        let now = BenchmarkSample.report([BenchmarkSample.cell(k: 2, seeding: [2, 2, 2], fit: [1, 1, 1])])
        #expect(compare(now, before).slower.first?.change == 0.5)
    }

    @Test func anotherMachineIsToldAndComparedAllTheSame() {
        var machine = BenchmarkSample.machine
        machine.coreCount = 64
        machine.processor = "Other CPU"
        let comparison = BenchmarkComparison(
            BenchmarkSample.report([BenchmarkSample.cell(k: 2, fit: [2])], machine: machine),
            baseline: report([(2, 1)]), limit: 0.1)
        #expect(
            comparison.warnings == [
                "the earlier results are of another machine: Other CPU, not Example CPU; 64 cores, not 2 cores"
            ])
        #expect(comparison.slower.count == 1)
    }

    @Test func otherRowsAndOtherAnswersAreTold() {
        let before = report([(2, 1), (3, 1)])
        let now = BenchmarkSample.report([
            BenchmarkSample.cell(k: 2, fit: [1], checksum: "0000000000000001"),
            BenchmarkSample.cell(k: 3, fit: [1], inertia: 7),
        ])
        #expect(
            compare(now, before).warnings == [
                "1,000,000 rows, k 2, start greedyKMeansPlusPlus, lloyd, 2 threads: the rows are not those of the earlier results",
                "1,000,000 rows, k 3, start greedyKMeansPlusPlus, lloyd, 2 threads: inertia 7, was 35621422.25",
            ])
    }

    @Test func otherSettingsCannotBeCompared() {
        var other = BenchmarkSample.settings
        #expect(other.differences(from: BenchmarkSample.settings).isEmpty)
        other.repeatCount = 9
        other.dataName = "elsewhere.csv"
        #expect(other.differences(from: BenchmarkSample.settings).isEmpty)
        other.tolerance = 0
        other.seed = 4
        #expect(
            other.differences(from: BenchmarkSample.settings) == [
                "tolerance 0, not 0.0001", "seed 4, not 18446744073709551615",
            ])
    }

    @Test func table() {
        let comparison = compare(report([(7, 1), (6, 1.2), (5, 0.8)]), report([(5, 1), (6, 1), (8, 0.0125)]))
        #expect(
            comparison.text(TerminalStyle(width: 80)) == """
                1 of 2 cells slower by more than 10.0 %; 1 only now; 1 only before

                k   before     now   change
                7              1 s           new
                6      1 s   1.2 s  +20.0 %  slower
                5      1 s  800 ms  −20.0 %  faster
                8  12.5 ms                   missing
                """ + "\n")
        #expect(
            BenchmarkComparison.sentence(comparison.slower[0])
                == "1,000,000 rows, k 6, start greedyKMeansPlusPlus, lloyd, 2 threads: 1.2 s, was 1 s (+20.0 %)")
        #expect(comparison.json["slower"] == .integer(1))
    }

    @Test func nothingInCommonIsSeen() {
        #expect(!compare(report([(2, 1)]), report([(3, 1)])).hasCommonCells)
    }
}

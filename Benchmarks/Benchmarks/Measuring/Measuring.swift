public import Benchmark
import Foundation
import Segmentation
public import VectorMath

/// One round of a benchmark: the limit, the work between the clock's two marks, and the check of its answer.
public enum Measuring {
    /// All cores.
    public static let workers = Workers(threadCount: ProcessInfo.processInfo.activeProcessorCount)

    /// 96 MB in the pages and by the threads that k-means reads its matrix with: what reading is measured on. All is
    /// written, since pages that never were are one page of zeros that stays in the nearest cache.
    private static let memory = Result {
        let matrix = try FeatureMatrix(
            rowCount: 2_000_000, scalings: [FeatureScaling](repeating: .identity, count: 12))
        let ones = [Double](repeating: 1, count: matrix.rowCount)
        for column in 0..<matrix.columnCount { matrix.store(column: column, firstRow: 0, values: ones[...]) }
        return matrix
    }

    /// Megabytes a second of reading memory, the limit that stands beside every rate.
    public static func readRate() throws -> Double {
        let memory = try memory.get()
        let clock = ContinuousClock()
        let start = clock.now
        let sum = memory.bitSum(workers: workers)
        let seconds = (clock.now - start) / .seconds(1)
        let pairOfOnes: UInt64 = 0x3F80_0000_3F80_0000
        let expected = pairOfOnes &* UInt64(memory.rowCount * memory.columnCount / 2)
        precondition(sum == expected, "ones sum to \(sum), not \(expected)")
        return Double(memory.rowCount * memory.columnCount * 4) / 1e6 / seconds
    }

    /// Runs `work` once and records its rate over `byteCount` bytes and beside reading as many.
    ///
    /// - Parameters:
    ///   - byteCount: bytes that the work has to read.
    ///   - work: what is measured.
    ///   - check: what is wrong with the answer, or nil.
    public static func round<Answer>(
        _ benchmark: Benchmark, byteCount: Int, _ work: () throws -> Answer, check: (Answer) throws -> String?
    ) {
        do {
            let limit = try readRate()
            let clock = ContinuousClock()
            benchmark.startMeasurement()
            let start = clock.now
            let answer = try work()
            let seconds = (clock.now - start) / .seconds(1)
            benchmark.stopMeasurement()
            let rate = Double(byteCount) / 1e6 / seconds
            benchmark.measurement(.byteRate, Int(rate))
            benchmark.measurement(.readRate, Int(limit))
            benchmark.measurement(.shareOfRead, Int((100 * rate / limit).rounded()))
            if let complaint = try check(answer) { benchmark.error("wrong answer: \(complaint)") }
        } catch {
            benchmark.error("\(error)")
        }
    }

    /// Runs `work` once and records how many rows a second it takes.
    public static func round<Answer>(
        _ benchmark: Benchmark, rowCount: Int, _ work: () throws -> Answer, check: (Answer) throws -> String?
    ) {
        do {
            let clock = ContinuousClock()
            benchmark.startMeasurement()
            let start = clock.now
            let answer = try work()
            let seconds = (clock.now - start) / .seconds(1)
            benchmark.stopMeasurement()
            benchmark.measurement(.rowRate, Int(Double(rowCount) / seconds))
            if let complaint = try check(answer) { benchmark.error("wrong answer: \(complaint)") }
        } catch {
            benchmark.error("\(error)")
        }
    }
}

extension BenchmarkMetric {
    /// 10^6 bytes a second.
    public static let byteRate = BenchmarkMetric.custom(
        "MB / second", polarity: .prefersLarger, useScalingFactor: false)
    /// 10^6 bytes a second of reading memory in the same round.
    public static let readRate = BenchmarkMetric.custom(
        "MB / second, reading only", polarity: .prefersLarger, useScalingFactor: false)
    /// The first over the second.
    public static let shareOfRead = BenchmarkMetric.custom(
        "% of reading only", polarity: .prefersLarger, useScalingFactor: false)
    /// Customers a second.
    public static let rowRate = BenchmarkMetric.custom(
        "Rows / second", polarity: .prefersLarger, useScalingFactor: false)
}

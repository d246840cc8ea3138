import Benchmark
import Measuring
import Stratum
import Synchronization
import TableIO
import Tables
import VectorMath

/// Reading a sample export of a million customers that lies in memory, and sums over columns.
enum TableKernels {
    private static let customerCount = 1_000_000

    private static let export: [UInt8] = {
        let bytes = Mutex<[UInt8]>([])
        let sample = SampleData(customerCount: customerCount, seed: 1)
        // Writing into memory does not fail.
        try? sample.write(threadCount: Measuring.workers.threadCount) { piece in bytes.withLock { $0 += piece } }
        return bytes.withLock { $0 }
    }()

    /// Finding fields and record ends, without a number or an id.
    static func scan(_ benchmark: Benchmark) {
        read(benchmark, columns: []) { $0.rowCount == customerCount ? nil : "\($0.rowCount) rows" }
    }

    /// The same with all 12 columns as numbers.
    static func numbers(_ benchmark: Benchmark) {
        read(benchmark, columns: SampleData.columnNames.dropFirst().map { ColumnRequest(name: $0) }) { table in
            let missing = table.batches.reduce(0) { $0 + $1.columns[10].extremes.missingCount }
            let days = table.batches.map { $0.columns[4].extremes.maximum }.max() ?? 0
            // 3 in 100 leave the NPS question empty, and nobody bought longer ago than two years.
            return (28_000...32_000).contains(missing) && days > 300 && days < 740 ? nil : "\(missing) \(days)"
        }
    }

    private static func read(_ benchmark: Benchmark, columns: [ColumnRequest], check: (Table) -> String?) {
        do {
            // Taking the bytes over is none of the reader's work.
            let source = try InputSource(bytes: export, name: "memory")
            Measuring.round(benchmark, byteCount: export.count) {
                try CSVReader(source: source, identifier: nil, columns: columns).readTable(workers: Measuring.workers)
                    .table
            } check: {
                check($0)
            }
        } catch {
            benchmark.error("\(error)")
        }
    }

    private static let values = (0..<12_000_000).map { Double($0 % 1_000) }

    /// Mean, deviation and extremes of 96 MB of numbers.
    static func moments(_ benchmark: Benchmark) {
        let source = ColumnSource(values)
        Measuring.round(benchmark, byteCount: 8 * values.count) {
            try source.moments(Measuring.workers)
        } check: { moments in
            moments[0].mean == 499.5 && moments[0].count == values.count ? nil : "\(moments[0].mean ?? .nan)"
        }
    }
}

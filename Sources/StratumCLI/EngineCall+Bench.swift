import Reports
import Segmentation
import Stratum
import TableIO
import VectorMath

extension EngineCall {
    /// Where the rows of a benchmark come from.
    enum BenchSource {
        case generated(GeneratedRows)
        case columns([String], inputs: [String])
        case plan(String, inputs: [String])
        case matrix(String)
    }

    func rows(_ source: BenchSource) throws -> BenchmarkRows {
        switch source {
        case .generated(let generated):
            return try BenchmarkRows(generated, workers: Workers(threadCount: options.threadCount))
        case .columns(let features, let inputs):
            return try BenchmarkRows(features: features, inputs: try files(inputs), options: options)
        case .plan(let plan, let inputs):
            let inputs = try files(inputs, besides: [plan])
            return try BenchmarkRows(plan: try resolvedPlan(plan), inputs: inputs, options: options)
        case .matrix(let path): return try BenchmarkRows(matrixFile: path)
        }
    }

    /// Runs a grid, showing how far it is.
    func run(_ benchmark: SegmentationBenchmark, on rows: BenchmarkRows) throws -> BenchmarkReport {
        var benchmark = benchmark
        benchmark.progress = { [console] progress in
            let line = BenchProgressLine(progress: progress, seconds: console.seconds)
            console.show(bar: line.bar(width: console.width), plain: line.plain)
        }
        return try benchmark.run(on: rows)
    }

    /// The earlier results in a file.
    static func baseline(_ path: String) throws -> BenchmarkReport {
        try BenchmarkReport.decode(try fileBytes(path, limit: BenchmarkReport.byteLimit), path: path)
    }
}

extension BenchmarkReport {
    /// The bytes of the report in a form; a comparison stands below the table and in the JSON.
    func bytes(_ format: BenchFormat, _ comparison: BenchmarkComparison?, style: TerminalStyle) -> [UInt8] {
        switch format {
        case .csv: return csv
        case .table: return Array((text(style) + (comparison.map { "\n" + $0.text(style) } ?? "")).utf8)
        case .json:
            guard let comparison, case .object(let members) = json else {
                return json.encoded(indented: true) + [0x0A]
            }
            return JSONValue.object(members + [.init("comparison", comparison.json)]).encoded(indented: true) + [0x0A]
        }
    }
}

extension BenchmarkError.Kind {
    /// The status that the command ends with.
    var status: ExitStatus {
        switch self {
        case .invalidGrid, .otherBaseline: .usage
        case .badMatrix: .input
        case .badBaseline: .model
        case .answersDiffer, .slower: .limit
        }
    }
}

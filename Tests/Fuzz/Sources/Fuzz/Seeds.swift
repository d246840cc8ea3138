import Foundation
import Stratum
import TableIO

/// Writes what each target starts from into folders of its name: valid inputs, small enough to be mutated quickly.
func writeSeeds(_ folder: String) throws {
    func write(_ target: String, _ inputs: [[UInt8]]) throws {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(target)", withIntermediateDirectories: true)
        for (index, input) in inputs.enumerated() {
            try Data(input).write(to: URL(fileURLWithPath: "\(folder)/\(target)/seed-\(index)"))
        }
    }
    let tables = [
        "1,2,3\n4,5,6\n", "1,2,3\r\n4,5.25,-6\r\n\r\n7,,\r\n", "1,2,3\r4,5,6\r",
        "\"x\"\"y\",\"1.5\",2\n\"p\nq\",3,4\nz,\" 7 \",8\n",
        "1,2\n2,2,3,4\n3,x,1\n4,nan,1\n5,1e999,1\n6,1,-5000\n,1,1\n7,1,1\n7,2,2\n8,1,1",
        "1,\"abc,2\n2,\"def\",3\n3,4,5\n4,\"5\"x,6\n5,6,7\n", "1,2,3\n2,\"unclosed,3\n3,4,5\n",
        "客户一,1.5,2\n客户二,2.25,3\n", "1,0.123456789,2\n2,0.1234567890123,3\n3,12345678901234567890,4\n",
    ]
    try write("csv", tables.flatMap { table in [1, 7, 200].map { [UInt8($0)] + Array(table.utf8) } })
    let numbers = [
        "0", "-12.50", "1e-400", "9007199254740993", "4.9e-324", "0.1234567890", " 7\t", "nan", "1e22", ".5",
    ]
    try write("number", numbers.map { Array($0.utf8) })
    let plan = Plan(
        dimensions: [.init("d", indicators: [.init("revenue_12m"), .init("recency_days", direction: .lower)])],
        value: "revenue_12m", segments: .init(count: 2))
    let resolved = try plan.resolved()
    try write("plan", [plan.json.encoded(indented: true), resolved.json.encoded(indented: false)])
    let sample = SampleData(customerCount: 40, seed: 1)
    let bytes = sample.header + (0..<sample.chunkCount).flatMap { sample.records(ofChunk: $0) }
    // The smallest model too: mutations of few bytes are quick and seldom break what they are not about.
    let least = try Plan(dimensions: [.init("d", indicators: [.init("a")])]).resolved()
    try write(
        "model",
        [
            modelBody(resolved, bytes, in: "\(folder)/run"),
            modelBody(least, Array("customer_id,a\n1,2\n2,3\n3,5\n".utf8), in: "\(folder)/run"),
        ])
}

/// What lies between header and end of the model that a run writes.
private func modelBody(_ plan: ResolvedPlan, _ input: [UInt8], in folder: String) throws -> [UInt8] {
    var options = RunOptions()
    (options.sync, options.force) = (false, true)
    _ = try Engine(plan: plan, options: options).run(InputSource(bytes: input, name: "sample"), outputFolder: folder)
    let model = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/model.json")))
    return Array(model.split(separator: 0x0A)[1])
}

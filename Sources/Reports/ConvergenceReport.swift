public import Segmentation

/// What happened in each iteration until the segments came to rest.
public struct ConvergenceReport: Equatable, Sendable {
    /// The iterations of the start that was kept.
    public var iterations: [KMeansIteration]
    /// Seconds of each iteration, as many; empty if nobody took the time. They are in no file.
    public var seconds: [Double]
    /// The sum of squared distances in the end.
    public var inertia: Double
    /// Whether the segments came to rest within the iteration limit.
    public var converged: Bool
    /// Customers.
    public var rowCount: Int

    /// A report on the iterations of `result`.
    public init(_ result: KMeansResult, seconds: [Double] = []) {
        iterations = result.iterations
        self.seconds = seconds
        inertia = result.inertia
        converged = result.converged
        rowCount = result.sizes.reduce(0, +)
    }

    /// The figures for the summary, without times, so that equal runs give equal figures.
    public var json: JSONValue {
        [
            "inertia": .number(inertia), "converged": .bool(converged),
            "iterations": .list(
                iterations.map {
                    [
                        "inertia": .number($0.inertia), "moved": .integer($0.movedCount),
                        "squared_shift": .number($0.squaredShift), "skipped": .integer($0.skippedCount),
                        "repaired": .integer($0.repairCount),
                    ]
                }),
        ]
    }

    /// A table for the terminal: a row for each iteration.
    public func text(_ style: TerminalStyle) -> String {
        let hasTimes = seconds.count == iterations.count
        var columns: [(title: String, alignment: Alignment)] = [
            ("iteration", .right), ("inertia", .right), ("moved", .right), ("skipped", .right),
        ]
        if hasTimes { columns.append(("time", .right)) }
        var table = TextTable(columns: columns)
        for (number, iteration) in iterations.enumerated() {
            var row = [
                String(number + 1), significantText(iteration.inertia, digits: 9), groupedText(iteration.movedCount),
                percentText(Double(iteration.skippedCount) / Double(max(1, rowCount))),
            ]
            if hasTimes { row.append(groupedText(seconds[number] * 1e3, decimals: 1) + " ms") }
            table.append(row)
        }
        let end = converged ? "at rest" : "not at rest"
        return table.text(style)
            + "\(iterations.count) iterations, inertia \(significantText(inertia, digits: 9)), \(end).\n"
    }
}

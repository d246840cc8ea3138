public import Reports
public import TableIO
import Indicators
import Tables

extension Engine {
    /// Turns the order lines of the files, which count as one log, into one row a customer, in rising order of the ids'
    /// bytes.
    ///
    /// Neither the order of the lines nor their division into files changes the output.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin.
    ///   - columns: what the columns mean.
    ///   - state: where lines are kept from run to run; nil for nowhere.
    ///   - output: a path, `-` for stdout.
    ///   - rejects: where rejected records go; nil counts them only.
    ///   - summary: where the summary goes.
    /// - Throws: as `run`, and `IndicatorsError`.
    /// - Complexity: memory of about 17 bytes a line, where customers have a dozen
    public static func indicators(
        inputs: [String], of columns: OrderColumns, state: OrderState? = nil, output: String, rejects: String? = nil,
        summary: String? = nil, options: RunOptions
    ) throws -> RunResult {
        let sources = try options.sources(inputs)
        let earlier = try state.map { try StoredOrders($0, columns) }
        let files = try VerbFiles(
            output: output, rejects: rejects, summary: summary, sources: sources, state: state,
            merged: earlier?.merged ?? [], options)
        var stopwatch = Stopwatch()
        let orders = try stopwatch.time("read") {
            try OrderIntake.read(
                sources, of: columns, options,
                restore: earlier.map { earlier in { try earlier.restore(to: $0, options) } }
            ) { try files.reject($0) }
        }
        if let earlier, let stored = orders.stored, let output = files.state {
            try stopwatch.time("state") {
                try earlier.write(stored, adding: orders.intake.files, options) { try output.append($0) }
            }
        }
        try stopwatch.time("write") {
            try orders.write(idColumn: columns.id, options) { try files.output.append($0) }
        }
        let report = RunSummary(
            engineVersion: version, verb: "indicators", rows: orders.intake.rows, warnings: orders.warnings,
            inputs: orders.intake.files, stages: stopwatch.stages,
            results: [.init("indicators", orders.json)] + (earlier.map { [.init("state", $0.json)] } ?? []))
        var result = RunResult(summary: report, pyramid: nil, firstRejects: orders.intake.firstRejects)
        try earlier?.checkUnchanged()
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }

    /// The same for a source from memory or a function, and rows that go to a function.
    ///
    /// - Parameter deliver: called with the header and then with whole rows, one call at a time.
    public static func indicators(
        _ source: InputSource, of columns: OrderColumns, options: RunOptions,
        deliver: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) throws -> RunSummary.RowCounts {
        let orders = try OrderIntake.read([source], of: columns, options) { _ in }
        try orders.write(idColumn: columns.id, options) { buffer in
            try buffer.withUnsafeBytes { try deliver($0) }
        }
        return orders.intake.rows
    }
}

extension OrderIntake {
    /// Formats all customers side by side and hands the rows on in order, the header first.
    func write(
        idColumn: String, _ options: RunOptions, deliver: @escaping @Sendable (RowBuffer) throws -> Void
    ) throws {
        let rows = IndicatorRows(self, idColumn: idColumn, spreadsheetSafe: options.spreadsheetSafe)
        let header = RowBuffer()
        header.append(rows.header)
        try deliver(header)
        let buffers = RowBufferPool()
        try forEachIndicatorChunk(options) { chunk in
            let buffer = buffers.take()
            rows.append(chunk, to: buffer)
            return buffer
        } deliver: { buffer in
            try deliver(buffer)
            buffers.give(buffer)
        }
    }
}

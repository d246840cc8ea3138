extension BenchmarkReport {
    /// The bytes of a CSV: a row for each cell with its choices and figures; seconds and 10^9 bytes a second.
    public var csv: [UInt8] {
        var csv = CSVText()
        csv.append([
            "data", "rows", "columns", "k", "seeding", "algorithm", "threads", "total_median", "total_min", "total_max",
            "seeding_median", "fit_median", "iteration_median", "iterations", "converged", "skipped_share",
            "rows_per_second", "gb_per_second", "read_gb_per_second", "inertia", "silhouette",
        ])
        for cell in cells {
            let total = cell.total
            csv.append([
                settings.dataName, String(cell.key.rowCount), String(settings.columnCount),
                String(cell.key.clusterCount), cell.key.seeding, cell.key.algorithm, String(cell.key.threadCount),
                CSVText.field(total.median), CSVText.field(total.minimum), CSVText.field(total.maximum),
                CSVText.field(cell.seeding?.median), CSVText.field(cell.fit.median),
                CSVText.field(cell.iteration.median), String(cell.iterationCount), String(cell.converged),
                CSVText.field(cell.skippedShare), CSVText.field(cell.rowsPerSecond), CSVText.field(cell.rate),
                CSVText.field(cell.readRate), CSVText.field(cell.inertia), CSVText.field(cell.silhouette),
            ])
        }
        return csv.bytes
    }
}

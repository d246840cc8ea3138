/// What the runs of a grid of k-means fits took and found: finished figures only.
public struct BenchmarkReport: Equatable, Sendable {
    /// The release of the engine.
    public var engineVersion: String
    /// What it ran on.
    public var machine: BenchmarkMachine
    /// What holds for all cells.
    public var settings: BenchmarkSettings
    /// The cells of the grid, in its order.
    public var cells: [BenchmarkCell]
    /// Cells whose answers should be equal and are not, one sentence each; empty when all is well.
    public var disagreements: [String]

    /// A report.
    public init(
        engineVersion: String, machine: BenchmarkMachine, settings: BenchmarkSettings, cells: [BenchmarkCell],
        disagreements: [String] = []
    ) {
        self.engineVersion = engineVersion
        self.machine = machine
        self.settings = settings
        self.cells = cells
        self.disagreements = disagreements
    }
}

/// What holds for all cells of a grid.
public struct BenchmarkSettings: Equatable, Sendable {
    /// What the rows are: a file's name, `clustered` or `uniform`.
    public var dataName: String
    /// The number of features.
    public var columnCount: Int
    /// The tolerance of k-means.
    public var tolerance: Double
    /// The iterations of one fit at most.
    public var iterationLimit: Int
    /// What everything random comes from.
    public var seed: UInt64
    /// Measured runs of each cell, 1 or more.
    public var repeatCount: Int
    /// Runs of each cell before the first that is measured.
    public var warmupCount: Int

    /// Settings.
    public init(
        dataName: String, columnCount: Int, tolerance: Double, iterationLimit: Int, seed: UInt64, repeatCount: Int,
        warmupCount: Int
    ) {
        self.dataName = dataName
        self.columnCount = columnCount
        self.tolerance = tolerance
        self.iterationLimit = iterationLimit
        self.seed = seed
        self.repeatCount = repeatCount
        self.warmupCount = warmupCount
    }

    /// What makes times under these settings say nothing about times under others, one phrase each.
    public func differences(from other: BenchmarkSettings) -> [String] {
        var differences: [String] = []
        func compare(_ name: String, _ mine: String, _ theirs: String) {
            if mine != theirs { differences.append("\(name) \(mine), not \(theirs)") }
        }
        compare("columns", String(columnCount), String(other.columnCount))
        compare("tolerance", shortestText(tolerance), shortestText(other.tolerance))
        compare("iteration limit", String(iterationLimit), String(other.iterationLimit))
        compare("seed", String(seed), String(other.seed))
        return differences
    }
}

import Reports

/// Times the stages of a run. Stages themselves know no clock; only their order is timed, here.
struct Stopwatch {
    private(set) var stages: [RunSummary.StageTime] = []
    private let clock = ContinuousClock()

    /// Runs a stage and notes its time under `name`.
    mutating func time<Result>(_ name: String, _ stage: () throws -> Result) rethrows -> Result {
        let start = clock.now
        defer { stages.append(.init(name, seconds: (clock.now - start) / .seconds(1))) }
        return try stage()
    }
}

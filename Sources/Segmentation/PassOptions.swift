import CKernels

/// How one pass is carried out; nothing of it shows in the result.
struct PassOptions: Sendable {
    /// Which of the forms of the C loop runs; a form that the machine does not have must not be asked for.
    var form = KernelForm.best
    /// Tiles in a task.
    var tilesPerTask = Tasks.tileLimit
    /// Whether every pass is followed by a plain one that its labels are compared with.
    var checksLabels = false
}

/// Forms of the pass: x86-64-v4 and v3 give the same labels, the portable one may decide near ties otherwise.
enum KernelForm: Int32, CaseIterable, Sendable {
    case portable = 0
    case v3
    case v4

    /// The best that this machine runs.
    static let best = KernelForm(rawValue: stratum_kmeans_best_form()) ?? .portable

    /// All that this machine runs.
    static var available: [KernelForm] { allCases.filter { $0.rawValue <= best.rawValue } }
}

import CKernels
import Synchronization

/// The forms of the CSV kernels that this processor can run, by their numbers: portable, AVX2, AVX-512.
enum KernelForms {
    static let all = Array(0...stratum_csv_best())
    private static let selection = Mutex(())

    /// Runs `body` with one form selected. Tests beside it run with that form too, but none selects another meanwhile.
    static func with<Result>(_ form: Int32, _ body: () throws -> Result) rethrows -> Result {
        try selection.withLock { _ in
            stratum_csv_select(form)
            defer { stratum_csv_select(stratum_csv_best()) }
            return try body()
        }
    }
}

internal import COpenBLAS

/// The library that multiplies matrices.
public enum MatrixLibrary {
    /// Its name.
    public static let name = "OpenBLAS"

    /// Its version and the kind of processor that it takes this one for, such as `0.3.21 (Haswell)`.
    public static var version: String {
        // SAFETY: both are texts that the library keeps for good, ended by a NUL.
        let configuration = openblas_get_config().map { String(cString: $0) } ?? ""
        let core = openblas_get_corename().map { String(cString: $0) } ?? ""
        let words = configuration.split(separator: " ")
        let version = words.first { $0.utf8.first.map { (0x30...0x39).contains($0) } ?? false } ?? "unknown"
        return core.isEmpty ? String(version) : "\(version) (\(core))"
    }
}

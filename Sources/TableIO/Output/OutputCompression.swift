/// How the bytes of an output are packed; the raw value is the end of its name.
public enum OutputCompression: String, Sendable, CaseIterable {
    /// One gzip member without time or name, its deflate blocks cut every 1 MiB.
    case gzip = "gz"
    /// zstd frames of 1 MiB each with checksums, which every reader takes for one stream.
    case zstd = "zst"

    /// What the end of `path` asks for: `.gz` or `.zst`, nil for anything else.
    public init?(path: String) {
        guard let match = Self.allCases.first(where: { path.hasSuffix("." + $0.rawValue) }) else { return nil }
        self = match
    }
}

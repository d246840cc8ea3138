/// How far a compressed input may unpack before it is taken for a bomb.
public struct DecompressionLimit: Sendable, Equatable {
    /// The most unpacked bytes; nil holds the input to the ratio instead.
    public var byteCount: Int?

    /// Unpacked bytes for one stored byte that are too many, where no size is given. Tables of customers pack 3 to 20
    /// to one; deflate cannot pass 1,032, which the classic bombs come close to.
    public static let ratio = 1_000
    /// Unpacked bytes up to which the ratio may be anything.
    public static let ratioStart = 64 << 20

    /// A limit of `byteCount` bytes, or the ratio.
    public init(byteCount: Int? = nil) {
        self.byteCount = byteCount
    }

    /// - Throws: `decompressedTooLarge` when `unpacked` bytes from `stored` ones are too many.
    func check(_ unpacked: Int, from stored: Int, path: String) throws(TableIOError) {
        if let byteCount {
            guard unpacked > byteCount else { return }
            throw TableIOError(.decompressedTooLarge, path: path, detail: "over \(byteCount) bytes")
        }
        guard unpacked > Self.ratioStart, unpacked / Self.ratio >= stored else { return }
        throw TableIOError(
            .decompressedTooLarge, path: path, detail: "\(unpacked) bytes from \(stored), over \(Self.ratio) to 1")
    }
}

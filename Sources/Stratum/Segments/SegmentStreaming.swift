/// How `segment` works through customers that shall not take memory: they are read once into temporary files, and the
/// passes go over those.
public struct SegmentStreaming: Sendable {
    /// Customers in a mini-batch, 16 or more; nil passes over all of them in each iteration.
    public var miniBatchRowCount: Int?
    /// Exact iterations after mini-batches, 0 or more.
    public var exactIterationLimit = 1
    /// Where the temporary files go, about 1.5 times the bytes of the unpacked input; nil for the folder of the output.
    public var spoolFolder: String?

    /// Passes over all customers, temporary files beside the output.
    public init() {}
}

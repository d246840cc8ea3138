/// Where a log puts rows when memory runs out.
public struct OrderSpill: Sendable {
    /// Asked for each chunk of rows: whether it goes to the disk.
    public var isNeeded: @Sendable () -> Bool
    /// Keeps bytes and returns the place to read them from.
    public var store: @Sendable (UnsafeRawBufferPointer) throws -> Int
    /// Fills the room with the bytes that stand at a place.
    public var load: @Sendable (UnsafeMutableRawBufferPointer, Int) throws -> Void

    /// A spill by these three functions, called from any thread.
    public init(
        isNeeded: @escaping @Sendable () -> Bool, store: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Int,
        load: @escaping @Sendable (UnsafeMutableRawBufferPointer, Int) throws -> Void
    ) {
        self.isNeeded = isNeeded
        self.store = store
        self.load = load
    }
}

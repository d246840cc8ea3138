import Synchronization

/// The numbers of chunks, handed out one by one.
final class ChunkCounter: Sendable {
    private let next = Atomic(0)
    private let count: Int

    init(count: Int) { self.count = count }

    /// The next number; nil after the last.
    func take() -> Int? {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return chunk < count ? chunk : nil
    }
}

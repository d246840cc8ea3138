import Glibc

/// Memory of a fixed size that starts as zeros, is aligned to 64 bytes and sits in huge pages where it is large.
///
/// Unsafe: whoever writes from several threads writes disjoint elements.
final class LargeBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    /// The first element.
    let start: UnsafeMutablePointer<Element>
    /// The number of elements.
    let count: Int
    private let mapping: UnsafeMutableRawPointer
    private let mappedByteCount: Int

    private static var hugePageSize: Int { 1 << 21 }

    /// `count` zeros.
    ///
    /// - Throws: `SegmentationError` with `outOfMemory`.
    init(count: Int, for place: String) throws(SegmentationError) {
        precondition(count >= 0, "count \(count) is below 0")
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        let error = SegmentationError(
            .outOfMemory(byteCount: overflow ? .max : byteCount), place: place,
            remedy: "give the process more memory, or fewer rows or features")
        guard !overflow, byteCount <= Int.max - 2 * Self.hugePageSize else { throw error }
        // Room to move the start to a border of huge pages; small buffers take one page and need none.
        let slack = byteCount >= Self.hugePageSize ? Self.hugePageSize : 0
        mappedByteCount = max(byteCount, 1) + slack
        let mapped = mmap(nil, mappedByteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED else { throw error }
        mapping = mapped
        var first = mapped
        if slack > 0 {
            first = mapped.alignedUp(toMultipleOf: Self.hugePageSize)
            // Only advice: without huge pages all works, at the price of more page faults.
            _ = madvise(first, byteCount, MADV_HUGEPAGE)
        }
        // SAFETY: `first` is inside the mapping and `byteCount` bytes follow it: it was moved by less than `slack`.
        start = first.bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    deinit {
        munmap(mapping, mappedByteCount)
    }
}

extension UnsafeMutableRawPointer {
    /// The first address from here on that is a multiple of `alignment`, a power of two.
    fileprivate func alignedUp(toMultipleOf alignment: Int) -> UnsafeMutableRawPointer {
        self + (alignment - Int(bitPattern: self) & (alignment - 1)) & (alignment - 1)
    }
}

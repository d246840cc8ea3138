import Glibc

/// Asks the system for 2 MiB pages under a large buffer that is about to be written in no order.
///
/// A hint: with 4 KiB pages every write of a scatter over 80 MB misses the translation buffer. Nothing but time
/// depends on it, and small buffers are left alone.
func adviseHugePages<Element>(_ buffer: UnsafeMutableBufferPointer<Element>) {
    let pageSize: UInt = 2 << 20
    guard let base = buffer.baseAddress else { return }
    let start = (UInt(bitPattern: base) + pageSize - 1) / pageSize * pageSize
    let end = UInt(bitPattern: base + buffer.count) / pageSize * pageSize
    guard start < end else { return }
    // SAFETY: start..<end is within the buffer, and the advice changes no byte of it.
    _ = madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_HUGEPAGE)
}

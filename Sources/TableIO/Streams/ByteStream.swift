/// Bytes in order, read once.
///
/// One caller at a time; `InputSource` locks around its stream so that nothing else has to.
protocol ByteStream: AnyObject {
    /// Fills `buffer` from its start as far as there are bytes.
    ///
    /// - Returns: the number of bytes written to `buffer`; less than its count only at the end of the stream, 0 when
    ///   there are no more (or `buffer` is empty).
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int
}

/// A source that an embedder gives as a function: fills the buffer with 1 or more bytes, or returns 0 at the end.
public typealias BytePull = @Sendable (UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int

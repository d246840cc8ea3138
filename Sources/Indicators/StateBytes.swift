/// Bytes of an order log's state on their way out: little-endian integers, texts with their length before them.
struct StateWriter {
    private(set) var bytes: [UInt8] = []

    mutating func reserve(_ byteCount: Int) { bytes.reserveCapacity(byteCount) }

    mutating func write(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ count: Int) { write(Int64(count)) }

    mutating func write(_ values: some Collection<UInt8>) {
        write(values.count)
        bytes.append(contentsOf: values)
    }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    /// The elements as they lie in memory, after their number.
    mutating func write<Element: FixedWidthInteger>(cells: [Element]) {
        write(cells.count)
        // SAFETY: integers without padding; the machine is little-endian, as every one that runs this is.
        cells.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
}

/// The same bytes on their way in. What does not fit together is an error, never a trap.
struct StateReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether all has been read.
    var isAtEnd: Bool { place == bytes.count }

    private mutating func take(_ count: Int) throws(IndicatorsError) -> Range<Int> {
        guard count >= 0, count <= bytes.count - place else { throw IndicatorsError(.brokenState) }
        defer { place += count }
        return place..<place + count
    }

    mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type) throws(IndicatorsError) -> Integer {
        let range = try take(MemoryLayout<Integer>.size)
        return range.reversed().reduce(0) { ($0 << 8) | Integer(truncatingIfNeeded: bytes[$1]) }
    }

    /// A number of 0 or more.
    mutating func count() throws(IndicatorsError) -> Int {
        guard let count = Int(exactly: try integer(Int64.self)), count >= 0 else { throw IndicatorsError(.brokenState) }
        return count
    }

    mutating func data() throws(IndicatorsError) -> [UInt8] { Array(bytes[try take(try count())]) }

    mutating func text() throws(IndicatorsError) -> String { String(decoding: try data(), as: UTF8.self) }

    mutating func cells<Element: FixedWidthInteger>(_: Element.Type) throws(IndicatorsError) -> [Element] {
        let count = try count()
        let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.size)
        if overflow { throw IndicatorsError(.brokenState) }
        let range = try take(size)
        return [Element](unsafeUninitializedCapacity: count) { room, initialized in
            bytes.withUnsafeBytes { bytes in
                // SAFETY: the range lies inside the bytes and has as many as `count` elements take.
                UnsafeMutableRawBufferPointer(room).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
            initialized = count
        }
    }
}

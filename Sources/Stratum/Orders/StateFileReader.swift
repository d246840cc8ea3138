import Indicators
import TableIO

/// Reads the file of a state piece by piece, each checked before anything is made of it.
///
/// Pieces are found one after the other; those of a plain file are read and checked side by side.
final class StateFileReader: @unchecked Sendable {
    // SAFETY: unchecked, since one caller at a time asks for frames; `bytes(of:)` changes nothing.
    private let source: InputSource
    /// Where the next bytes of a plain file stand.
    private var offset = 0

    /// A piece: its bytes, or where they stand in a plain file.
    struct Frame: Sendable {
        fileprivate let byteCount: Int
        fileprivate let checksum: UInt64
        fileprivate let offset: Int
        fileprivate let bytes: [UInt8]?
    }

    /// Memory is taken as bytes come, so that an altered size cannot ask for more than the file has.
    private static let stepByteCount = 16 << 20

    init(_ source: InputSource) { self.source = source }

    static func altered(_ path: String) -> EngineError {
        EngineError(
            .unusableState, at: path, "the bytes of the state do not match their checksums",
            remedy: "take a copy of it from another place, or make it anew from all order lines")
    }

    private var cut: EngineError {
        EngineError(
            .unusableState, at: source.path, "the state ends too early",
            remedy: "take a copy of it from another place, or make it anew from all order lines")
    }

    /// Reads the line that says what the file is.
    func expect(_ opening: [UInt8]) throws {
        let found = try read(upTo: opening.count)
        guard found == opening else {
            // "..., version n"
            let name = opening.prefix { $0 < 0x30 || $0 > 0x39 }
            if found.starts(with: name) {
                throw EngineError(
                    .unusableState, at: source.path, "the state was stored by another release, in a form of its own",
                    remedy: "make it anew from all order lines, under another name")
            }
            throw EngineError(
                .unusableState, at: source.path, "this is no order log that this release has stored",
                remedy: "name a file that 'stratum indicators --state' has made")
        }
    }

    /// The next piece.
    func piece() throws -> [UInt8] { try bytes(of: frame()) }

    /// Where the next piece stands.
    func frame() throws -> Frame {
        let frame = try read(upTo: 16)
        guard frame.count == 16 else { throw cut }
        func word(_ start: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(frame[start + $1]) &<< UInt64(8 * $1) }
        }
        guard let count = Int(exactly: word(0)) else { throw Self.altered(source.path) }
        guard let fileByteCount = source.byteCount else {
            let bytes = try read(upTo: count)
            guard bytes.count == count else { throw cut }
            return Frame(byteCount: count, checksum: word(8), offset: 0, bytes: bytes)
        }
        guard count <= fileByteCount - offset else { throw cut }
        defer { offset += count }
        return Frame(byteCount: count, checksum: word(8), offset: offset, bytes: nil)
    }

    /// The bytes of a piece, which match their checksum.
    func bytes(of frame: Frame) throws -> [UInt8] {
        let bytes = try frame.bytes ?? read(frame.byteCount, at: frame.offset)
        guard bytes.count == frame.byteCount else { throw cut }
        var checksum = XXH3()
        bytes.withUnsafeBytes { checksum.update($0) }
        guard checksum.value == frame.checksum else { throw Self.altered(source.path) }
        return bytes
    }

    /// What `body` makes of a piece; an error that it does not fit together is told with the file.
    func understood<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as IndicatorsError where error.kind == .brokenState {
            throw Self.altered(source.path)
        }
    }

    func expectEnd() throws {
        guard try read(upTo: 1).isEmpty else { throw Self.altered(source.path) }
    }

    private func read(_ count: Int, at offset: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            // SAFETY: the source says how many bytes of the room it has written.
            filled = try source.read(into: UnsafeMutableRawBufferPointer(room), at: offset)
        }
    }

    private func read(upTo count: Int) throws -> [UInt8] {
        if let fileByteCount = source.byteCount {
            let bytes = try read(min(count, fileByteCount - offset), at: offset)
            offset += bytes.count
            return bytes
        }
        var bytes: [UInt8] = []
        while bytes.count < count {
            let step = min(Self.stepByteCount, count - bytes.count)
            let part = try [UInt8](unsafeUninitializedCapacity: step) { room, filled in
                // SAFETY: the source says how many bytes of the room it has written.
                filled = try source.read(into: UnsafeMutableRawBufferPointer(room))
            }
            if part.isEmpty { break }
            if bytes.isEmpty, part.count == count { return part }
            bytes += part
        }
        return bytes
    }
}

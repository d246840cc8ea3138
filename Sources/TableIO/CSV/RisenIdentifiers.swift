internal import Tables

/// The ids of a batch that rise, in few bytes: kept only for the case that a later id does not rise.
///
/// An id that counts one up from the one before it (`C0199` to `C0200`) costs nothing, it is only counted. Any other is
/// what it changes: how many bytes it shares with the one before it, and the rest. Ids that take more this way than their
/// fingerprints are kept as those. So numbered exports take no byte an id, others 12 at most.
struct RisenIdentifiers: Sendable {
    private enum Content {
        /// Alternately the change that begins a run, as shared count, rest count and rest, and how many ids count up from
        /// it. Counts are written 7 bits a byte, the lowest first.
        case changes([UInt8])
        case fingerprints(IdentifierFingerprints)
    }

    private let content: Content

    /// - Complexity: O(bytes of the ids)
    init(_ identifiers: Identifiers) {
        let limit = 12 * identifiers.count
        var changes: [UInt8] = []
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            identifiers.ends.withUnsafeBufferPointer { ends in
                var last = bytes[..<0]
                var runCount = 0
                for row in ends.indices where changes.count <= limit {
                    let id = bytes[last.endIndex..<Int(ends[row])]
                    if row > 0, Self.counts(from: last, to: id) {
                        runCount += 1
                    } else {
                        if row > 0 { Self.append(runCount, to: &changes) }
                        runCount = 0
                        let sharedCount = Self.sharedCount(last, id)
                        Self.append(sharedCount, to: &changes)
                        Self.append(id.count - sharedCount, to: &changes)
                        changes += id.dropFirst(sharedCount)
                    }
                    last = id
                }
                Self.append(runCount, to: &changes)
            }
        }
        content =
            changes.count <= limit ? .changes(Array(changes)) : .fingerprints(IdentifierFingerprints(identifiers))
    }

    /// The ids as they are compared.
    var fingerprints: IdentifierFingerprints {
        switch content {
        case .fingerprints(let prints): prints
        case .changes(let changes): IdentifierFingerprints(Self.identifiers(of: changes))
        }
    }

    /// Bytes kept.
    var byteCount: Int {
        switch content {
        case .fingerprints(let prints): 12 * prints.lows.count
        case .changes(let changes): changes.count
        }
    }

    private static func identifiers(of changes: [UInt8]) -> Identifiers {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        var id: [UInt8] = []
        var at = 0
        while at < changes.count {
            let sharedCount = count(in: changes, &at)
            let restCount = count(in: changes, &at)
            id = Array(id[..<sharedCount] + changes[at..<at + restCount])
            at += restCount
            bytes += id
            ends.append(UInt32(bytes.count))
            for _ in 0..<count(in: changes, &at) {
                countUp(&id)
                bytes += id
                ends.append(UInt32(bytes.count))
            }
        }
        return Identifiers(bytes: bytes, ends: ends)
    }

    /// Whether `id` is `last` with the number at its end one higher, in as many digits.
    private static func counts(
        from last: Slice<UnsafeBufferPointer<UInt8>>, to id: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Bool {
        guard last.count == id.count, !id.isEmpty else { return false }
        // SAFETY: both slices have `id.count` bytes from their first, and places stay below it.
        let (earlier, later) = (last.base.baseAddress! + last.startIndex, id.base.baseAddress! + id.startIndex)
        var place = id.count - 1
        while place >= 0, earlier[place] == nine, later[place] == zero { place -= 1 }
        guard place >= 0, earlier[place] >= zero, earlier[place] < nine, later[place] == earlier[place] + 1 else {
            return false
        }
        return areSame(earlier, later, count: place)
    }

    /// Whether the first `count` bytes are the same, eight at a time: this is asked of every id.
    private static func areSame(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, count: Int) -> Bool {
        func word(_ bytes: UnsafePointer<UInt8>, _ place: Int) -> UInt64 {
            // SAFETY: callers ask for places that eight of the `count` bytes begin at.
            UnsafeRawPointer(bytes + place).loadUnaligned(as: UInt64.self)
        }
        guard count >= 8 else { return (0..<count).allSatisfy { one[$0] == other[$0] } }
        for place in stride(from: 0, to: count - 8, by: 8) where word(one, place) != word(other, place) { return false }
        return word(one, count - 8) == word(other, count - 8)
    }

    private static func sharedCount(
        _ last: Slice<UnsafeBufferPointer<UInt8>>, _ id: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Int {
        zip(last, id).prefix { $0 == $1 }.count
    }

    private static func countUp(_ id: inout [UInt8]) {
        var place = id.count - 1
        while id[place] == nine {
            id[place] = zero
            place -= 1
        }
        id[place] += 1
    }

    private static var zero: UInt8 { UInt8(ascii: "0") }
    private static var nine: UInt8 { UInt8(ascii: "9") }

    private static func append(_ count: Int, to changes: inout [UInt8]) {
        var rest = count
        while rest >= 0x80 {
            changes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        changes.append(UInt8(rest))
    }

    private static func count(in changes: [UInt8], _ at: inout Int) -> Int {
        var (count, shift) = (0, 0)
        while true {
            count |= Int(changes[at] & 0x7F) << shift
            at += 1
            if changes[at - 1] < 0x80 { return count }
            shift += 7
        }
    }
}

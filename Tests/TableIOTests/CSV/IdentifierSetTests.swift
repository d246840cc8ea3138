import Tables
import Testing

@testable import TableIO

struct IdentifierSetTests {
    static func identifiers(_ ids: [[UInt8]]) -> Identifiers {
        Identifiers(
            bytes: Array(ids.joined()),
            ends: ids.reduce(into: (ends: [UInt32](), end: 0)) { state, id in
                state.end += id.count
                state.ends.append(UInt32(state.end))
            }.ends)
    }

    @Test func findsExactlyTheRowsWhoseBytesWereThere() throws {
        var random = RandomBits(seed: 3)
        let set = IdentifierSet(path: "memory")
        var seen: Set<[UInt8]> = []
        for _ in 0..<60 {
            let ids = (0..<500).map { _ -> [UInt8] in
                // Lengths around the 11 bytes that are kept whole, few letters, so that many ids are prefixes of others.
                (0..<Int(random.next() % 15)).map { _ in UInt8(random.next() % 2) }
            }
            let expected = ids.indices.filter { !seen.insert(ids[$0]).inserted }
            #expect(try set.insert(IdentifierFingerprints(Self.identifiers(ids))) == expected)
        }
    }

    @Test func aZeroByteIsPartOfAnID() throws {
        let set = IdentifierSet(path: "memory")
        #expect(try set.insert(IdentifierFingerprints(Self.identifiers([[], [0], [0, 0], [0]]))) == [3])
    }

    @Test func anIDTakesSixteenBytesAtMost() throws {
        let set = IdentifierSet(path: "memory")
        for thousand in 0..<200 {
            let ids = (0..<1000).map { Array("K\((thousand * 1000 + $0) * 7_919 % 1_000_003)".utf8) }
            #expect(try set.insert(IdentifierFingerprints(Self.identifiers(ids))).isEmpty)
            if thousand > 20 { #expect(set.byteCount <= 16 * 1000 * (thousand + 1)) }
        }
    }
}

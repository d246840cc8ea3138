import Tables
import TestSupport
import Testing
import VectorMath

@testable import Indicators

/// Numbers in place of ids.
struct IdentifierCodesTests {
    static let ids = [
        "", "0", "00", "7", "07", "42", "C", "C0", "C00", "C1", "C000000042", "C9999999999999999", "C99999999999999999",
        "D1", "cc12", "C12x", "C1 2", "C-1", "1234567890123456", "12345678901234567", "0000000000000000", "a@b.c",
        "C１", "C/1", "C:1", "12345678", "123456789", "C12345678", "C123456789", "abcdefgh12", "abcdefghi12", "9",
    ]

    static func identifiers(_ ids: [String]) -> Identifiers {
        var bytes: [UInt8] = []
        let ends = ids.map { id -> UInt32 in
            bytes += Array(id.utf8)
            return UInt32(bytes.count)
        }
        return Identifiers(bytes: bytes, ends: ends)
    }

    static func codes(_ coding: IdentifierCodes, _ ids: Identifiers) -> [UInt64] {
        var codes = [UInt64](repeating: 0, count: ids.count)
        ids.bytes.withUnsafeBufferPointer { bytes in
            let found = coding.encode(
                bytes.baseAddress!, byteCount: bytes.count, ends: ids.ends, count: ids.count, into: &codes)
            #expect(found.otherCount == codes.count(where: { $0 == IdentifierCodes.none }))
            #expect(found.bits == codes.filter { $0 != IdentifierCodes.none }.reduce(0, |))
        }
        return codes
    }

    /// The code by the definition: nil for another head, or more than 16 digits.
    static func slowCode(_ id: String, head: String) -> UInt64? {
        let digits = Array(id.utf8.dropFirst(head.utf8.count))
        guard id.utf8.starts(with: head.utf8), digits.count <= 16, digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let shorter = digits.indices.reduce(UInt64(0)) { sum, _ in sum * 10 + 1 }
        return shorter + digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
    }

    @Test(arguments: ["", "C", "D", "abcdefgh"]) func codesAreThoseOfTheDefinition(head: String) throws {
        let coding = IdentifierCodes(head: Array(head.utf8))
        // Each id once with others around it, and once alone: there are no bytes to read beyond it then.
        for ids in [Self.ids, Self.ids.reversed()] + Self.ids.filter({ !$0.isEmpty }).map({ [$0] }) {
            let expected = ids.map { Self.slowCode($0, head: head) ?? IdentifierCodes.none }
            #expect(Self.codes(coding, Self.identifiers(ids)) == expected, "\(ids)")
        }
    }

    @Test func aCodeTellsItsIdAndItsPartIsThatOfTheId() throws {
        for head in ["", "C", "abcdefgh"] {
            let coding = IdentifierCodes(head: Array(head.utf8))
            var random = RepeatableGenerator(seed: 3)
            let ids =
                Self.ids + (0..<2_000).map { _ in head + "\(random.next() >> UInt64(10 + random.integer(in: 0...53)))" }
            for (id, code) in zip(ids, Self.codes(coding, Self.identifiers(ids))) where code != IdentifierCodes.none {
                let part = coding.part(ofCode: code)
                #expect(coding.code(ofRest: IdentifierCodes.rest(ofCode: code), part: part) == code)
                var bytes: [UInt8] = [1]
                coding.append(idOf: code, to: &bytes)
                #expect(bytes == [1] + Array(id.utf8))
                #expect(Array(id.utf8).withUnsafeBufferPointer { IdentifierCodes.part(of: $0) } == part)
            }
        }
    }

    @Test func thePartOfAnIdAmongOthersIsThatOfItAlone() {
        let ids = Self.ids + Self.ids.map { "a head that is longer \($0)" } + Self.ids.reversed()
        let identifiers = Self.identifiers(ids)
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            for (row, id) in ids.enumerated() {
                let alone = Array(id.utf8).withUnsafeBufferPointer { IdentifierCodes.part(of: $0) }
                #expect(IdentifierCodes.part(bytes, identifiers.range(of: row)) == alone, "\(id)")
            }
        }
    }

    @Test func noPatternOfNumbersFallsIntoOnePart() {
        for step in [1, 2, 10, 64, 100, 128, 1_000, 1_024, 10_000] {
            var counts = [Int](repeating: 0, count: 128)
            for number in 0..<12_800 {
                counts[Array("C\(number * step)".utf8).withUnsafeBufferPointer { IdentifierCodes.part(of: $0) }] += 1
            }
            #expect(
                counts.allSatisfy { (40...220).contains($0) }, "steps of \(step): \(counts.min()!)...\(counts.max()!)")
        }
    }

    @Test func theHeadThatMostIdsHaveIsChosen() {
        func head(_ ids: [String]) -> Bool? {
            let identifiers = Self.identifiers(ids)
            guard
                let coding = identifiers.bytes.withUnsafeBufferPointer({
                    IdentifierCodes(sampling: $0, ends: identifiers.ends)
                })
            else { return nil }
            return Self.codes(coding, Self.identifiers(["K1", "12"])).first != IdentifierCodes.none
        }
        #expect(head(["K1", "K2", "guest", "K3"]) == true)
        #expect(head(["1", "2", "K3"]) == false)
        #expect(head(["anna", "bert", "carl"]) == nil)
        #expect(head(["a long head 1", "a long head 2"]) == nil)
    }

    /// Lines of 32 bits and of 64, of ids with codes that lie close or far apart and of ids without.
    @Test(arguments: 0..<8) func countsAndSumsAreThoseOfADictionary(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let layout = OrderLayout(texts: seed % 2 == 0 ? [.channel] : [.order, .channel])
        let log = OrderLog(layout: layout, asOf: 150, workerCount: 2)
        var expected: [[UInt8]: (lines: Int, cents: Int)] = [:]
        for batch in 0..<9 {
            var ids: [String] = []
            let days = (0..<5_000).map { _ in Int32(random.integer(in: 100...160)) }
            let cents = days.map { _ in Int32(random.integer(in: 0...100_000)) }
            for row in days.indices {
                let number = random.integer(in: 0...900)
                let id =
                    switch (seed / 2, random.integer(in: 0...9)) {
                    case (0, _): "K\(1_000 + number)"
                    case (1, _): "\(number * 7_000_000_019)"
                    case (2, 0...6): "K\(number)"
                    case (3, _): "user \(number) of a shop"
                    default: "k\(number)x"
                    }
                ids.append(id)
                if days[row] <= 150 {
                    let (lines, sum) = expected[Array(ids[row].utf8)] ?? (0, 0)
                    expected[Array(ids[row].utf8)] = (lines + 1, sum + Int(cents[row]))
                }
            }
            let keys = TextKeyColumn(keys: days.map { _ in 0 })
            try log.append(
                Batch(
                    identifiers: Self.identifiers(ids),
                    columns: [NumberColumn(storage: .int32(cents), scale: 2)], dates: [DateColumn(days: days)],
                    texts: layout.texts.map { _ in keys }), worker: batch % 2)
        }
        let customers = try log.grouped(Workers(threadCount: 2))
        let bench = IndicatorBench(customers, IndicatorSpecification(asOf: 150))
        var before: [UInt8]?
        var count = 0
        for chunk in 0..<customers.chunkCount {
            let found = try bench.indicators(ofChunk: chunk)
            let (lines, spends) = (found[column: 1], found[column: 2])
            for row in 0..<found.identifiers.count {
                let id = Array(found.identifiers[row])
                #expect(before.map { $0.lexicographicallyPrecedes(id) } ?? true)
                before = id
                #expect(lines[row] == expected[id].map { Double($0.lines) })
                #expect(spends[row] == expected[id].map { Double($0.cents) / 100 })
            }
            count += found.identifiers.count
        }
        #expect(count == expected.count)
    }
}

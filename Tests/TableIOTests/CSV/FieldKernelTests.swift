import CKernels
import Testing

@testable import TableIO

struct FieldKernelTests {
    /// Parses one column of texts; nil where the kernel leaves the field to others.
    static func parse(_ texts: [String], scale: Int) -> [Int32?] {
        let index = FieldIndex(columnCount: 2)
        let buffer = BlockBuffer(capacity: 1 << 16)
        var cells: [Int32?] = []
        for start in stride(from: 0, to: texts.count, by: index.capacity) {
            let group = texts[start..<min(texts.count, start + index.capacity)]
            buffer.truncate(to: 0)
            let text = Array(group.map { "x,\($0)\n" }.joined().utf8)
            text.withUnsafeBufferPointer { buffer.append($0) }
            var recordStart = 0
            for (record, field) in group.enumerated() {
                let end = recordStart + 2 + field.utf8.count
                index.append(start: recordStart, ends: [recordStart + 1, end], at: record)
                recordStart = end + 1
            }
            var room = [Int32](repeating: 7, count: group.count)
            let exceptionCount = stratum_csv_parse_column(
                buffer.bytes.baseAddress!, index.fields, 2, 1, UInt32(group.count), Int32(scale), &room,
                index.exceptions)
            var part = room.map(Optional.some)
            for position in 0..<Int(exceptionCount) { part[Int(index.exceptions[position])] = nil }
            cells += part
        }
        return cells
    }

    /// The same by the readable parser.
    static func reference(_ quoted: String, scale: Int) -> Int32? {
        let isQuoted = quoted.utf8.count >= 2 && quoted.hasPrefix("\"")
        let text = isQuoted ? String(quoted.dropFirst().dropLast()) : quoted
        guard text.utf8.count <= 16 else { return nil }
        if text.isEmpty { return .min }
        guard text.utf8.allSatisfy({ $0 != 0x20 && $0 != 0x09 }), !text.hasPrefix("+"), !text.contains("e"),
            !text.contains("E")
        else {
            return nil
        }
        guard case .fixed(let mantissa, let decimals) = NumberTextTests.parse(text), decimals <= scale else {
            return nil
        }
        var scaled = Int64(mantissa)
        for _ in decimals..<scale { scaled *= 10 }
        return abs(scaled) <= Int64(Int32.max) ? Int32(scaled) : nil
    }

    @Test(arguments: [0, 1, 2, 4, 9])
    func everyFormAgreesWithTheReadableParser(_ scale: Int) {
        var random = RandomBits(seed: UInt64(scale) + 100)
        let alphabet = Array("0123456789012345678901234567890123456789..--+ eE/:")
        var texts = [
            "", "-", ".", "-.", "-.5", "5.", "..", "1.2.3", "2147483647", "2147483648", "-2147483648", "00000000",
            "12345678",
            "123456789", "1234567.8", "12345678.9", "-12345678.9", "0.123456789", "99999999.9999999",
            "1234567890123456",
            "\"12.5\"", "\"\"", "\"-1\"", "\"1\"\"2\"", "\"12345678901234\"", "\"1234567890123456\"",
            "12345678901234567", "0000000000000001", "-000000000000001", ".000000001", "1-2", "1.-2", "12345678-1.5",
            "１",
        ]
        for _ in 0..<20_000 {
            let length = Int(random.next() % 19)
            if random.next() % 3 == 0 {
                texts.append(String((0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }))
            } else {
                let whole = random.next() % 1_000_000_000 >> (random.next() % 30)
                let decimals = String(random.next() % 100_000).prefix(Int(random.next() % 6))
                texts.append(
                    (random.next() % 4 == 0 ? "-" : "") + "\(whole)" + (decimals.isEmpty ? "" : "." + decimals))
            }
        }
        Self.expectAgreement(texts, scale: scale)
    }

    @Test(arguments: [0, 1, 4, 5, 6, 9])
    func everyFormAgreesOnShortFields(_ scale: Int) {
        var random = RandomBits(seed: UInt64(scale) + 300)
        let odd = ["-", "--1", "1-", "a", "9.5", "12345", " 1", "٣", "/", ":"]
        // Long runs of short whole numbers; in some of them, every few fields, one that is not.
        for oddity in [UInt64.max, 400, 40, 5] {
            let texts = (0..<3000).map { _ in
                let number = Int(random.next() % 10_000) >> Int(random.next() % 14)
                let text = random.next() % 5 == 0 ? "-\(number % 1000)" : "\(number)"
                if random.next() % 9 == 0 { return "" }
                return random.next() % oddity == 0 ? odd[Int(random.next() % UInt64(odd.count))] : text
            }
            Self.expectAgreement(texts, scale: scale)
        }
    }

    static func expectAgreement(_ texts: [String], scale: Int) {
        let expected = texts.map { reference($0, scale: scale) }
        for form in KernelForms.all {
            let cells = KernelForms.with(form) { parse(texts, scale: scale) }
            for (position, text) in texts.enumerated() {
                #expect(cells[position] == expected[position], "\(text) at scale \(scale), form \(form)")
            }
        }
    }
}

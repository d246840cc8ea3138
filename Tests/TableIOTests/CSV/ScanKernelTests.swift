import CKernels
import Testing

@testable import TableIO

struct ScanKernelTests {
    /// What a scan found, for comparison.
    struct Found: Equatable {
        var starts: [UInt32]
        var ends: [UInt32]
        var next: Int
        var irregular: UInt32
        var high: UInt32
        var quoted: UInt32
    }

    static let columnCount = 3

    static func scan(_ buffer: BlockBuffer, from start: Int, _ form: Int32) -> Found {
        let index = FieldIndex(columnCount: columnCount)
        var format = CSVFormat()
        format.fieldByteLimit = 200
        let run = KernelForms.with(form) { index.scan(buffer.bytes, from: start, format, behind: 0) }
        let count = Int(run.count)
        return Found(
            starts: Array(UnsafeBufferPointer(start: index.fields.starts, count: count)),
            ends: Array(UnsafeBufferPointer(start: index.fields.ends, count: count * columnCount)), next: run.next,
            irregular: run.irregular, high: run.high, quoted: run.quoted)
    }

    static func buffer(_ text: String) -> BlockBuffer {
        let buffer = BlockBuffer(capacity: text.utf8.count)
        Array(text.utf8).withUnsafeBufferPointer { buffer.append($0) }
        return buffer
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func everyFormFindsWhatTheRecordMachineFinds(seed: UInt64) {
        var random = RandomBits(seed: seed + 900)
        let fields = [
            "", "1", "12.5", "customer", "\"q\"", "\"a,b\"", "\"\"", "\"he said \"\"no\"\"\"", "ü", "x\"y",
            String(repeating: "7", count: 70), "\"" + String(repeating: ",", count: 66) + "\"",
        ]
        let odd = ["\"open\nline\"", "\"a\"b", "\0", "\r", "1,2", "\"", String(repeating: "8", count: 300)]
        var text = ""
        for _ in 0..<300 {
            var record = (0..<Self.columnCount).map { _ in fields[Int(random.next() % UInt64(fields.count))] }
            if random.next() % 12 == 0 { record[1] = odd[Int(random.next() % UInt64(odd.count))] }
            text += record.joined(separator: ",") + (random.next() % 3 == 0 ? "\r\n" : "\n")
        }
        let buffer = Self.buffer(text)
        var machine = RecordMachine(delimiter: UInt8(ascii: ","), columnCount: Self.columnCount, fieldByteLimit: 200)
        var at = 0
        var quickCount = 0
        while at < buffer.count {
            let found = Self.scan(buffer, from: at, 0)
            for form in KernelForms.all.dropFirst() { #expect(Self.scan(buffer, from: at, form) == found) }
            for (record, start) in found.starts.enumerated() {
                #expect(Int(start) == at)
                guard case .record(let next, 1) = machine.scan(buffer.bytes, from: at, isFinal: false) else {
                    Issue.record("no plain record at \(at) of seed \(seed)")
                    return
                }
                let ends = found.ends[record * Self.columnCount..<(record + 1) * Self.columnCount]
                #expect(ends.map(Int.init) == machine.ends)
                at = next
                quickCount += 1
            }
            #expect(found.next == at)
            switch machine.scan(buffer.bytes, from: at, isFinal: true) {
            case .record(let next, _), .empty(let next), .rejected(_, _, let next): at = max(next, at + 1)
            case .incomplete, .openQuote: at = buffer.count
            }
        }
        #expect(quickCount > 100)
    }

    @Test(arguments: KernelForms.all)
    func quotedFieldsTakeTheQuickWay(form: Int32) {
        let record = "\"k\",\"1,5\",\"a \"\"b\"\"\"\n"
        let found = Self.scan(Self.buffer(String(repeating: record, count: 50)), from: 0, form)
        #expect(found.starts.count == 50)
        #expect(found.irregular == 0)
        #expect(found.quoted == 1)
    }

    @Test(arguments: KernelForms.all)
    func whatIsBehindTheEndIsNotLookedAt(form: Int32) {
        let text = "1,2,3\n4,5,6\n"
        let buffer = Self.buffer(text + "\"\0\r,\n,,\n")
        buffer.truncate(to: text.utf8.count)
        let found = Self.scan(buffer, from: 0, form)
        #expect(found.ends == [1, 3, 5, 7, 9, 11])
        #expect(found.irregular == 0)
        #expect(found.quoted == 0)
    }
}

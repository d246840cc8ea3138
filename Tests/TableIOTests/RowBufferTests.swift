import TableIO
import Testing

struct RowBufferTests {
    @Test func reservedRowsStandBehindAppendedBytesThroughAnyGrowth() {
        let buffer = RowBuffer(capacity: 1)
        var expected: [UInt8] = []
        for row in 0..<2000 {
            let start = buffer.reserve(DecimalInteger.maximumByteCount)
            buffer.extend(to: DecimalInteger.write(row, to: start))
            buffer.append([0x0A])
            expected += Array("\(row)\n".utf8)
        }
        #expect(buffer.withUnsafeBytes { Array($0) } == expected)
        #expect(buffer.count == expected.count)
        buffer.removeAll()
        #expect(buffer.withUnsafeBytes { $0.isEmpty })
        buffer.append([])
        #expect(buffer.count == 0)
    }
}

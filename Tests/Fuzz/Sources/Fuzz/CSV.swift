import Synchronization
@testable import TableIO
@testable import Tables
import VectorMath

/// Parallel blocks of any size against the reading in one pass. The first byte chooses the size of a block.
func runCSV(_ input: [UInt8]) -> Int32 {
    guard let choice = input.first else { return 0 }
    let text = Array("id,a,b\n".utf8) + input.dropFirst()
    let columns = [ColumnRequest(name: "a"), ColumnRequest(name: "b", minimum: -1000, maximum: 5e9)]
    let blockSize = choice < 192 ? 1 + Int(choice & 63) : 1 << (choice & 15)
    // Threads make no difference to a result, and where the machine is busy each input with threads costs as much as
    // fifty without: few have them, with blocks of many sizes.
    let threadCount = input.count % 64 == 37 && choice & 3 == 3 ? 2 : 1
    guard let slow = try? SlowReader(text, columns: columns) else { return -1 }
    let rejects = Mutex<[RejectedRecord]>([])
    var options = ReadOptions()
    options.rejectLimit = .share(1)
    options.blockByteCount = blockSize
    options.onReject = { reject in rejects.withLock { $0.append(reject) } }
    do {
        let reader = try CSVReader(
            source: InputSource(bytes: text, name: "fuzz"), identifier: "id", columns: columns,
            blockByteCount: blockSize)
        let (table, statistics) = try reader.readTable(workers: Workers(threadCount: threadCount), options: options)
        expect(slow.openQuoteLine == nil, "an open quote was read")
        expect(
            statistics.acceptedCount + statistics.rejectedCount == statistics.recordCount
                && statistics.recordCount == slow.recordCount && table.rowCount == slow.order.count,
            "\(statistics) and \(slow.recordCount) records, \(slow.order.count) rows")
        var row = 0
        for batch in table.batches {
            for place in 0..<batch.rowCount {
                let id = Array(batch.identifiers[place])
                expect(id == slow.order[row], "row \(row) has the id \(id), not \(slow.order[row])")
                let expected = slow.rows[id] ?? []
                for (column, value) in batch.columns.map({ $0[place] }).enumerated() {
                    let same = expected[column].map { $0.bitPattern == value.bitPattern } ?? value.isNaN
                    expect(same, "row \(row), column \(column): \(value), not \(expected[column] as Any)")
                }
                row += 1
            }
        }
        let found = rejects.withLock { $0 }
        expect(found == slow.rejects, "\(found)\nand in one pass\n\(slow.rejects)")
    } catch let error as TableIOError where error.kind == .openQuote {
        expect(slow.openQuoteLine != nil && error.line == slow.openQuoteLine, "\(error): \(slow.openQuoteLine as Any)")
    } catch {
        fatalError("\(error)")
    }
    return 0
}

/// The value of a field, as the shared reference asks for it.
enum NumberTextTests {
    static func value(_ number: NumberText) -> Double? {
        switch number {
        case .fixed(let mantissa, let decimals):
            Double(mantissa) / (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        case .double(let value): value
        case .missing, .rejected: nil
        }
    }
}

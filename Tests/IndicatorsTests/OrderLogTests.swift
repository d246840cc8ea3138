import Synchronization
import Tables
import TestSupport
import Testing
import VectorMath

@testable import Indicators

struct OrderLogTests {
    static let layout = OrderLayout(texts: [.order, .product, .channel])

    /// A batch of lines, amounts in the storage asked for.
    static func batch(_ lines: some Collection<Line>, asDoubles: Bool = false) -> Batch {
        var bytes: [UInt8] = []
        let ends = lines.map { line -> UInt32 in
            bytes += Array(line.customer.utf8)
            return UInt32(bytes.count)
        }
        let amounts =
            asDoubles
            ? NumberColumn(values: lines.map { Double($0.cents) / 100 })
            : NumberColumn(storage: .int32(lines.map { Int32($0.cents) }), scale: 2)
        func keys(_ text: (Line) -> String) -> TextKeyColumn {
            TextKeyColumn(
                keys: lines.map { line in
                    text(line).utf8.reduce(text(line).isEmpty ? 0 : 14_695_981_039_346_656_037) {
                        ($0 ^ UInt64($1)) &* 1_099_511_628_211
                    }
                })
        }
        return Batch(
            identifiers: Identifiers(bytes: bytes, ends: ends), columns: [amounts],
            dates: [DateColumn(days: lines.map { Int32($0.day) })],
            texts: [keys(\.order), keys(\.product), keys(\.channel)])
    }

    static func specification(asOf: Int, isNet: Bool = true) -> IndicatorSpecification {
        var specification = IndicatorSpecification(asOf: asOf)
        specification.isNet = isNet
        specification.windowCount = 5
        specification.windowDayCount = 60
        specification.hasHistory = true
        return specification
    }

    /// All rows in order, each with its id and its values by name.
    static func rows(
        _ lines: [Line], _ specification: IndicatorSpecification, batchRowCount: Int = 1000, threads: Int = 2,
        asDoubles: (Int) -> Bool = { _ in false }, spill: OrderSpill? = nil
    ) throws -> [(id: [UInt8], values: [String: Double])] {
        let log = OrderLog(layout: layout, asOf: specification.asOf, workerCount: threads, spill: spill)
        let starts = Array(stride(from: 0, to: lines.count, by: batchRowCount))
        let batches = starts.enumerated().map { number, start in
            batch(lines[start..<min(lines.count, start + batchRowCount)], asDoubles: asDoubles(number))
        }
        try Workers(threadCount: threads).forEach(chunkCount: threads) { worker in
            for number in stride(from: worker, to: batches.count, by: threads) {
                try log.append(batches[number], worker: worker)
            }
        }
        #expect(log.usedRowCount + log.laterRowCount == lines.count)
        let customers = try log.grouped(Workers(threadCount: threads))
        let bench = IndicatorBench(customers, specification)
        let names = specification.columns(of: layout).map(\.name)
        return try (0..<customers.chunkCount).flatMap { chunk in
            let found = try bench.indicators(ofChunk: chunk)
            return (0..<found.identifiers.count).map { row in
                let values = names.enumerated().map { ($1, Array(found[column: $0])[row]) }.filter { !$1.isNaN }
                return (Array(found.identifiers[row]), Dictionary(uniqueKeysWithValues: values))
            }
        }
    }

    static func isNear(_ one: [String: Double], _ other: [String: Double]) -> Bool {
        Set(one.keys) == Set(other.keys)
            && one.allSatisfy { name, value in abs(value - other[name]!) <= 1e-9 * max(1, abs(value)) }
    }

    @Test(arguments: 0..<12) func indicatorsAreThoseOfTheSlowWay(seed: Int) throws {
        let lines = SlowIndicators.lines(count: [1, 7, 300, 30_000][seed % 4], seed: seed)
        let specification = Self.specification(asOf: 19_350 + 10 * seed, isNet: seed % 3 != 0)
        let rows = try Self.rows(lines, specification)
        let expected = SlowIndicators.rows(lines, specification)
        #expect(rows.map(\.id) == expected.keys.sorted { $0.lexicographicallyPrecedes($1) })
        for row in rows { #expect(Self.isNear(row.values, expected[row.id]!), "\(row) \(expected[row.id]!)") }
    }

    @Test(arguments: everyThreadCount) func neitherOrderNorBatchesNorThreadsChangeABit(threads: Int) throws {
        let lines = SlowIndicators.lines(count: 20_000, seed: 5)
        let specification = Self.specification(asOf: 19_380)
        let rows = try Self.rows(lines, specification, threads: 1)
        var random = RepeatableGenerator(seed: threads)
        let others = try Self.rows(
            lines.shuffled(using: &random), specification, batchRowCount: 777, threads: threads,
            asDoubles: { $0 % 3 == threads % 3 })
        #expect(rows.map(\.id) == others.map(\.id))
        #expect(rows.map { $0.values.mapValues(\.bitPattern) } == others.map { $0.values.mapValues(\.bitPattern) })
    }

    @Test func noRowsGiveNoCustomers() throws {
        #expect(try Self.rows([], Self.specification(asOf: 0)).isEmpty)
        let lines = [Line(customer: "a", day: 10, cents: 100)]
        #expect(try Self.rows(lines, Self.specification(asOf: 9)).isEmpty)
    }

    @Test func idsThatDifferInTheirLastByteAreTwoCustomers() throws {
        let stem = String(repeating: "x", count: 40)
        let lines = [stem, stem + "1", stem + "2", "x", ""].map { Line(customer: $0, day: 1, cents: 100) }
        let rows = try Self.rows(lines + lines, Self.specification(asOf: 1))
        #expect(rows.map { String(decoding: $0.id, as: UTF8.self) } == ["", "x", stem, stem + "1", stem + "2"])
        #expect(rows.allSatisfy { $0.values["purchase_count"] == 2 })
    }

    @Test func sumsOfCentsAreExactWhereBinarySumsAreNot() throws {
        let lines = (0..<1000).map { Line(customer: "a", day: $0, cents: 10) }
        let rows = try Self.rows(lines, Self.specification(asOf: 1000), asDoubles: { _ in true })
        #expect(rows[0].values["total_spend"] == 100)
    }

    @Test func amountsThatAreNoDecimalsAreSummedAsTheBinaryNumbersTheyAre() throws {
        let log = OrderLog(layout: OrderLayout(), asOf: nil, workerCount: 1)
        let amounts = [1e300, 0.1, 1.0 / 3, -1e300, 1e-9, 12.34]
        for amount in amounts {
            try log.append(
                Batch(
                    identifiers: Identifiers(bytes: [0x61], ends: [1]), columns: [NumberColumn(values: [amount])],
                    dates: [DateColumn(days: [1])]), worker: 0)
        }
        let customers = try log.grouped(Workers(threadCount: 1))
        #expect(customers.amountDecimals == nil)
        let chunk = try IndicatorBench(customers, IndicatorSpecification(asOf: 1)).indicators(ofChunk: 0)
        var sum = ExactSum()
        for amount in amounts { sum.update(amount) }
        #expect(chunk[column: 2].first == sum.value)
    }

    @Test func largeAmountsAreDecimalsLikeSmallOnes() throws {
        // 31 bits do not hold the first in cents, so the reader gives it as a binary64 number.
        let log = OrderLog(layout: OrderLayout(), asOf: nil, workerCount: 1)
        let columns = [
            NumberColumn(values: [90_000_000_000.07]), NumberColumn(storage: .int32([10]), scale: 2),
            NumberColumn(storage: .int16([1]), scale: 3),
        ]
        for column in columns {
            try log.append(
                Batch(
                    identifiers: Identifiers(bytes: [0x61], ends: [1]), columns: [column],
                    dates: [DateColumn(days: [1])]), worker: 0)
        }
        let customers = try log.grouped(Workers(threadCount: 1))
        #expect(customers.amountDecimals == 3)
        let chunk = try IndicatorBench(customers, IndicatorSpecification(asOf: 1)).indicators(ofChunk: 0)
        #expect(chunk[column: 2].first == 90_000_000_000.171)
    }

    @Test func markedLinesAreRefundsWhateverTheirSign() throws {
        let layout = OrderLayout(texts: [.mark], refundMarks: [7])
        let log = OrderLog(layout: layout, asOf: nil, workerCount: 1)
        try log.append(
            Batch(
                identifiers: Identifiers(bytes: [0x61, 0x61, 0x61], ends: [1, 2, 3]),
                columns: [NumberColumn(storage: .int16([500, 200, -100]), scale: 0)],
                dates: [DateColumn(days: [1, 2, 3])], texts: [TextKeyColumn(keys: [5, 7, 7])]), worker: 0)
        let customers = try log.grouped(Workers(threadCount: 1))
        let specification = IndicatorSpecification(asOf: 3)
        let chunk = try IndicatorBench(customers, specification).indicators(ofChunk: 0)
        let row = Dictionary(
            uniqueKeysWithValues: specification.columns(of: layout).enumerated().map {
                ($1.name, chunk[column: $0].first)
            })
        #expect(row["total_spend"] == 200)
        #expect(row["refund_count"] == 2)
        #expect(row["refund_amount"] == 300)
        #expect(row["days_since_last_purchase"] == 2)
    }

    /// A spill to memory.
    static func spill(everyNth: Int) -> OrderSpill {
        let bytes = Mutex<[UInt8]>([])
        let asked = Mutex(0)
        return OrderSpill(
            isNeeded: {
                asked.withLock { count in
                    count += 1
                    return count % everyNth == 0
                }
            },
            store: { new in
                bytes.withLock { bytes in
                    defer { bytes += new }
                    return bytes.count
                }
            },
            load: { room, place in bytes.withLock { room.copyBytes(from: $0[place..<place + room.count]) } })
    }

    @Test(arguments: [1, 3]) func spilledRowsAreThoseInMemory(everyNth: Int) throws {
        let lines = SlowIndicators.lines(count: 20_000, seed: 9)
        let specification = Self.specification(asOf: 19_380)
        let rows = try Self.rows(lines, specification)
        let spilled = try Self.rows(lines, specification, spill: Self.spill(everyNth: everyNth))
        #expect(rows.map(\.id) == spilled.map(\.id))
        #expect(rows.map { $0.values.mapValues(\.bitPattern) } == spilled.map { $0.values.mapValues(\.bitPattern) })
    }

    @Test func aFullDiskEndsTheLogWithItsError() throws {
        struct Full: Error {}
        let spill = OrderSpill(isNeeded: { true }, store: { _ in throw Full() }, load: { _, _ in })
        #expect(throws: Full.self) {
            try Self.rows(SlowIndicators.lines(count: 300, seed: 1), Self.specification(asOf: 19_380), spill: spill)
        }
    }
}

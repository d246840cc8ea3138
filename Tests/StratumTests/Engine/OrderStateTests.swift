import Foundation
import Synchronization
import TableIO
import TestSupport
import Testing

@testable import Indicators
@testable import Stratum

/// Lines that are kept from night to night.
struct OrderStateTests {
    static var columns: OrderColumns {
        var columns = OrderColumns(id: "id", date: "date", price: "price", quantity: "quantity")
        columns.order = "order"
        columns.product = "product"
        columns.channel = "channel"
        columns.windowCount = 3
        columns.hasHistory = true
        return columns
    }

    static func lines(seed: Int, count: Int) -> [String] {
        var random = RepeatableGenerator(seed: seed)
        return (0..<count).map { _ in
            let customer = random.integer(in: 0...count / 7)
            let id = customer % 9 == 0 ? "a customer with a long id, \(customer)" : "c\(customer)"
            let order = random.integer(in: 0...9) == 0 ? "" : "o\(random.integer(in: 0...count))"
            return "\"\(id)\",\(CalendarDay.text(19_000 + random.integer(in: 0...300))),"
                + "\(Double(random.integer(in: 0...9_999)) / 100),\(random.integer(in: -2...9)),"
                + "\(order),p\(random.integer(in: 0...300)),\(["web", "", "shop"][random.integer(in: 0...2)])"
        }
    }

    /// A folder of logs, states and outputs.
    struct Nights {
        let folder = EngineTests.Folder()

        func write(_ lines: some Sequence<String>, _ name: String) throws -> String {
            let path = "\(folder.path)/\(name)"
            let text = "id,date,price,quantity,order,product,channel\n" + lines.map { $0 + "\n" }.joined()
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return path
        }

        func path(_ name: String) -> String { "\(folder.path)/\(name)" }

        /// The output of a run.
        func run(
            _ inputs: [String], state: String? = nil, merging: [String] = [], asOf: Int? = nil, threads: Int = 2,
            columns: OrderColumns = OrderStateTests.columns, isCancelled: @escaping @Sendable () -> Bool = { false }
        ) throws -> [UInt8] {
            var options = RunOptions()
            options.threadCount = threads
            options.sync = false
            options.force = true
            options.isCancelled = isCancelled
            var columns = columns
            columns.asOf = asOf
            _ = try Engine.indicators(
                inputs: inputs, of: columns,
                state: state.map { OrderState(path: path($0), merging: merging.map { path($0) }) },
                output: path("out.csv"), options: options)
            return try folder.bytes("out.csv")
        }
    }

    @Test(arguments: 0..<6) func nightByNightGivesTheBytesOfAllLinesAtOnce(seed: Int) throws {
        let nights = Nights()
        var random = RepeatableGenerator(seed: 50 + seed)
        let lines = Self.lines(seed: seed, count: [40, 900, 6_000][seed % 3])
        let whole = try nights.run([try nights.write(lines, "all.csv")], threads: 1)
        let shuffled = lines.shuffled(using: &random)
        let cuts = (0..<3).map { _ in random.integer(in: 1...lines.count - 1) }.sorted()
        var output: [UInt8] = []
        for (night, (start, end)) in zip([0] + cuts, cuts + [lines.count]).enumerated() {
            let file = try nights.write(shuffled[start..<end], "night-\(night).csv")
            // The as-of day of one night leaves no line out for the next.
            output = try nights.run(
                [file], state: "state", asOf: night == 1 ? 19_400 : nil, threads: everyThreadCount[night % 3])
        }
        #expect(output == whole)
    }

    @Test func theAsOfDayMovesForwardOverLinesThatAreThere() throws {
        let nights = Nights()
        let lines = Self.lines(seed: 11, count: 2_000)
        let all = try nights.write(lines, "all.csv")
        let none = try nights.write([], "none.csv")
        _ = try nights.run([all], state: "state", asOf: 19_050)
        for day in [19_050, 19_120, 19_299, 19_350] {
            #expect(try nights.run([none], state: "state", asOf: day) == nights.run([all], asOf: day), "\(day)")
        }
    }

    @Test(arguments: everyThreadCount) func statesOfPartsOfALogMerge(threads: Int) throws {
        let nights = Nights()
        let lines = Self.lines(seed: 12, count: 3_000)
        for part in 0..<3 {
            let own = lines.indices.filter { $0 % 3 == part }.map { lines[$0] }
            _ = try nights.run([try nights.write(own, "\(part).csv")], state: "state-\(part)", threads: threads)
        }
        let before = try nights.folder.bytes("state-1")
        let merged = try nights.run(
            [try nights.write([], "none.csv")], state: "state-0", merging: ["state-1", "state-2"], threads: threads)
        #expect(merged == (try nights.run([try nights.write(lines, "all.csv")])))
        #expect(try nights.folder.bytes("state-1") == before)
    }

    @Test func rowsThatSpillAreKeptAsTheOthers() throws {
        let text =
            "id,date,price,quantity,order,product,channel\n"
            + Self.lines(seed: 13, count: 3_000).joined(separator: "\n")
        let disk = Mutex<[UInt8]>([])
        let spill = OrderSpill(
            isNeeded: { true },
            store: { bytes in
                disk.withLock { disk in
                    disk += bytes
                    return disk.count - bytes.count
                }
            }, load: { room, place in disk.withLock { room.copyBytes(from: $0[place..<place + room.count]) } })
        let logs = try [nil, spill].map { spill in
            let source = try InputSource(bytes: Array(text.utf8), name: "log")
            let orders = try OrderIntake.read(
                [source], of: Self.columns, RunOptions(), spill: spill, restore: { _ in }
            ) { _ in }
            return try #require(orders.stored)
        }
        #expect(disk.withLock { $0.count } > 10_000)
        #expect(logs[0].stateHead() == logs[1].stateHead())
        for part in 0..<CustomerLog.statePieceCount {
            #expect(try logs[0].statePiece(part) == logs[1].statePiece(part), "part \(part)")
        }
    }

    /// The head and the pieces of a state of lines.
    static func pieces(_ lines: [String], threads: Int, blockByteCount: Int) throws -> [[UInt8]] {
        let text = "id,date,price,quantity,order,product,channel\n" + lines.joined(separator: "\n")
        var options = RunOptions()
        options.threadCount = threads
        let orders = try OrderIntake.read(
            [try InputSource(bytes: Array(text.utf8), name: "log")], of: Self.columns, options,
            blockByteCount: blockByteCount, restore: { _ in }
        ) { _ in }
        let stored = try #require(orders.stored)
        return try [stored.stateHead()] + (0..<CustomerLog.statePieceCount).map { try stored.statePiece($0) }
    }

    @Test(arguments: everyThreadCount) func equalLinesMakeEqualStatesInWhateverOrderTheyCome(threads: Int) throws {
        let lines = Self.lines(seed: 20, count: 4_000)
        let expected = try Self.pieces(lines, threads: 1, blockByteCount: 512 << 10)
        var random = RepeatableGenerator(seed: 21)
        for blockByteCount in [700, 5_000, 100_000] {
            #expect(try Self.pieces(lines, threads: threads, blockByteCount: blockByteCount) == expected)
            let shuffled = lines.shuffled(using: &random)
            #expect(try Self.pieces(shuffled, threads: threads, blockByteCount: blockByteCount) == expected)
        }
    }

    @Test func aStateOfNightsIsThatOfAllLinesButForTheNamesOfTheInputs() throws {
        let nights = Nights()
        let lines = Self.lines(seed: 22, count: 3_000)
        for part in 0..<3 {
            // Fewer lines in the first night than in the second: either may be looked up in the other.
            let own = lines.indices.filter { [0, 1, 1, 1, 2][$0 % 5] == part }.map { lines[$0] }
            _ = try nights.run([try nights.write(own, "\(part).csv")], state: "nights")
        }
        _ = try nights.run([try nights.write(lines, "all.csv")], state: "all")
        func frames(_ name: String) throws -> [ArraySlice<UInt8>] {
            let bytes = try nights.folder.bytes(name)
            var place = try #require(bytes.firstIndex(of: 0x0A)) + 1
            var frames: [ArraySlice<UInt8>] = []
            while place < bytes.count {
                let count = bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
                frames.append(bytes[place..<place + 16 + count])
                place += 16 + count
            }
            return frames
        }
        let (one, other) = (try frames("nights"), try frames("all"))
        #expect(one.count == 3 + CustomerLog.statePieceCount)
        #expect(one[0] == other[0] && one[1] != other[1] && Array(one[2...]) == Array(other[2...]))
    }

    @Test func aStateThatIsCutOrAlteredIsRefusedAndStays() throws {
        let nights = Nights()
        let file = try nights.write(Self.lines(seed: 14, count: 300), "all.csv")
        _ = try nights.run([file], state: "state")
        let good = try nights.folder.bytes("state")
        let more = try nights.write(["x,2022-05-05,1,1,o,p,web"], "more.csv")
        var random = RepeatableGenerator(seed: 15)
        for trial in 0..<60 {
            var bad = good
            let place = random.integer(in: 0...good.count - 1)
            if trial % 3 == 0 {
                bad.removeLast(good.count - place)
            } else if trial % 3 == 1 {
                bad[place] ^= UInt8(1 << random.integer(in: 0...7))
            } else {
                bad.append(0)
            }
            try Data(bad).write(to: URL(fileURLWithPath: nights.path("state")))
            #expect(throws: (any Error).self, "byte \(place)") { try nights.run([more], state: "state") }
            #expect(try nights.folder.bytes("state") == bad)
        }
    }

    @Test func otherColumnsThanTheStatesAreRefused() throws {
        let nights = Nights()
        let file = try nights.write(Self.lines(seed: 16, count: 100), "all.csv")
        _ = try nights.run([file], state: "state")
        var other = Self.columns
        other.channel = nil
        let error = #expect(throws: EngineError.self) {
            try nights.run([try nights.write([], "none.csv")], state: "state", columns: other)
        }
        #expect(error?.kind == .unusableState && "\(error!)".contains("--channel 'channel'"))
        // What is computed of the lines may change.
        other = Self.columns
        (other.isNet, other.windowCount) = (false, 1)
        #expect(
            try nights.run([try nights.write([], "none.csv")], state: "state", columns: other)
                == nights.run([file], columns: other))
    }

    @Test func linesThatAreInTheStateAreNotCountedTwice() throws {
        let nights = Nights()
        let file = try nights.write(Self.lines(seed: 17, count: 100), "all.csv")
        _ = try nights.run([file], state: "state")
        let before = try nights.folder.bytes("state")
        let error = #expect(throws: EngineError.self) { try nights.run([file], state: "state") }
        #expect(error?.kind == .unusableState && "\(error!)".contains("twice"))
        #expect(try nights.folder.bytes("state") == before)
    }

    @Test func aRunThatIsStoppedLeavesTheOldState() throws {
        let nights = Nights()
        let lines = Self.lines(seed: 18, count: 800)
        _ = try nights.run([try nights.write(lines[..<500], "one.csv")], state: "state")
        let before = try nights.folder.bytes("state")
        let more = try nights.write(lines[500...], "two.csv")
        var stops = 0
        for limit in stride(from: 0, to: 400, by: 23) {
            let calls = Mutex(0)
            do {
                _ = try nights.run([more], state: "state") {
                    calls.withLock { calls in
                        calls += 1
                        return calls > limit
                    }
                }
                break
            } catch is CancellationError {
                stops += 1
                #expect(try nights.folder.bytes("state") == before)
            }
        }
        #expect(stops > 3)
    }

    @Test func aLineTakesLittleRoom() throws {
        let nights = Nights()
        let count = 20_000
        var columns = OrderColumns(id: "id", date: "date", amount: "price")
        columns.channel = "channel"
        let file = try nights.write(Self.lines(seed: 19, count: count), "all.csv")
        _ = try nights.run([file], state: "state", columns: columns)
        // Two bytes of day, two to three of amount, one of channel; ids, and some bytes for each of 128 parts.
        #expect(try nights.folder.bytes("state").count < 12 * count)
    }
}

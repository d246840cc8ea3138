import Indicators
import Reports
import Synchronization
import TableIO
import Tables
import VectorMath

/// The customers of an order log with what their scores follow from.
struct RFMScores: Sendable {
    /// The ids, chunk by chunk in rising order, and for each chunk the customers before it.
    private let identifiers: [Identifiers]
    private let starts: [Int]
    private let recency: [Double]
    private let frequency: [Double]
    /// What is scored: the spend, or the mean of a purchase.
    private let monetary: [Double]
    /// The spend; empty where that is `monetary`.
    private let spend: [Double]
    private let cells: [UInt16]
    private let segmentOfCell: [UInt8]
    private let segments: RFMSegments
    let cuts: RFMCuts

    /// Scores all customers.
    ///
    /// - Throws: what the spill throws, `CancellationError`.
    init(
        _ orders: OrderIntake, _ specification: RFMSpecification, isMean: Bool, _ segments: RFMSegments,
        _ options: RunOptions
    ) throws {
        let names = orders.specification.columns(of: orders.customers.layout).map(\.name)
        let wanted =
            ["days_since_last_purchase", "purchase_count", "total_spend"] + (isMean ? ["average_order_value"] : [])
        let places = wanted.map { name in
            guard let place = names.firstIndex(of: name) else { preconditionFailure("no indicator \(name)") }
            return place
        }
        let gathered = Mutex(Gathered(columnCount: places.count))
        try orders.forEachIndicatorChunk(options) { chunk in
            (identifiers: chunk.identifiers, columns: places.map { chunk[column: $0] })
        } deliver: { chunk in
            gathered.withLock { $0.append(chunk.identifiers, chunk.columns) }
        }
        let found = gathered.withLock { $0 }
        identifiers = found.identifiers
        starts = found.identifiers.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        let (recency, frequency, monetary) = (found.columns[0], found.columns[1], found.columns[isMean ? 3 : 2])
        let cuts = RFMCuts.fit(
            recency: recency, frequency: frequency, monetary: monetary, specification,
            Workers(threadCount: options.threadCount))
        var cells = [UInt16](repeating: 0, count: recency.count)
        var span = cells.mutableSpan
        cuts.score(recency: recency.span, frequency: frequency.span, monetary: monetary.span, into: &span)
        self.recency = recency
        self.frequency = frequency
        self.monetary = monetary
        spend = isMean ? found.columns[2] : []
        self.cells = cells
        self.cuts = cuts
        self.segments = segments
        segmentOfCell = segments.codes
    }

    private struct Gathered: Sendable {
        var identifiers: [Identifiers] = []
        var columns: [[Double]]

        init(columnCount: Int) { columns = Array(repeating: [], count: columnCount) }

        mutating func append(_ ids: Identifiers, _ values: [[Double]]) {
            identifiers.append(ids)
            for (column, part) in values.enumerated() { columns[column] += part }
        }
    }

    var chunkCount: Int { identifiers.count }

    /// A formatter of the rows; `decimals` of the amounts, nil for the fewest digits.
    func rows(idColumn: String, decimals: Int?, spreadsheetSafe: Bool) -> FigureRows {
        FigureRows(
            idColumn: idColumn,
            columns: [
                ("recency_days", .integer), ("frequency", .integer),
                ("monetary", .decimals(spend.isEmpty ? decimals : 6)), ("r", .integer), ("f", .integer),
                ("m", .integer), ("code", .integer),
            ], words: ("segment", segments.names + [""]), spreadsheetSafe: spreadsheetSafe)
    }

    /// The rows of a chunk.
    func chunk(_ index: Int) -> FigureRows.Chunk {
        let range = starts[index]..<starts[index + 1]
        func scores(_ value: (Int) -> Int) -> [Double] {
            range.map { cells[$0] == RFMCuts.noCell ? .nan : Double(value(Int(cells[$0]))) }
        }
        return FigureRows.Chunk(
            identifiers: identifiers[index],
            columns: [
                Array(recency[range]), Array(frequency[range]),
                range.map { recency[$0].isNaN ? .nan : monetary[$0] }, scores { cuts.scores(ofCell: $0).r },
                scores { cuts.scores(ofCell: $0).f }, scores { cuts.scores(ofCell: $0).m },
                scores { cuts.code(ofCell: $0) },
            ],
            words: range.map {
                cells[$0] == RFMCuts.noCell ? UInt8(segments.names.count) : segmentOfCell[Int(cells[$0])]
            })
    }
}

extension RFMScores {
    /// Sums over the customers of a cell, exact whatever their order.
    private struct Tally: Sendable {
        var customerCount = 0
        var spend = ExactSum()
        var recency = ExactSum()
        var frequency = ExactSum()
        var monetary = ExactSum()

        mutating func combine(_ other: Tally) {
            customerCount += other.customerCount
            spend.combine(other.spend)
            recency.combine(other.recency)
            frequency.combine(other.frequency)
            monetary.combine(other.monetary)
        }
    }

    /// The tables of the customers by scores and by segments.
    func report(isNested: Bool, workers: Workers) -> RFMReport {
        let tallies = tallied(workers: workers)
        let n = cuts.scoreCount
        var grid = [Tally](repeating: Tally(), count: n * n)
        var bySegment = [Tally](repeating: Tally(), count: segments.names.count)
        for (cell, tally) in tallies {
            grid[cell / n].combine(tally)
            bySegment[Int(segmentOfCell[cell])].combine(tally)
        }
        func group(_ tally: Tally) -> RFMReport.Group {
            RFMReport.Group(customerCount: tally.customerCount, value: tally.spend.value)
        }
        return RFMReport(
            scoreCount: n, isNested: isNested, isMean: !spend.isEmpty, recencyCuts: cuts.recency,
            frequencyCuts: cuts.frequency, monetaryCuts: cuts.monetary, grid: grid.map(group),
            segments: zip(segments.names, bySegment).map { name, tally in
                func mean(_ sum: ExactSum) -> Double? {
                    tally.customerCount == 0 ? nil : sum.value / Double(tally.customerCount)
                }
                return RFMReport.Segment(
                    name: name, group: group(tally), meanRecency: mean(tally.recency),
                    meanFrequency: mean(tally.frequency), meanMonetary: mean(tally.monetary))
            }, unscoredCount: cells.count { $0 == RFMCuts.noCell })
    }

    /// The cells that have customers, in order.
    private func tallied(workers: Workers) -> [(cell: Int, tally: Tally)] {
        let length = 1 << 16
        let tallies = workers.reduce(chunkCount: (cells.count + length - 1) / length) {
            [Tally?](repeating: nil, count: cuts.cellCount)
        } update: { tallies, chunk in
            for row in chunk * length..<min(cells.count, (chunk + 1) * length) where cells[row] != RFMCuts.noCell {
                let cell = Int(cells[row])
                if tallies[cell] == nil { tallies[cell] = Tally() }
                tallies[cell]?.customerCount += 1
                tallies[cell]?.spend.update(spend.isEmpty ? monetary[row] : spend[row])
                tallies[cell]?.recency.update(recency[row])
                tallies[cell]?.frequency.update(frequency[row])
                tallies[cell]?.monetary.update(monetary[row])
            }
        } combine: { tallies, others in
            for (cell, other) in others.enumerated() {
                guard let other else { continue }
                if tallies[cell] == nil { tallies[cell] = other } else { tallies[cell]?.combine(other) }
            }
        }
        return tallies.enumerated().compactMap { cell, tally in tally.map { (cell, $0) } }
    }
}

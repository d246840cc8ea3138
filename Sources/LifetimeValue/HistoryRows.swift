import VectorMath

/// Customers' histories in columns, on their way to distinct ones.
///
/// Rows fall into buckets by a mixing of their bits and are sorted within a bucket, in the near cache; then a counting
/// sort brings equal frequencies together. Both orders depend on the values alone.
struct HistoryRows: Sendable {
    let frequencies: [Int]
    let recencies: [Double]
    let ages: [Double]
    let counts: [Int]?

    /// Below 2^32 rows of it no sum of counts leaves the range.
    private static let countLimit = 1 << 30
    private static let rowsPerChunk = 1 << 16
    /// Rows of a bucket on average; the sort of so few stays in the near cache.
    private static let rowsPerBucket = 8
    private static let bucketsPerChunk = 1 << 12

    func compressed(
        timeUnit: TimeUnit, logIntervalSum: Double?, workers: Workers
    ) throws(LifetimeFitError) -> PurchasePopulation {
        let hashes = try checkedHashes(workers: workers)
        let (rows, starts) = bucketed(hashes)
        let chunks = distinctHistories(rows, starts, hashes, workers: workers)
        return grouped(chunks, timeUnit: timeUnit, logIntervalSum: logIntervalSum)
    }

    private func checkedHashes(workers: Workers) throws(LifetimeFitError) -> [UInt64] {
        let chunkCount = (ages.count + HistoryRows.rowsPerChunk - 1) / HistoryRows.rowsPerChunk
        let chunks = try workers.map(chunkCount: chunkCount) { (chunk: Int) throws(LifetimeFitError) in
            let start = chunk * HistoryRows.rowsPerChunk
            var hashes: [UInt64] = []
            hashes.reserveCapacity(HistoryRows.rowsPerChunk)
            for row in start..<min(ages.count, start + HistoryRows.rowsPerChunk) {
                try PurchaseHistory.check(frequencies[row], recencies[row], ages[row], row: row)
                if let counts, !(1...HistoryRows.countLimit).contains(counts[row]) {
                    throw LifetimeFitError(
                        .invalidHistory(row: row), at: "row \(row)", "a count of \(counts[row]) customers",
                        remedy: "give counts of 1 to \(HistoryRows.countLimit)")
                }
                hashes.append(hash(row))
            }
            return hashes
        }
        return Array(chunks.joined())
    }

    /// Steps of SplitMix64 over the three words.
    private func hash(_ row: Int) -> UInt64 {
        var word = mixed(UInt64(truncatingIfNeeded: frequencies[row]))
        word = mixed(word ^ (recencies[row] + 0.0).bitPattern)
        return mixed(word ^ (ages[row] + 0.0).bitPattern)
    }

    /// Rows bucket by bucket, and where each bucket starts.
    private func bucketed(_ hashes: [UInt64]) -> (rows: [UInt32], starts: [Int]) {
        let wanted = max(1, hashes.count / HistoryRows.rowsPerBucket)
        let bits = UInt64(max(1, Int.bitWidth - wanted.leadingZeroBitCount))
        let shift = 64 - bits
        var starts = [Int](repeating: 0, count: 1 << Int(bits) + 1)
        for hash in hashes { starts[Int(truncatingIfNeeded: hash &>> shift) + 1] += 1 }
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        var next = starts
        var rows = [UInt32](repeating: 0, count: hashes.count)
        for (row, hash) in hashes.enumerated() {
            let bucket = Int(truncatingIfNeeded: hash &>> shift)
            rows[next[bucket]] = UInt32(truncatingIfNeeded: row)
            next[bucket] += 1
        }
        return (rows, starts)
    }

    /// The histories of a chunk of buckets and the rows that have them, in the order of their values.
    private struct DistinctChunk: Sendable {
        var histories: [PurchaseHistory] = []
        var counts: [Int] = []
        var rows: [UInt32] = []
        /// How many of `rows` have each history.
        var rowCounts: [UInt32] = []
    }

    private func distinctHistories(
        _ rows: [UInt32], _ starts: [Int], _ hashes: [UInt64], workers: Workers
    ) -> [DistinctChunk] {
        let bucketCount = starts.count - 1
        let chunkCount = (bucketCount + HistoryRows.bucketsPerChunk - 1) / HistoryRows.bucketsPerChunk
        return workers.map(chunkCount: chunkCount) { index in
            let first = index * HistoryRows.bucketsPerChunk
            let end = min(bucketCount, first + HistoryRows.bucketsPerChunk)
            var chunk = DistinctChunk()
            chunk.rows.reserveCapacity(starts[end] - starts[first])
            chunk.histories.reserveCapacity(starts[end] - starts[first])
            var keys: [(hash: UInt64, row: UInt32)] = []
            for bucket in first..<end {
                keys.removeAll(keepingCapacity: true)
                for row in rows[starts[bucket]..<starts[bucket + 1]] { keys.append((hashes[Int(row)], row)) }
                keys.sort { $0.hash != $1.hash ? $0.hash < $1.hash : isBefore($0.row, $1.row) }
                for (index, key) in keys.enumerated() {
                    let row = Int(key.row)
                    if index == 0 || keys[index - 1].hash != key.hash || isBefore(keys[index - 1].row, key.row) {
                        chunk.histories.append(
                            PurchaseHistory(unchecked: frequencies[row], recencies[row], ages[row]))
                        chunk.counts.append(0)
                        chunk.rowCounts.append(0)
                    }
                    chunk.counts[chunk.counts.count - 1] += counts?[row] ?? 1
                    chunk.rowCounts[chunk.rowCounts.count - 1] += 1
                    chunk.rows.append(key.row)
                }
            }
            return chunk
        }
    }

    /// Decides between rows of one hash.
    private func isBefore(_ a: UInt32, _ b: UInt32) -> Bool {
        let (a, b) = (Int(a), Int(b))
        if frequencies[a] != frequencies[b] { return frequencies[a] < frequencies[b] }
        if recencies[a] != recencies[b] { return recencies[a] < recencies[b] }
        return ages[a] < ages[b]
    }

    /// A counting sort by frequency.
    private func grouped(
        _ chunks: [DistinctChunk], timeUnit: TimeUnit, logIntervalSum: Double?
    ) -> PurchasePopulation {
        var places = FrequencyPlaces()
        for chunk in chunks { for history in chunk.histories { places.count(history.frequency) } }
        let groups = places.layOut()
        let distinctCount = groups.last?.histories.upperBound ?? 0
        var recencies = [Double](repeating: 0, count: distinctCount)
        var ages = recencies
        var tally = recencies
        var historyOfCustomer = [UInt32](repeating: 0, count: self.ages.count)
        var customerCount = 0
        for chunk in chunks {
            var row = 0
            for (index, history) in chunk.histories.enumerated() {
                let place = places.next(history.frequency)
                recencies[place] = history.recency
                ages[place] = history.age
                tally[place] = Double(chunk.counts[index])
                customerCount += chunk.counts[index]
                let end = row + Int(chunk.rowCounts[index])
                while row < end {
                    historyOfCustomer[Int(chunk.rows[row])] = UInt32(truncatingIfNeeded: place)
                    row += 1
                }
            }
        }
        return PurchasePopulation(
            recencies: recencies, ages: ages, counts: tally, groups: groups, historyOfCustomer: historyOfCustomer,
            customerCount: customerCount, timeUnit: timeUnit, logIntervalSum: logIntervalSum)
    }
}

/// How many histories have each frequency, and then where the next of them goes.
private struct FrequencyPlaces {
    /// Most customers have a small frequency: a table spares them the dictionary.
    private var small = [Int](repeating: 0, count: 256)
    private var large: [Int: Int] = [:]

    mutating func count(_ frequency: Int) {
        if frequency < small.count { small[frequency] += 1 } else { large[frequency, default: 0] += 1 }
    }

    /// The groups in rising order; from then on `next` gives places.
    mutating func layOut() -> [PurchasePopulation.FrequencyGroup] {
        var groups: [PurchasePopulation.FrequencyGroup] = []
        var end = 0
        for (frequency, size) in small.enumerated() where size > 0 {
            groups.append(.init(frequency: frequency, histories: end..<end + size))
            small[frequency] = end
            end += size
        }
        for (frequency, size) in large.sorted(by: { $0.key < $1.key }) {
            groups.append(.init(frequency: frequency, histories: end..<end + size))
            large[frequency] = end
            end += size
        }
        return groups
    }

    mutating func next(_ frequency: Int) -> Int {
        if frequency < small.count {
            small[frequency] += 1
            return small[frequency] - 1
        }
        let place = large[frequency] ?? 0
        large[frequency] = place + 1
        return place
    }
}

private func mixed(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9e37_79b9_7f4a_7c15
    word = (word ^ (word &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word &>> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word &>> 31)
}

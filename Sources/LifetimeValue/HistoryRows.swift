import VectorMath

/// Customers' histories in columns, on their way to distinct ones.
///
/// Rows fall into parts and, within a part, into buckets by a mixing of their bits, and are sorted within a bucket, all
/// in the near cache; then a counting sort brings equal frequencies together. Both orders depend on the values alone.
struct HistoryRows: Sendable {
    let frequencies: [Int]
    let recencies: [Double]
    let ages: [Double]
    let counts: [Int]?

    /// Below 2^32 rows of it no sum of counts leaves the range.
    private static let countLimit = 1 << 30
    private static let rowsPerChunk = 1 << 16
    /// Rows of a part on average: its hashes and row numbers stay in the near cache.
    private static let rowsPerPart = 1 << 13

    func compressed(
        timeUnit: TimeUnit, logIntervalSum: Double?, workers: Workers
    ) throws(LifetimeFitError) -> PurchasePopulation {
        let partBits = Self.bits(toDivide: ages.count, into: Self.rowsPerPart)
        let chunkCount = (ages.count + Self.rowsPerChunk - 1) / Self.rowsPerChunk
        let chunks = try workers.map(chunkCount: chunkCount) { (chunk: Int) throws(LifetimeFitError) in
            let start = chunk * Self.rowsPerChunk
            return try hashed(start..<min(ages.count, start + Self.rowsPerChunk), partBits: partBits)
        }
        let parts = workers.map(chunkCount: 1 << partBits) { part in
            distinctHistories(HashedRows(part: part, of: chunks, partBits: partBits))
        }
        return grouped(parts, timeUnit: timeUnit, logIntervalSum: logIntervalSum)
    }

    /// How many leading bits of a hash leave about `size` of `count` rows together.
    private static func bits(toDivide count: Int, into size: Int) -> Int {
        Int.bitWidth - max(1, count / size).leadingZeroBitCount - 1
    }

    /// The hashes of some rows, checked, in the order of their leading bits.
    private func hashed(_ rows: Range<Int>, partBits: Int) throws(LifetimeFitError) -> HashedRows {
        let (frequencies, recencies, ages, counts) = (frequencies, recencies, ages, counts)
        var hashes: [UInt64] = []
        hashes.reserveCapacity(rows.count)
        for row in rows {
            let (frequency, recency, age) = (frequencies[row], recencies[row], ages[row])
            try PurchaseHistory.check(frequency, recency, age, row: row)
            if let counts, !(1...Self.countLimit).contains(counts[row]) {
                throw LifetimeFitError(
                    .invalidHistory(row: row), at: "row \(row)", "a count of \(counts[row]) customers",
                    remedy: "give counts of 1 to \(Self.countLimit)")
            }
            // Steps of SplitMix64 over the three words.
            let word = mixed(mixed(UInt64(truncatingIfNeeded: frequency)) ^ (recency + 0.0).bitPattern)
            hashes.append(mixed(word ^ (age + 0.0).bitPattern))
        }
        return HashedRows(hashes: hashes, firstRow: rows.lowerBound, bits: partBits)
    }

    /// The histories of a part and the rows that have them, in the order of their values.
    private struct DistinctPart: Sendable {
        var histories: [PurchaseHistory] = []
        var counts: [Int] = []
        var rows: [UInt32] = []
        /// How many of `rows` have each history.
        var rowCounts: [UInt32] = []
    }

    private func distinctHistories(_ unordered: HashedRows) -> DistinctPart {
        let (frequencies, recencies, ages, counts) = (frequencies, recencies, ages, counts)
        /// Decides between rows of one hash.
        func isBefore(_ a: UInt32, _ b: UInt32) -> Bool {
            let (a, b) = (Int(a), Int(b))
            if frequencies[a] != frequencies[b] { return frequencies[a] < frequencies[b] }
            if recencies[a] != recencies[b] { return recencies[a] < recencies[b] }
            return ages[a] < ages[b]
        }
        let keys = unordered.sorted(isBefore)
        var part = DistinctPart()
        part.histories.reserveCapacity(keys.rows.count)
        part.counts.reserveCapacity(keys.rows.count)
        part.rowCounts.reserveCapacity(keys.rows.count)
        for index in keys.rows.indices {
            let row = Int(keys.rows[index])
            let isNew =
                index == 0 || keys.hashes[index - 1] != keys.hashes[index]
                || isBefore(keys.rows[index - 1], keys.rows[index])
            if isNew {
                part.histories.append(PurchaseHistory(unchecked: frequencies[row], recencies[row], ages[row]))
                part.counts.append(counts?[row] ?? 1)
                part.rowCounts.append(1)
            } else {
                part.counts[part.counts.count - 1] += counts?[row] ?? 1
                part.rowCounts[part.rowCounts.count - 1] += 1
            }
        }
        part.rows = keys.rows
        return part
    }

    /// A counting sort by frequency.
    private func grouped(
        _ parts: [DistinctPart], timeUnit: TimeUnit, logIntervalSum: Double?
    ) -> PurchasePopulation {
        var places = FrequencyPlaces()
        for part in parts { for history in part.histories { places.count(history.frequency) } }
        let groups = places.layOut()
        let distinctCount = groups.last?.histories.upperBound ?? 0
        var recencies = [Double](repeating: 0, count: distinctCount)
        var ages = recencies
        var tally = recencies
        var historyOfCustomer = [UInt32](repeating: 0, count: self.ages.count)
        var customerCount = 0
        for part in parts {
            var row = 0
            for (index, history) in part.histories.enumerated() {
                let place = places.next(history.frequency)
                recencies[place] = history.recency
                ages[place] = history.age
                tally[place] = Double(part.counts[index])
                customerCount += part.counts[index]
                let end = row + Int(part.rowCounts[index])
                while row < end {
                    historyOfCustomer[Int(part.rows[row])] = UInt32(truncatingIfNeeded: place)
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

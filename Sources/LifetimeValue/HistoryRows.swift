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
        return grouped(parts, timeUnit: timeUnit, logIntervalSum: logIntervalSum, workers: workers)
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

    /// A counting sort by frequency; within a frequency in the order of the parts.
    private func grouped(
        _ parts: [DistinctPart], timeUnit: TimeUnit, logIntervalSum: Double?, workers: Workers
    ) -> PurchasePopulation {
        var sizes = workers.map(chunkCount: parts.count) { FrequencyPlaces(counting: parts[$0].histories) }
        let groups = FrequencyPlaces.layOut(&sizes)
        let places = sizes
        let distinctCount = groups.last?.histories.upperBound ?? 0
        var (recencies, ages, tally): ([Double], [Double], [Double]) = ([], [], [])
        let historyOfCustomer = [UInt32](unsafeUninitializedCapacity: self.ages.count) { owners, ownerCount in
            recencies = [Double](unsafeUninitializedCapacity: distinctCount) { recencies, recencyCount in
                ages = [Double](unsafeUninitializedCapacity: distinctCount) { ages, ageCount in
                    tally = [Double](unsafeUninitializedCapacity: distinctCount) { tally, tallyCount in
                        // SAFETY: parts have rows and places of their own, which together are all there are, so that
                        // every element is written once.
                        nonisolated(unsafe) let room = (recencies, ages, tally, owners)
                        workers.forEach(chunkCount: parts.count) { part in
                            parts[part].place(places[part], room.0, room.1, room.2, room.3)
                        }
                        tallyCount = distinctCount
                    }
                    ageCount = distinctCount
                }
                recencyCount = distinctCount
            }
            ownerCount = self.ages.count
        }
        return PurchasePopulation(
            recencies: recencies, ages: ages, counts: tally, groups: groups, historyOfCustomer: historyOfCustomer,
            customerCount: parts.reduce(0) { $0 + $1.counts.reduce(0, +) }, timeUnit: timeUnit,
            logIntervalSum: logIntervalSum)
    }
}

/// The histories of a part and the rows that have them, in the order of their values.
private struct DistinctPart: Sendable {
    var histories: [PurchaseHistory] = []
    var counts: [Int] = []
    var rows: [UInt32] = []
    /// How many of `rows` have each history.
    var rowCounts: [UInt32] = []

    /// Writes each history to its place, and that place for each row that has it.
    func place(
        _ places: FrequencyPlaces, _ recencies: UnsafeMutableBufferPointer<Double>,
        _ ages: UnsafeMutableBufferPointer<Double>, _ tally: UnsafeMutableBufferPointer<Double>,
        _ owners: UnsafeMutableBufferPointer<UInt32>
    ) {
        var places = places
        var row = 0
        for (index, history) in histories.enumerated() {
            let place = places.next(history.frequency)
            // SAFETY: places are below the number of histories of all parts, rows below that of all rows.
            recencies.initializeElement(at: place, to: history.recency)
            ages.initializeElement(at: place, to: history.age)
            tally.initializeElement(at: place, to: Double(counts[index]))
            let end = row + Int(rowCounts[index])
            while row < end {
                owners.initializeElement(at: Int(rows[row]), to: UInt32(truncatingIfNeeded: place))
                row += 1
            }
        }
    }
}

/// Where the histories of a part go: first how many have each frequency, then where the next of them goes.
private struct FrequencyPlaces: Sendable {
    /// Most customers have a small frequency: a table spares them the dictionary.
    private var small = [Int](repeating: 0, count: 256)
    private var large: [Int: Int] = [:]

    init(counting histories: [PurchaseHistory]) {
        for history in histories {
            let frequency = history.frequency
            if frequency < small.count { small[frequency] += 1 } else { large[frequency, default: 0] += 1 }
        }
    }

    /// The groups in rising order; from then on `next` gives places.
    static func layOut(_ parts: inout [FrequencyPlaces]) -> [PurchasePopulation.FrequencyGroup] {
        var sizes: [Int: Int] = [:]
        for part in parts { part.forEach { sizes[$0, default: 0] += $1 } }
        var groups: [PurchasePopulation.FrequencyGroup] = []
        var next: [Int: Int] = [:]
        var end = 0
        for (frequency, size) in sizes.sorted(by: { $0.key < $1.key }) {
            groups.append(.init(frequency: frequency, histories: end..<end + size))
            next[frequency] = end
            end += size
        }
        for index in parts.indices {
            let counted = parts[index]
            counted.forEach { frequency, size in
                let place = next[frequency] ?? 0
                next[frequency] = place + size
                parts[index].begin(frequency, at: place)
            }
        }
        return groups
    }

    /// The frequencies that occur with their numbers, in no particular order.
    private func forEach(_ body: (Int, Int) -> Void) {
        for (frequency, size) in small.enumerated() where size > 0 { body(frequency, size) }
        for (frequency, size) in large { body(frequency, size) }
    }

    private mutating func begin(_ frequency: Int, at place: Int) {
        if frequency < small.count { small[frequency] = place } else { large[frequency] = place }
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

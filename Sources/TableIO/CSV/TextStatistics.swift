internal import Tables
public import VectorMath

/// What is known of the cells of a column that held text where a number would have been welcome.
public struct TextStatistics: Sendable, Equatable {
    /// Samples kept, each cut at `sampleByteLimit` bytes.
    static let sampleCount = 3
    static let sampleByteLimit = 64

    /// Cells that held text.
    public private(set) var count = 0
    /// Bytes of the shortest and the longest, quotes of the file not counted; nil if there is none.
    public private(set) var byteCounts: ClosedRange<Int>?
    /// The first few different ones, in input order.
    public private(set) var samples: [[UInt8]] = []
    /// How many different ones there are, exactly up to a limit.
    public private(set) var distinct = DistinctSketch()
    /// How many different ones there are; nil unless `ReadOptions.tellsTextsApart` asked for it.
    public internal(set) var exactDistinctCount: Int?

    /// No text.
    public init() {}

    /// Brings the texts of the next block in.
    mutating func update(_ texts: TextTally) {
        count += texts.count
        if let range = texts.byteCounts {
            byteCounts =
                byteCounts.map {
                    min($0.lowerBound, range.lowerBound)...max($0.upperBound, range.upperBound)
                } ?? range
        }
        for sample in texts.samples where samples.count < Self.sampleCount && !samples.contains(sample) {
            samples.append(sample)
        }
        for (low, high) in zip(texts.fingerprints.lows, texts.fingerprints.highs) {
            distinct.update(hash: mixed(low, high))
        }
    }
}

/// The text cells of one column of a block, end to end in row order.
struct TextCells: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [UInt32] = []
    private var rows: [UInt32] = []

    /// Adds a field as it stands in the file; one in quotes is added without them.
    mutating func append(_ field: UnsafeBufferPointer<UInt8>, row: Int) {
        if field.first == UInt8(ascii: "\"") {
            bytes += BlockParser.unquoted(field)
        } else {
            bytes += field
        }
        ends.append(UInt32(bytes.count))
        rows.append(UInt32(row))
    }

    /// Forgets the cells of rows whose flag is true.
    mutating func remove(where isRejected: [Bool]) {
        guard rows.contains(where: { isRejected[Int($0)] }) else { return }
        var kept = TextCells()
        for cell in rows.indices where !isRejected[Int(rows[cell])] {
            kept.bytes += bytes[(cell == 0 ? 0 : Int(ends[cell - 1]))..<Int(ends[cell])]
            kept.ends.append(UInt32(kept.bytes.count))
        }
        self = kept
    }
}

/// What a block's text cells of one column say.
struct TextTally: Sendable {
    let count: Int
    let byteCounts: ClosedRange<Int>?
    let samples: [[UInt8]]
    let fingerprints: IdentifierFingerprints

    init(_ cells: TextCells) {
        count = cells.ends.count
        var (start, shortest, longest) = (UInt32(0), UInt32.max, UInt32(0))
        for end in cells.ends {
            shortest = min(shortest, end - start)
            longest = max(longest, end - start)
            start = end
        }
        byteCounts = count == 0 ? nil : Int(shortest)...Int(longest)
        let identifiers = Identifiers(bytes: cells.bytes, ends: cells.ends)
        var samples: [[UInt8]] = []
        for row in 0..<count {
            let sample = identifiers[row].prefix(TextStatistics.sampleByteLimit)
            if !samples.contains(where: { $0.elementsEqual(sample) }) { samples.append(Array(sample)) }
            if samples.count == TextStatistics.sampleCount { break }
        }
        self.samples = samples
        fingerprints = IdentifierFingerprints(identifiers)
    }
}

/// 96 bits as 64 that are as good as random: the finaliser of MurmurHash3 twice, one to one in `low`.
private func mixed(_ low: UInt64, _ high: UInt32) -> UInt64 {
    finalised(finalised(low ^ 0x9e37_79b9_7f4a_7c15) &+ UInt64(high) &* 0xd6e8_feb8_6659_fd93)
}

private func finalised(_ word: UInt64) -> UInt64 {
    var word = (word ^ (word &>> 33)) &* 0xff51_afd7_ed55_8ccd
    word = (word ^ (word &>> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return word ^ (word &>> 33)
}

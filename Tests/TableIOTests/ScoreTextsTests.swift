import TableIO
import TestSupport
import Testing

struct ScoreTextsTests {
    static func texts(_ values: [Double]) -> [String]? {
        let texts = ScoreTexts(capacity: max(1, values.count))
        guard values.withUnsafeBufferPointer({ texts.format($0) }) else { return nil }
        return values.indices.map { index in
            let word = texts.words[index]
            let bytes = (0..<Int(texts.lengths[index])).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    static func expected(_ value: Double) -> String {
        guard !value.isNaN else { return "," }
        let decimal = FixedDecimal(decimals: 3)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: FixedDecimal.maximumByteCount) { room in
            let start = room.baseAddress!
            let end = decimal.write(value, to: start)
            return "," + String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
        }
    }

    @Test func everyThousandthAndEveryTieIsThatOfFixedDecimal() throws {
        for start in stride(from: 0, to: 1_000_000, by: 9_973) {
            let values = (start..<min(1_000_000, start + 400)).flatMap { unit -> [Double] in
                let value = Double(unit) / 1000
                return [value, value.nextUp, value.nextDown, (Double(unit) + 0.5) / 1000].filter {
                    $0 >= 0 && $0 < 999.9995
                }
            }
            let texts = try #require(Self.texts(values))
            for (value, text) in zip(values, texts) { #expect(text == Self.expected(value), "\(value)") }
        }
    }

    @Test func exactTiesGoToTheEvenThousandth() throws {
        // Sixteenths and finer binary fractions end in an exact half of a thousandth.
        let values = (0..<4_000).map { Double($0) / 16 + 0.0625 } + [0.0005, 0.0015, 0.0625, 0.1875, 62.4375, 99.9375]
        let texts = try #require(Self.texts(values))
        for (value, text) in zip(values, texts) { #expect(text == Self.expected(value), "\(value)") }
    }

    @Test func randomScoresAreThoseOfFixedDecimal() throws {
        var random = RepeatableGenerator(seed: 9)
        let values = (0..<50_000).map { _ in random.unit() * (random.integer(in: 0...1) == 0 ? 100 : 1000) }.filter {
            $0 < 999.999
        }
        let texts = try #require(Self.texts(values))
        for (value, text) in zip(values, texts) { #expect(text == Self.expected(value), "\(value)") }
    }

    @Test func missingIsACommaAndWhatIsOutOfRangeIsRefused() {
        #expect(Self.texts([.nan, 0, 100, .nan]) == [",", ",0.000", ",100.000", ","])
        #expect(Self.texts([1, -0.001]) == nil)
        #expect(Self.texts([1, 1000]) == nil)
        #expect(Self.texts([.infinity]) == nil)
        #expect(Self.texts([-0.0, 999.999_499]) == [",0.000", ",999.999"])
        #expect(Self.texts([]) == [])
    }

    /// The pair of columns as texts, nil where the routine for one column must look.
    static func pairs(_ left: [Double], _ right: [Double]) -> [String]? {
        let pairs = ScoreTexts.Pairs(capacity: max(1, left.count))
        let isDone = left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { pairs.format(left, $0) }
        }
        guard isDone else { return nil }
        return left.indices.map { index in
            let bytes = (0..<Int(pairs.lengths[index])).map { place in
                UInt8(truncatingIfNeeded: pairs.words[2 * index + place / 8] >> UInt64(8 * (place % 8)))
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test func pairsAreTheTextsOfBothColumns() throws {
        var random = RepeatableGenerator(seed: 4)
        let scales = [0.01, 10, 100, 999.9]
        func column() -> [Double] {
            (0..<20_000).map { _ in
                random.integer(in: 0...9) == 0 ? .nan : random.unit() * scales[random.integer(in: 0...3)]
            }
        }
        let (left, right) = (column(), column())
        let texts = try #require(Self.pairs(left, right))
        for row in left.indices {
            #expect(texts[row] == Self.expected(left[row]) + Self.expected(right[row]), "\(left[row]), \(right[row])")
        }
    }

    @Test func pairsOutOfRangeOrInTheMiddleOfTwoThousandthsAreRefused() {
        #expect(Self.pairs([1, 2], [3, 1000]) == nil)
        #expect(Self.pairs([-0.001], [3]) == nil)
        #expect(Self.pairs([.infinity], [3]) == nil)
        #expect(Self.pairs([0.0625], [3]) == nil)
        #expect(Self.pairs([0, .nan], [.nan, 100]) == [",0.000,", ",,100.000"])
        #expect(Self.pairs([], []) == [])
    }
}

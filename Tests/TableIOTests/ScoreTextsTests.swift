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
}

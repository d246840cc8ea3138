import Scoring
import TableIO

/// The texts of reasons, such as `,revenue_12m +12.4; nps +3.1`, put together from parts that are ready to be copied.
struct ReasonTexts: Sendable {
    /// Reasons of a customer at most.
    let count: Int
    /// Bytes that a text needs at most.
    let byteLimit: Int
    private let names: [[UInt8]]
    private let field: CSVField
    /// Whether no name needs a quote or an apostrophe, so that texts are copied as they are.
    private let isPlain: Bool
    /// `,name` of each indicator.
    private let firstNames: TextColumn
    /// `; name` of each indicator.
    private let laterNames: TextColumn
    /// ` +12.4` for each number of tenths.
    private let numbers: TextColumn

    /// - Parameter sign: of the differences, `+` or `-`.
    init(names: [String], count: Int, sign: String, field: CSVField) {
        self.names = names.map { Array($0.utf8) }
        self.count = count
        self.field = field
        isPlain = self.names.allSatisfy { field.bytes($0) == $0 }
        firstNames = TextColumn(self.names.map { Array(",".utf8) + $0 })
        laterNames = TextColumn(self.names.map { Array("; ".utf8) + $0 })
        numbers = TextColumn((0...1000).map { Array(" \(sign)\($0 / 10).\($0 % 10)".utf8) })
        let longest = max(firstNames.stride, laterNames.stride) + numbers.stride
        byteLimit = CSVField.maximumByteCount(count * longest) + numbers.stride
    }

    /// Writes a comma and the reasons of a row.
    ///
    /// - Parameters:
    ///   - keys: the row's key in the first slot; the next slot's is `ScoreBlock.rowCapacity` further.
    ///   - start: room for `byteLimit` bytes.
    func write(_ keys: UnsafePointer<Int32>, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        guard isPlain else { return writeField(keys, to: start) }
        // SAFETY: `count` slots are behind `keys`; each reason takes the strides that `byteLimit` counts.
        var end = start
        for slot in 0..<count {
            guard let reason = Reason(key: keys[slot * ScoreBlock.rowCapacity]) else { break }
            end = (slot == 0 ? firstNames : laterNames).copy(reason.indicator, to: end)
            end = numbers.copy(reason.tenths, to: end)
        }
        if end == start {
            end[0] = 0x2C
            end += 1
        }
        return end
    }

    /// The same for names of which some need quotes.
    private func writeField(
        _ keys: UnsafePointer<Int32>, to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var text: [UInt8] = []
        // SAFETY: as above; the field takes at most `maximumByteCount` of its text.
        for slot in 0..<count {
            guard let reason = Reason(key: keys[slot * ScoreBlock.rowCapacity]) else { break }
            if slot > 0 { text += "; ".utf8 }
            text += names[reason.indicator]
            text += numbers.text(reason.tenths)
        }
        start[0] = 0x2C
        return text.withUnsafeBufferPointer { field.write($0, to: start + 1) }
    }
}

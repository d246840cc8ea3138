/// The words of a column that holds ordered words, and the number that each stands for.
///
/// Words are compared byte by byte after blanks around them are dropped, upper and lower case of ASCII letters alike. A
/// cell that is a number is looked up among `numbers`. The column's cells are the values given here, never the numbers in
/// the file.
public struct WordTable: Sendable, Equatable {
    /// A word or number and what it stands for.
    private struct Entry: Sendable, Equatable {
        var word: [UInt8]
        var value: NumberText
    }

    private var entries: [Entry] = []
    /// A power of two of places, each the number of an entry plus 1 or 0 for none; looked up from the hash on.
    private var slots: [UInt16] = []
    private let numbers: [Double: NumberText]
    /// Decimals that all values have when they are kept as integers; nil if some cannot be.
    let scale: Int?
    /// For each entry its value as an integer of that scale; empty if there is none.
    private var cells: [Int32] = []

    /// A table of different words; of words that differ in case only the first counts.
    ///
    /// - Parameters:
    ///   - words: at most 10,000 words in UTF-8, and what each stands for, a finite number.
    ///   - numbers: numbers that may stand there too, and what each stands for.
    public init(words: [(word: [UInt8], value: Double)], numbers: [(number: Double, value: Double)] = []) {
        precondition(words.count <= 10_000, "\(words.count) words")
        self.numbers = Dictionary(numbers.map { ($0.number, Self.text($0.value)) }) { first, _ in first }
        let texts = words.map { Self.text($0.value) } + self.numbers.values
        var scale: Int? = 0
        for text in texts {
            if case .fixed(_, let decimals) = text { scale = scale.map { max($0, decimals) } } else { scale = nil }
        }
        self.scale = scale
        var size = 16
        while size < 4 * words.count { size *= 2 }
        slots = Array(repeating: 0, count: size)
        for (word, value) in words {
            let folded = word.map(Self.folded)
            guard folded.withUnsafeBufferPointer(place) == nil else { continue }
            entries.append(Entry(word: folded, value: Self.text(value)))
            var slot = folded.withUnsafeBufferPointer(Self.hash) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt16(entries.count)
        }
        cells = entries.compactMap { scaled($0.value) }
        if cells.count < entries.count { cells = [] }
    }

    /// The value of a word as an integer of `scale`; nil for what is no word of the table.
    @inline(__always)
    func cell(_ text: UnsafeBufferPointer<UInt8>) -> Int32? {
        guard !cells.isEmpty, let place = place(text) else { return nil }
        return cells[place]
    }

    /// What a field says: the value of a word or number, missing for an empty one or a null word.
    func value(_ field: UnsafeBufferPointer<UInt8>, _ grammar: NumberGrammar) -> NumberText {
        let text = NumberText.trimmed(field)
        if let place = place(text) { return entries[place].value }
        let number = NumberText.parse(text, grammar)
        switch number {
        case .missing: return .missing
        case .rejected: return .rejected(.unknownWord)
        case .double(let value): return numbers[value] ?? .rejected(.unknownWord)
        case .fixed(let mantissa, let decimals):
            let value = DecimalConversion.value(UInt64(mantissa.magnitude), power: -decimals)
            return numbers[mantissa < 0 ? -value : value] ?? .rejected(.unknownWord)
        }
    }

    /// The entry of a word.
    @inline(__always)
    private func place(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var slot = Self.hash(text) & (slots.count - 1)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            let word = entries[place].word
            if word.count == text.count, text.indices.allSatisfy({ Self.folded(text[$0]) == word[$0] }) {
                return place
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// FNV-1a over the bytes in lower case.
    @inline(__always)
    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt32 = 0x811C_9DC5
        for byte in text { hash = (hash ^ UInt32(folded(byte))) &* 0x0100_0193 }
        return Int(hash ^ (hash >> 15))
    }

    @inline(__always)
    private static func folded(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    private func scaled(_ value: NumberText) -> Int32? {
        guard let scale, case .fixed(let mantissa, let decimals) = value else { return nil }
        var cell = mantissa
        for _ in decimals..<scale {
            let (product, overflow) = cell.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            cell = product
        }
        return cell == .min ? nil : cell
    }

    /// A value with as few decimals as it takes.
    private static func text(_ value: Double) -> NumberText {
        var power = 1.0
        for decimals in 0...ColumnBuilder.scaleLimit {
            let mantissa = (value * power).rounded()
            if abs(mantissa) <= Double(Int32.max), mantissa / power == value {
                return .fixed(mantissa: Int32(mantissa), decimals: decimals)
            }
            power *= 10
        }
        return .double(value)
    }
}

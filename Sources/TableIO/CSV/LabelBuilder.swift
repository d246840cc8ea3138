internal import CXXHash
internal import Tables

/// The texts of one column of the block being parsed, each told by a number of its own.
///
/// Blanks around a text are dropped, as around numbers; the null words of the format and the empty text are missing.
/// Texts are compared byte by byte.
struct LabelBuilder {
    private(set) var codes: [UInt16] = []
    private(set) var texts: [[UInt8]] = [[]]
    private(set) var isOverfull = false
    private let nullWords: [[UInt8]]
    /// For each slot the hash of a text and its code; the code 0 with a hash is a null word's.
    private var hashes = [UInt64](repeating: 0, count: 64)
    private var slotCodes = [UInt16](repeating: 0, count: 64)
    private var slotTexts = [[UInt8]](repeating: [], count: 64)
    private var usedCount = 0

    init(nullWords: [[UInt8]]) { self.nullWords = nullWords }

    mutating func removeAll() {
        codes.removeAll(keepingCapacity: true)
        guard usedCount > 0 || isOverfull else { return }
        texts = [[]]
        isOverfull = false
        usedCount = 0
        hashes = [UInt64](repeating: 0, count: 64)
        slotCodes = [UInt16](repeating: 0, count: 64)
        slotTexts = [[UInt8]](repeating: [], count: 64)
    }

    var column: LabelColumn { LabelColumn(codes: codes, texts: texts, isOverfull: isOverfull) }

    /// Adds the texts of one field of the indexed records.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ index: FieldIndex, field: Int, recordCount: Int) {
        let first = codes.count
        codes.append(contentsOf: repeatElement(0, count: recordCount))
        var last: (hash: UInt64, code: UInt16) = (0, 0)
        for record in 0..<recordCount {
            var text = UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: field)])
            if text.first == UInt8(ascii: "\"") {
                let content = BlockParser.unquoted(text)
                codes[first + record] = content.withUnsafeBufferPointer { code(of: NumberText.trimmed($0)) }
                continue
            }
            if let head = text.first, head <= 0x20 || text[text.count - 1] <= 0x20 { text = NumberText.trimmed(text) }
            guard let start = text.baseAddress, text.count > 0 else { continue }
            // Of at most eight bytes the word is the text itself, so the same word again needs no look.
            if text.count <= 8 {
                // SAFETY: blocks are readable 64 bytes beyond their end.
                let word =
                    UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
                    & (UInt64.max &>> UInt64(64 - 8 * text.count))
                if word != last.hash { last = (word, code(of: text)) }
                codes[first + record] = last.code
            } else {
                codes[first + record] = code(of: text)
            }
        }
    }

    /// The code of a text, a new one for a new text.
    private mutating func code(of text: UnsafeBufferPointer<UInt8>) -> UInt16 {
        guard let start = text.baseAddress, text.count > 0 else { return 0 }
        // SAFETY: the function reads `count` bytes from the start. 0 marks a free slot.
        let hash = max(1, XXH3_64bits(start, text.count))
        var slot = Int(truncatingIfNeeded: hash) & (hashes.count - 1)
        while hashes[slot] != 0 {
            if hashes[slot] == hash, slotTexts[slot].elementsEqual(text) { return slotCodes[slot] }
            slot = (slot + 1) & (hashes.count - 1)
        }
        return insert(Array(text), hash: hash, at: slot)
    }

    private mutating func insert(_ text: [UInt8], hash: UInt64, at slot: Int) -> UInt16 {
        let isNull = nullWords.contains { $0 == text }
        if !isNull, texts.count == LabelColumn.textLimit {
            isOverfull = true
            return 0
        }
        let code = isNull ? 0 : UInt16(texts.count)
        if !isNull { texts.append(text) }
        (hashes[slot], slotCodes[slot], slotTexts[slot]) = (hash, code, text)
        usedCount += 1
        if usedCount * 2 > hashes.count { grow() }
        return code
    }

    private mutating func grow() {
        let old = (hashes, slotCodes, slotTexts)
        let count = hashes.count * 2
        hashes = [UInt64](repeating: 0, count: count)
        slotCodes = [UInt16](repeating: 0, count: count)
        slotTexts = [[UInt8]](repeating: [], count: count)
        for place in old.0.indices where old.0[place] != 0 {
            var slot = Int(truncatingIfNeeded: old.0[place]) & (count - 1)
            while hashes[slot] != 0 { slot = (slot + 1) & (count - 1) }
            (hashes[slot], slotCodes[slot], slotTexts[slot]) = (old.0[place], old.1[place], old.2[place])
        }
    }

    /// Keeps the rows whose flag is false, in order.
    mutating func remove(where isRejected: [Bool]) {
        var kept = 0
        for row in codes.indices where !isRejected[row] {
            codes[kept] = codes[row]
            kept += 1
        }
        codes.removeLast(codes.count - kept)
    }
}

/// Numbers in place of ids: most logs have ids that are the same few bytes, or none, and then digits.
///
/// An id is cut before its last digits, of which 16 count at most, into a head and a number. The code of d digits with
/// the value v is (10^d - 1) / 9 + v, so that different digits, leading zeros too, have different codes. Ids with the
/// head of the log are kept as codes, and all others as they are; which head that is decides nothing but time.
///
/// A code is divided into a part of the log, seven bits, and the rest above them: the part is the low bits, changed by
/// what the rest and the head say, so that no pattern of numbers falls into one part, and part and rest tell the code.
struct IdentifierCodes: Sendable {
    /// In the place of the code of an id with another head.
    static let none = UInt64.max
    static let partBits: UInt64 = 7
    private static let digitLimit = 16
    private static let headLimit = 8

    private let head: [UInt8]
    private let headWord: UInt64
    private let headMask: UInt64
    private let headPart: UInt64

    /// Codes for ids with a head of at most eight bytes, the last no digit.
    init(head: [UInt8]) {
        precondition(Self.isHead(head[...]), "\(head) is no head")
        self.head = head
        headMask = head.isEmpty ? 0 : UInt64.max >> UInt64(64 - 8 * head.count)
        headWord = head.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        headPart = head.withUnsafeBufferPointer { Self.part(ofHead: $0) }
    }

    /// Codes for the head that most of some ids have; nil where there is none.
    init?(sampling identifiers: UnsafeBufferPointer<UInt8>, ends: [UInt32]) {
        var heads: [(head: [UInt8], count: Int)] = []
        let step = max(1, ends.count / 64)
        var sampleCount = 0
        for row in stride(from: 0, to: ends.count, by: step) {
            let id = identifiers[(row == 0 ? 0 : Int(ends[row - 1]))..<Int(ends[row])]
            let head = id[..<(id.endIndex - Self.digitCount(UnsafeBufferPointer(rebasing: id)))]
            sampleCount += 1
            if let place = heads.firstIndex(where: { $0.head.elementsEqual(head) }) {
                heads[place].count += 1
            } else {
                heads.append((Array(head), 1))
            }
        }
        guard let best = heads.max(by: { $0.count < $1.count }), 2 * best.count >= sampleCount,
            Self.isHead(best.head[...])
        else { return nil }
        self.init(head: best.head)
    }

    private static func isHead(_ head: ArraySlice<UInt8>) -> Bool {
        head.count <= headLimit && !(head.last.map { $0 &- 0x30 <= 9 } ?? false)
    }

    private static func digitCount(_ id: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        while count < min(digitLimit, id.count), id[id.count - 1 - count] &- 0x30 <= 9 { count += 1 }
        return count
    }

    /// The part that an id belongs to, whatever the head of the log.
    static func part(of id: UnsafeBufferPointer<UInt8>) -> Int {
        let count = digitCount(id)
        let head = UnsafeBufferPointer(rebasing: id[..<(id.count - count)])
        return part(
            ofCode: code(UnsafeBufferPointer(rebasing: id[(id.count - count)...])), part(ofHead: head))
    }

    /// As `part(of:)` for an id among others: eight bytes at a time where the bytes around it can be read.
    static func part(_ bytes: UnsafeBufferPointer<UInt8>, _ id: Range<Int>) -> Int {
        guard id.upperBound >= 16, id.lowerBound + 8 <= bytes.count else {
            return part(of: UnsafeBufferPointer(rebasing: bytes[id]))
        }
        let raw = UnsafeRawBufferPointer(bytes)
        // SAFETY: all three loads lie inside the bytes, as was checked.
        let low = raw.loadUnaligned(fromByteOffset: id.upperBound - 8, as: UInt64.self)
        let high = raw.loadUnaligned(fromByteOffset: id.upperBound - 16, as: UInt64.self)
        let first = raw.loadUnaligned(fromByteOffset: id.lowerBound, as: UInt64.self).littleEndian
        var count = EightDigits.lastCount(low)
        if count == 8 { count += EightDigits.lastCount(high) }
        count = min(count, id.count)
        let headCount = id.count - count
        let code =
            repunits[count] &+ EightDigits.value(EightDigits(count: max(count - 8, 0)).padded(high))
            &* 100_000_000
            &+ EightDigits.value(EightDigits(count: min(count, 8)).padded(low))
        guard headCount <= 8 else {
            let head = UnsafeBufferPointer(rebasing: bytes[id.lowerBound..<id.lowerBound + headCount])
            return part(ofCode: code, part(ofHead: head))
        }
        if headCount == 0 { return part(ofCode: code, 0) }
        let head = folded(UInt64(headCount), first & (UInt64.max >> UInt64(64 - 8 * headCount)))
        return part(ofCode: code, head & (1 << partBits - 1))
    }

    /// The part of a code.
    @inline(__always)
    func part(ofCode code: UInt64) -> Int { Self.part(ofCode: code, headPart) }

    /// What is left of a code when the part is known.
    @inline(__always)
    static func rest(ofCode code: UInt64) -> UInt64 { code &>> partBits }

    /// The code of a part's rest.
    func code(ofRest rest: UInt64, part: Int) -> UInt64 {
        rest << Self.partBits | (UInt64(part) ^ Self.folded(rest) ^ headPart)
    }

    @inline(__always)
    private static func folded(_ rest: UInt64) -> UInt64 {
        (rest &* 0x9E37_79B9_7F4A_7C15) &>> (64 - partBits)
    }

    @inline(__always)
    private static func part(ofCode code: UInt64, _ headPart: UInt64) -> Int {
        Int(truncatingIfNeeded: (code ^ folded(code &>> partBits) ^ headPart) & (1 &<< partBits - 1))
    }

    private static func part(ofHead head: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(head.count)
        guard head.count >= 8 else {
            if head.isEmpty { return 0 }
            return folded(hash, head.reversed().reduce(0) { $0 << 8 | UInt64($1) }) & (1 << partBits - 1)
        }
        let raw = UnsafeRawBufferPointer(head)
        // SAFETY: eight bytes from each place lie inside the head; the last word may overlap the one before.
        for place in stride(from: 0, to: head.count - 8, by: 8) {
            hash = folded(hash, raw.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian)
        }
        hash = folded(hash, raw.loadUnaligned(fromByteOffset: head.count - 8, as: UInt64.self).littleEndian)
        return hash & (1 << partBits - 1)
    }

    @inline(__always)
    private static func folded(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }

    /// The code of at most 16 digits.
    private static func code(_ digits: UnsafeBufferPointer<UInt8>) -> UInt64 {
        repunits[digits.count] + digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
    }

    /// (10^d - 1) / 9 for d digits.
    private static let repunits: [UInt64] = (0...digitLimit + 1).reduce(into: []) { units, count in
        units.append(count == 0 ? 0 : units[count - 1] * 10 + 1)
    }

    /// Codes of ids, `none` for those with another head; says how many these are, and all bits that codes have.
    func encode(
        _ bytes: UnsafePointer<UInt8>, byteCount: Int, ends: UnsafePointer<UInt32>, count: Int,
        into codes: UnsafeMutablePointer<UInt64>
    ) -> (otherCount: Int, bits: UInt64) {
        let headCount = head.count
        var (otherCount, bits) = (0, UInt64(0))
        var digits = EightDigits(count: 0)
        var leadingDigits = EightDigits(count: 0)
        var (digitCount, shortest) = (-1, UInt64(0))
        var start = 0
        for row in 0..<count {
            let end = Int(ends[row])
            let found = end - start - headCount
            var code = Self.none
            if UInt(bitPattern: found) <= UInt(Self.digitLimit) {
                if found != digitCount {
                    digitCount = found
                    shortest = Self.repunits[found]
                    digits = EightDigits(count: min(found, 8))
                    leadingDigits = EightDigits(count: max(found - 8, 0))
                }
                if end >= 16, start + 8 <= byteCount {
                    // SAFETY: the loads lie inside the bytes, as was checked.
                    let first = UnsafeRawPointer(bytes + start).loadUnaligned(as: UInt64.self).littleEndian
                    let low = digits.padded(UnsafeRawPointer(bytes + end - 8).loadUnaligned(as: UInt64.self))
                    let high = leadingDigits.padded(
                        UnsafeRawPointer(bytes + end - 16).loadUnaligned(as: UInt64.self))
                    let wrong =
                        ((first & headMask) ^ headWord) | EightDigits.wrongBits(low)
                        | EightDigits.wrongBits(high)
                    if wrong == 0 {
                        code =
                            shortest &+ EightDigits.value(high) &* 100_000_000 &+ EightDigits.value(low)
                    }
                } else {
                    code = exactCode(UnsafeBufferPointer(start: bytes + start, count: end - start))
                }
            }
            codes[row] = code
            if code == Self.none { otherCount &+= 1 } else { bits |= code }
            start = end
        }
        return (otherCount, bits)
    }

    private func exactCode(_ id: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let digitCount = Self.digitCount(id)
        guard id.count - digitCount == head.count, id[..<head.count].elementsEqual(head) else {
            return Self.none
        }
        return Self.code(UnsafeBufferPointer(rebasing: id[head.count...]))
    }

    /// The number of digits that a code stands for.
    static func digitCount(ofCode code: UInt64) -> Int {
        var count = 0
        while code >= repunits[count + 1] { count += 1 }
        return count
    }

    /// Appends the id that a code stands for.
    func append(idOf code: UInt64, to bytes: inout [UInt8]) {
        let digitCount = Self.digitCount(ofCode: code)
        bytes.append(contentsOf: head)
        let end = bytes.count + digitCount
        bytes.append(contentsOf: repeatElement(0x30, count: digitCount))
        var value = code - Self.repunits[digitCount]
        var place = end
        while value > 0 {
            place -= 1
            bytes[place] = 0x30 + UInt8(truncatingIfNeeded: value % 10)
            value /= 10
        }
    }
}

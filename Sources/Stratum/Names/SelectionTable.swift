/// The first of several selections that each customer belongs to, by codes.
///
/// Each code carries the selections that admit it as bits; what is left over all kinds begins with the one that counts.
struct SelectionTable: Sendable {
    /// Codes of some rows, of one kind.
    enum Codes {
        case narrow(UnsafePointer<UInt8>)
        case wide(UnsafePointer<UInt16>)
    }

    private let count: Int
    /// For each kind that some selection asks for: its place, and for each group of 64 and code the selections admitted.
    private let kinds: [(place: Int, masks: [[UInt64]])]

    /// - Parameter kinds: each kind's name and, by code, the names that a customer with it goes by.
    init(_ selections: [Plan.Selection], kinds: [(name: String, names: [[String]])]) {
        count = selections.count
        let groupCount = (selections.count + 63) / 64
        func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
        self.kinds = kinds.enumerated().compactMap { place, kind in
            let terms = selections.map { $0.terms.first { isSame($0.kind, kind.name) } }
            guard terms.contains(where: { $0 != nil }) else { return nil }
            let masks = (0..<groupCount).map { group in
                kind.names.map { names in
                    (group * 64..<min(selections.count, group * 64 + 64)).reduce(UInt64(0)) { bits, index in
                        let isIn = terms[index]?.names.contains { name in names.contains { isSame($0, name) } }
                        return isIn ?? true ? bits | 1 << UInt64(index % 64) : bits
                    }
                }
            }
            return (place, masks)
        }
    }

    /// Writes the place of the first selection of each row; the number of selections where none is.
    ///
    /// - Parameters:
    ///   - codes: for each kind the rows' codes.
    ///   - result: room for as many.
    func match(_ codes: [Codes], into result: UnsafeMutableBufferPointer<UInt8>) {
        var left = [UInt64](repeating: 0, count: result.count)
        for row in result.indices { result[row] = UInt8(count) }
        // Groups from the last on, so that the first has the last word.
        for group in (0..<(count + 63) / 64).reversed() {
            let size = min(64, count - group * 64)
            let all = size == 64 ? UInt64.max : (1 << UInt64(size)) - 1
            for row in left.indices { left[row] = all }
            for (place, masks) in kinds {
                // SAFETY: callers give as many codes of each kind as there is room in `result`.
                switch codes[place] {
                case .narrow(let codes): for row in left.indices { left[row] &= masks[group][Int(codes[row])] }
                case .wide(let codes): for row in left.indices { left[row] &= masks[group][Int(codes[row])] }
                }
            }
            for row in left.indices where left[row] != 0 {
                result[row] = UInt8(group * 64 + left[row].trailingZeroBitCount)
            }
        }
    }
}

/// Codes of texts as a log has them when all rows are in: as they came, or in the order of their keys, which depends on
/// nothing but the texts.
struct CodeOrder: Sendable {
    /// For each field the new code of each code; empty where codes stay as they are.
    let tables: [[Int64]]
    /// For each field the keys that the new codes 1, 2, 3 ... stand for; empty where codes are keys themselves.
    let keys: [[UInt64]]
    /// For each field whether codes are keys, since there are too many texts.
    let areKeys: [Bool]

    init(_ codes: [TextCodes], isOrdered: Bool) {
        areKeys = codes.map { isOrdered && $0.isFull }
        guard isOrdered else {
            tables = codes.map { _ in [] }
            keys = codes.map(\.keys)
            return
        }
        var tables: [[Int64]] = []
        var sortedKeys: [[UInt64]] = []
        for texts in codes {
            let keys = texts.keys
            if texts.isFull {
                tables.append([0] + keys.map { TextCodes.code(ofKey: $0) })
                sortedKeys.append([])
                continue
            }
            let order = keys.indices.sorted { keys[$0] < keys[$1] }
            var table = [Int64](repeating: 0, count: keys.count + 1)
            for (rank, place) in order.enumerated() { table[place + 1] = Int64(rank + 1) }
            tables.append(Self.isIdentity(table) ? [] : table)
            sortedKeys.append(order.map { keys[$0] })
        }
        (self.tables, keys) = (tables, sortedKeys)
    }

    /// For a field the new code of each code of a state, given what codes they are here; empty where all stay.
    func table(ofField field: Int, after codes: [Int64]) -> [Int64] {
        let table = tables[field]
        let composed = codes.map { $0 > 0 && !table.isEmpty ? table[Int($0)] : $0 }
        return Self.isIdentity(composed) ? [] : composed
    }

    private static func isIdentity(_ table: [Int64]) -> Bool {
        table.enumerated().allSatisfy { $1 == Int64($0) }
    }

    /// Exchanges codes; codes below 0 are keys and stay.
    static func recode(_ cells: UnsafeMutablePointer<Int64>, _ count: Int, by table: [Int64]) {
        guard !table.isEmpty else { return }
        table.withUnsafeBufferPointer { table in
            for row in 0..<count where cells[row] > 0 { cells[row] = table[Int(cells[row])] }
        }
    }
}

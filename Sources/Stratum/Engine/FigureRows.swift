import TableIO
import Tables

/// Formats rows of a customer's id, some figures and perhaps a word.
///
/// Zeros at the end of decimals are left out, and a missing value is an empty cell.
struct FigureRows: Sendable {
    /// Some customers: their ids and a value for each in every column; NaN where one has none.
    struct Chunk: Sendable {
        var identifiers: Identifiers
        var columns: [[Double]]
        /// Which word each has; empty for rows without one.
        var words: [UInt8] = []
    }

    private let forms: [FigureForm]
    private let words: TextColumn?
    private let field: CSVField
    /// The header with its line end.
    let header: [UInt8]

    /// - Parameter words: the name of the last column and its words by code.
    init(
        idColumn: String, columns: [(name: String, form: FigureForm)], words: (name: String, texts: [String])? = nil,
        spreadsheetSafe: Bool
    ) {
        forms = columns.map(\.form)
        let field = CSVField(spreadsheetSafe: spreadsheetSafe)
        self.field = field
        self.words = words.map { TextColumn($0.texts.map { field.bytes($0.utf8) }) }
        let names = ([idColumn] + columns.map(\.name) + (words.map { [$0.name] } ?? [])).map { field.bytes($0.utf8) }
        header = Array(names.joined(separator: [UInt8(ascii: ",")])) + [0x0A]
    }

    /// Appends the rows of a chunk.
    func append(_ chunk: Chunk, to buffer: RowBuffer) {
        let rowCount = chunk.identifiers.count
        precondition(chunk.columns.count == forms.count, "\(chunk.columns.count) columns for \(forms.count)")
        precondition(chunk.columns.allSatisfy { $0.count == rowCount }, "columns of other lengths than \(rowCount)")
        let isCompact = chunk.columns.allSatisfy { $0.allSatisfy { !($0.magnitude >= 1e15) } }
        let cellByteCount = 1 + (isCompact ? FixedDecimal.compactByteCount : FixedDecimal.maximumByteCount)
        let rowByteCount =
            forms.count * cellByteCount + CSVField.maximumByteCount(0) + 2 + (words.map { $0.stride } ?? 0)
        let idBytes = chunk.identifiers.bytes
        // SAFETY: the room is what each field of each row may need at most.
        var end = buffer.reserve(rowCount * rowByteCount + 2 * idBytes.count)
        idBytes.withUnsafeBufferPointer { bytes in
            for row in 0..<rowCount {
                end = field.write(UnsafeBufferPointer(rebasing: bytes[chunk.identifiers.range(of: row)]), to: end)
                for (column, form) in forms.enumerated() {
                    end[0] = 0x2C
                    end = form.write(chunk.columns[column][row], to: end + 1)
                }
                if let words {
                    end[0] = 0x2C
                    end = words.copy(Int(chunk.words[row]), to: end + 1)
                }
                end[0] = 0x0A
                end += 1
            }
        }
        buffer.extend(to: end)
    }
}

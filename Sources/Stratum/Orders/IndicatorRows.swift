import Indicators
import TableIO
import Tables

/// Formats the rows of an indicators file.
///
/// Sums have the decimals of the amounts that they are of, so they are exact; quotients have six decimals. Zeros at the
/// end of decimals are left out, and a missing value is an empty cell.
struct IndicatorRows: Sendable {
    private static let ratioDecimals = 6
    private let forms: [FigureForm]
    private let field: CSVField
    /// The header with its line end.
    let header: [UInt8]

    init(_ orders: OrderIntake, idColumn: String, spreadsheetSafe: Bool) {
        let columns = orders.specification.columns(of: orders.customers.layout)
        forms = columns.map { column in
            switch column.kind {
            case .count: .integer
            case .amount: .decimals(orders.customers.amountDecimals)
            case .quantity: .decimals(orders.customers.quantityDecimals)
            case .ratio: .decimals(Self.ratioDecimals)
            }
        }
        let field = CSVField(spreadsheetSafe: spreadsheetSafe)
        self.field = field
        let names = ([idColumn] + columns.map(\.name)).map { field.bytes($0.utf8) }
        header = Array(names.joined(separator: [UInt8(ascii: ",")])) + [0x0A]
    }

    /// Appends the rows of a chunk.
    func append(_ chunk: IndicatorChunk, to buffer: RowBuffer) {
        let rowCount = chunk.identifiers.count
        let isCompact = chunk.values.allSatisfy { !($0.magnitude >= 1e15) }
        let cellByteCount = 1 + (isCompact ? FixedDecimal.compactByteCount : FixedDecimal.maximumByteCount)
        let rowByteCount = forms.count * cellByteCount + CSVField.maximumByteCount(0) + 1
        let idByteCount = chunk.identifiers.bytes.count
        // SAFETY: the room is what each field of each row may need at most.
        var end = buffer.reserve(rowCount * rowByteCount + 2 * idByteCount)
        chunk.identifiers.bytes.withUnsafeBufferPointer { bytes in
            chunk.values.withUnsafeBufferPointer { values in
                for row in 0..<rowCount {
                    end = field.write(UnsafeBufferPointer(rebasing: bytes[chunk.identifiers.range(of: row)]), to: end)
                    for (column, form) in forms.enumerated() {
                        end[0] = 0x2C
                        end = form.write(values[row * forms.count + column], to: end + 1)
                    }
                    end[0] = 0x0A
                    end += 1
                }
            }
        }
        buffer.extend(to: end)
    }
}

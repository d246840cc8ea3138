import Segmentation
import TableIO
import Tables

/// Formats each customer's segment: id, number and name, and where asked the distances to the own and the next centroid.
struct SegmentRows: Sendable {
    /// `,number,name` of each segment.
    private let segmentTexts: TextColumn
    /// `,number` of each segment.
    private let numberTexts: TextColumn
    private let field: CSVField
    private let decimal: FixedDecimal
    private let hasDistances: Bool
    private let hasNext: Bool
    /// The header with its line end.
    let header: [UInt8]

    /// - Parameter names: the names of the segments, one or more.
    init(_ plan: ResolvedPlan, names: [String], hasDistances: Bool, _ options: RunOptions) {
        let field = CSVField(spreadsheetSafe: options.spreadsheetSafe)
        self.field = field
        self.hasDistances = hasDistances
        hasNext = names.count > 1
        decimal = FixedDecimal(decimals: plan.plan.output.decimals)
        let comma: [UInt8] = [UInt8(ascii: ",")]
        segmentTexts = TextColumn(
            names.enumerated().map { comma + Array("\($0.offset + 1)".utf8) + comma + field.bytes($0.element.utf8) })
        numberTexts = TextColumn(names.indices.map { comma + Array("\($0 + 1)".utf8) })
        let titles = ",segment,segment_name" + (hasDistances ? ",distance,next_segment,next_distance" : "")
        header = field.bytes(plan.plan.input.id.utf8) + Array(titles.utf8) + [0x0A]
    }

    /// Appends rows of a batch with the segments that they are in.
    func append(_ rows: Range<Int>, of batch: Batch, segments: ArraySlice<UInt16>, to buffer: RowBuffer) {
        append(rows, batch.identifiers, segments: segments, to: buffer)
    }

    /// The same for ids without a batch.
    func append(_ rows: Range<Int>, _ identifiers: Identifiers, segments: ArraySlice<UInt16>, to buffer: RowBuffer) {
        write(rows, identifiers, to: buffer) { place, start in
            segmentTexts.copy(Int(segments[segments.startIndex + place]), to: start)
        }
    }

    /// The same with distances.
    func append(_ rows: Range<Int>, of batch: Batch, _ distances: CentroidDistances, to buffer: RowBuffer) {
        let comma = UInt8(ascii: ",")
        write(rows, batch.identifiers, to: buffer) { place, start in
            let place = place + distances.own.startIndex
            var end = segmentTexts.copy(Int(distances.segments[place]), to: start)
            end[0] = comma
            end = decimal.writeUnlessMissing(Double(distances.own[place]), to: end + 1)
            guard hasNext else {
                end[0] = comma
                end[1] = comma
                return end + 2
            }
            end = numberTexts.copy(Int(distances.nextSegments[place]), to: end)
            end[0] = comma
            return decimal.writeUnlessMissing(Double(distances.next[place]), to: end + 1)
        }
    }

    private func write(
        _ rows: Range<Int>, _ identifiers: Identifiers, to buffer: RowBuffer,
        cells: (Int, UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>
    ) {
        guard !rows.isEmpty else { return }
        let first = identifiers.range(of: rows.lowerBound).lowerBound
        let idByteCount = identifiers.range(of: rows.upperBound - 1).upperBound - first
        // Distances are below 2^60, which takes no more than a compact number has room for and some digits.
        let rowByteCount = segmentTexts.stride + numberTexts.stride + 2 * FixedDecimal.maximumByteCount + 8
        let start = buffer.reserve(rows.count * (rowByteCount + CSVField.maximumByteCount(0)) + 2 * idByteCount + 16)
        var end = start
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            for row in rows {
                // SAFETY: the room is what each field may need at most, for every row.
                end = field.write(UnsafeBufferPointer(rebasing: bytes[identifiers.range(of: row)]), to: end)
                end = cells(row - rows.lowerBound, end)
                end[0] = 0x0A
                end += 1
            }
        }
        buffer.extend(to: end)
    }
}

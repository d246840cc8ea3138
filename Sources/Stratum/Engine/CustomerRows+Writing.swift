import Scoring
import TableIO
import Tables

extension CustomerRows {
    /// Writes rows cell by cell, each behind the id of its customer.
    func write(
        _ rows: Range<Int>, of identifiers: Identifiers, _ cells: [Cell], _ block: ScoreBlock, to buffer: RowBuffer
    ) {
        let first = identifiers.range(of: rows.lowerBound).lowerBound
        let idByteCount = identifiers.range(of: rows.upperBound - 1).upperBound - first
        let start = buffer.reserve(rows.count * (rowByteLimit + CSVField.maximumByteCount(0)) + 2 * idByteCount + 16)
        var end = start
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            let isPlain = field.isPlain(UnsafeBufferPointer(rebasing: bytes[first..<first + idByteCount]))
            var idStart = first
            identifiers.ends.withUnsafeBufferPointer { ends in
                cells.withUnsafeBufferPointer { cells in
                    for row in rows {
                        // SAFETY: the room is what each field may need at most, for every row; a plain id is copied by
                        // 16 bytes only where the ids of this batch go on so far.
                        let idEnd = Int(ends[row])
                        if isPlain, idEnd - idStart <= 16, idStart + 16 <= bytes.count {
                            UnsafeMutableRawPointer(end).storeBytes(
                                of: UnsafeRawPointer(bytes.baseAddress! + idStart).loadUnaligned(
                                    as: SIMD16<UInt8>.self),
                                as: SIMD16<UInt8>.self)
                            end += idEnd - idStart
                        } else {
                            end = field.write(UnsafeBufferPointer(rebasing: bytes[idStart..<idEnd]), to: end)
                        }
                        idStart = idEnd
                        end = write(cells, ofRow: row - rows.lowerBound, of: block, to: end)
                    }
                }
            }
        }
        buffer.extend(to: end)
    }

    /// Writes the cells of one row of the block, a comma before each, and the end of the line.
    @inline(__always)
    private func write(
        _ cells: UnsafeBufferPointer<Cell>, ofRow row: Int, of block: ScoreBlock, to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var end = start
        // SAFETY: each cell has an element for every row of the block; the room is the caller's.
        for cell in cells {
            switch cell {
            case .scores(let first, let columnCount):
                end = scoreTexts!.write(first + row, columnCount: columnCount, to: end)
            case .number(let values):
                end[0] = 0x2C
                end = decimal.writeUnlessMissing(values[row], to: end + 1)
            case .tier(let codes): end = tierTexts.copy(Int(codes[row]), to: end)
            case .segment(let codes): end = segmentTexts.copy(Int(codes[row]), to: end)
            case .label(let codes, let texts): end = texts.copy(Int(codes[row]), to: end)
            case .figure(let values):
                end[0] = 0x2C
                end = figure.writeUnlessMissing(values[row], to: end + 1)
            case .whole(let values):
                end[0] = 0x2C
                end = whole.writeUnlessMissing(values[row], to: end + 1)
            case .reasonsUp(let keys): end = upTexts.write(keys + row, to: end)
            case .reasonsDown(let keys): end = downTexts.write(keys + row, to: end)
            case .flags(let more):
                let flags = block.flags(ofRow: row).rawValue | (more?[row] ?? 0)
                end = flagTexts.copy(Int(flags), to: end)
            case .count(let counts):
                end[0] = 0x2C
                end = DecimalInteger.write(Int(counts[row]), to: end + 1)
            }
        }
        end[0] = 0x0A
        return end + 1
    }
}

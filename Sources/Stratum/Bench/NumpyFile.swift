// The form is numpy's NEP 1: a magic text, a version, the length of a header, the header as a Python dictionary in
// ASCII, then the values.

import Glibc
import Segmentation
import TableIO

/// A two-dimensional array as `numpy.save` writes it: rows x columns of binary32 or binary64, row-major.
struct NumpyFile {
    let rowCount: Int
    let columnCount: Int
    private let valueByteCount: Int
    private let source: InputSource

    /// Reads the header.
    ///
    /// - Throws: `TableIOError`; `BenchmarkError` of kind `badMatrix` for what is no such array.
    init(source: InputSource) throws {
        self.source = source
        func bad(_ problem: String) -> BenchmarkError { Self.bad(source.path, problem) }
        let start = try Self.read(10, from: source)
        guard start.count == 10, start.starts(with: Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) })) else {
            throw bad("this is not a file of numpy.save")
        }
        var length = Int(start[8]) | Int(start[9]) << 8
        if start[6] > 1 {
            let rest = try Self.read(2, from: source)
            guard rest.count == 2 else { throw bad("it ends inside its header") }
            length |= Int(rest[0]) << 16 | Int(rest[1]) << 24
        }
        guard length <= 1 << 16 else { throw bad("a header of \(length) bytes") }
        let header = String(decoding: try Self.read(length, from: source), as: UTF8.self)
        guard header.utf8.count == length else { throw bad("it ends inside its header") }
        switch Self.text(of: "descr", in: header) {
        case "<f4": valueByteCount = 4
        case "<f8": valueByteCount = 8
        case let type: throw bad("values of type \(type ?? "unknown")")
        }
        guard header.contains("'fortran_order': False") else { throw bad("columns one after the other") }
        let shape = Self.shape(in: header)
        guard shape.count == 2, shape[0] > 0, shape[1] > 0, shape[0] <= 1 << 40, shape[1] <= 1 << 16 else {
            throw bad("a shape of \(shape)")
        }
        (rowCount, columnCount) = (shape[0], shape[1])
    }

    /// The values in a matrix, as they are.
    func matrix() throws -> FeatureMatrix {
        let matrix = try FeatureMatrix(
            rowCount: rowCount, scalings: [FeatureScaling](repeating: .identity, count: columnCount))
        let rowByteCount = columnCount * valueByteCount
        let blockRowCount = max(16, (1 << 20) / rowByteCount)
        var column = [Double](repeating: 0, count: blockRowCount)
        for first in stride(from: 0, to: rowCount, by: blockRowCount) {
            let count = min(blockRowCount, rowCount - first)
            let bytes = try Self.read(count * rowByteCount, from: source)
            guard bytes.count == count * rowByteCount else {
                throw Self.bad(source.path, "it ends after \(first + bytes.count / rowByteCount) of \(rowCount) rows")
            }
            for index in 0..<columnCount {
                for row in 0..<count { column[row] = value(bytes, at: row * rowByteCount + index * valueByteCount) }
                matrix.store(column: index, firstRow: first, values: column[..<count])
            }
        }
        guard try Self.read(1, from: source).isEmpty else { throw Self.bad(source.path, "bytes follow its rows") }
        guard matrix.missingCounts.allSatisfy({ $0 == 0 }), matrix.limitedCounts.allSatisfy({ $0 == 0 }) else {
            throw Self.bad(source.path, "values that are not finite, or beyond 2^50")
        }
        return matrix
    }

    /// The little-endian value at `offset`.
    private func value(_ bytes: [UInt8], at offset: Int) -> Double {
        var bits: UInt64 = 0
        for place in 0..<valueByteCount { bits |= UInt64(bytes[offset + place]) << (8 * UInt64(place)) }
        return valueByteCount == 4 ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
    }

    private static func bad(_ path: String, _ problem: String) -> BenchmarkError {
        BenchmarkError(
            .badMatrix, at: path, problem,
            remedy: "save rows x columns with numpy.save(name, numpy.ascontiguousarray(array, dtype=\"<f4\"))")
    }

    /// The next `count` bytes, fewer at the end.
    private static func read(_ count: Int, from source: InputSource) throws(TableIOError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found: Result<Int, TableIOError> = bytes.withUnsafeMutableBytes { bytes in
            Result { () throws(TableIOError) in try source.read(into: bytes) }
        }
        bytes.removeLast(count - (try found.get()))
        return bytes
    }

    /// The text between quotes that stands under `key`.
    private static func text(of key: String, in header: String) -> String? {
        guard let value = rest(after: key, in: header), value.first == "'" else { return nil }
        return String(value.dropFirst().prefix { $0 != "'" })
    }

    /// The numbers between the parentheses under `shape`; empty if anything else stands there.
    private static func shape(in header: String) -> [Int] {
        guard let value = rest(after: "shape", in: header), value.first == "(" else { return [] }
        let inside = value.dropFirst().prefix { $0 != ")" }
        let parts = inside.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
        let numbers = parts.compactMap { Int($0) }
        return numbers.count == parts.count ? numbers : []
    }

    private static func rest(after key: String, in header: String) -> Substring? {
        let mark = Array("'\(key)':".utf8)
        let bytes = Array(header.utf8)
        guard bytes.count >= mark.count,
            let place = (0...bytes.count - mark.count).first(where: { bytes[$0...].starts(with: mark) })
        else { return nil }
        return Substring(String(decoding: bytes[(place + mark.count)...], as: UTF8.self)).drop { $0 == " " }
    }
}

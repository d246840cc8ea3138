import Foundation
import Testing

@testable import TableIO

struct SpoolFileTests {
    @Test func whatIsWrittenIsReadBackAtAnyOffset() throws {
        let folder = TemporaryFolder()
        let spool = try SpoolFile(folder: folder.path)
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try bytes[50_000...].withUnsafeBytes { bytes in
            try Result { () throws(TableIOError) in try spool.write(bytes, at: 50_000) }.get()
        }
        try bytes[..<50_000].withUnsafeBytes { bytes in
            try Result { () throws(TableIOError) in try spool.write(bytes, at: 0) }.get()
        }
        var read = [UInt8](repeating: 0, count: 60_000)
        try read.withUnsafeMutableBytes { try spool.read(into: $0, at: 30_000) }
        #expect(read == Array(bytes[30_000..<90_000]))
        #expect(throws: TableIOError.self) {
            try read.withUnsafeMutableBytes { try spool.read(into: $0, at: 60_000) }
        }
    }

    @Test func appendedBytesStandWhereTheCallSays() throws {
        let folder = TemporaryFolder()
        let spool = try SpoolFile(folder: folder.path)
        let pieces = (0..<20).map { piece in [UInt8](repeating: UInt8(piece), count: 1_000 * piece) }
        let starts = try pieces.map { piece in
            try piece.withUnsafeBytes { bytes in
                try Result { () throws(TableIOError) in try spool.append(bytes) }.get()
            }
        }
        #expect(starts == pieces.indices.map { place in pieces[..<place].reduce(0) { $0 + $1.count } })
        for (piece, start) in zip(pieces, starts).reversed() {
            var read = [UInt8](repeating: 99, count: piece.count)
            try read.withUnsafeMutableBytes { try spool.read(into: $0, at: start) }
            #expect(read == piece)
        }
    }

    @Test func theFolderStaysEmpty() throws {
        let folder = TemporaryFolder()
        let spool = try SpoolFile(folder: folder.path)
        try [1, 2, 3].withUnsafeBytes { try spool.write($0, at: 0) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        withExtendedLifetime(spool) {}
    }

    @Test func aFolderThatIsNotThereIsNamed() {
        let error = #expect(throws: TableIOError.self) { try SpoolFile(folder: "/nowhere/at/all") }
        #expect(error?.kind == .missingFolder)
        #expect(error?.path == "/nowhere/at/all")
    }

    @Test func aWriteThatFailsIsAnErrorWithTheFolder() throws {
        let folder = TemporaryFolder()
        let spool = try SpoolFile(folder: folder.path)
        // Past what any file system holds; full disks are tried with the command.
        let error = #expect(throws: TableIOError.self) {
            try [UInt8](repeating: 0, count: 9).withUnsafeBytes { try spool.write($0, at: .max - 100) }
        }
        #expect(error?.path == folder.path)
        #expect(error?.detail.contains("bytes of temporary data") == true)
    }

    @Test func temporaryDataLieBesideTheOutput() {
        #expect(SpoolFile.folder(beside: "/a/b/out.csv") == "/a/b")
        #expect(SpoolFile.folder(beside: "out.csv") == ".")
        #expect(SpoolFile.folder(beside: "/out.csv") == "/")
        #expect(SpoolFile.folder(beside: "-") != ".")
        #expect(SpoolFile.folder(beside: "/dev/null") != "/dev")
    }
}

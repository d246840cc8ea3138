import Glibc
import TableIO
import Testing

struct InputSourceTests {
    let folder = TemporaryFolder()

    private func kind(_ path: String) -> TableIOError.Kind? {
        do {
            _ = try InputSource(path: path)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func aPlainFileIsReadAtAnyOffset() throws {
        let bytes = sampleText(byteCount: 10_000)
        let source = try InputSource(path: folder.write(bytes, to: "plain.csv"))
        #expect(source.byteCount == 10_000)
        #expect(source.fileDescriptor != nil)
        #expect(source.compression == .none)
        for (offset, asked) in [(0, 1), (0, 10_000), (9_999, 10), (10_000, 5), (4_321, 1_000)] {
            var buffer = [UInt8](repeating: 0, count: asked)
            let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0, at: offset) }
            #expect(Array(buffer.prefix(count)) == Array(bytes[offset..<min(10_000, offset + asked)]))
        }
        #expect(try source.readAll() == bytes)
        try source.checkUnchanged()
    }

    @Test(arguments: [1, 2, 3, 7, 9, 10, 11, 64, 1000])
    func everySourceGivesTheSameBytesForAnyBufferSize(size: Int) throws {
        let bytes = sampleText(byteCount: 500)
        let path = folder.write(bytes, to: "plain.csv")
        let sources = [
            try InputSource(path: path), try InputSource(bytes: bytes, name: "memory"),
            try pulled(bytes, pieceSize: 1), try pulled(bytes, pieceSize: 13), try pulled(bytes, pieceSize: 500),
        ]
        for source in sources {
            #expect(try source.readAll(bufferSize: size) == bytes)
            #expect(source.rawByteCount == 500)
            #expect(source.checksum == sources[0].checksum)
        }
    }

    @Test func anEmptyInputHasNoBytes() throws {
        let sources = [
            try InputSource(path: folder.write([], to: "empty")), try InputSource(bytes: [], name: "memory"),
            try InputSource(path: "/dev/null"),
        ]
        for source in sources {
            #expect(try source.readAll().isEmpty)
            #expect(source.byteCount == nil)
            try source.checkUnchanged()
        }
    }

    @Test func aFileOfUnknownSizeIsAStream() throws {
        let source = try InputSource(path: "/proc/self/status")
        #expect(source.byteCount == nil)
        #expect(try source.readAll().starts(with: Array("Name:".utf8)))
    }

    @Test func aNamedPipeIsReadToItsEnd() throws {
        let bytes = sampleText(byteCount: 300_000)
        let path = folder.file("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let child = Thread { [bytes] in
            let descriptor = open(path, O_WRONLY)
            var position = 0
            while position < bytes.count {
                position += bytes[position...].withUnsafeBytes {
                    write(descriptor, $0.baseAddress!, min(777, $0.count))
                }
            }
            close(descriptor)
        }
        let source = try InputSource(path: path)
        #expect(source.byteCount == nil && source.identity == nil && source.storedByteCount == nil)
        #expect(try source.readAll() == bytes)
        child.join()
    }

    @Test func stdinFromAFileIsThatFileIfNothingWasReadYet() async throws {
        let bytes = sampleText(byteCount: 1000)
        folder.write(bytes, to: "in.csv")
        await #expect(processExitsWith: .success) { [path = folder.path as String] in
            dup2(open(path + "/in.csv", O_RDONLY), STDIN_FILENO)
            let whole = try InputSource(path: "-")
            precondition(whole.byteCount == 1000)
            let named = try InputSource(path: path + "/in.csv")
            precondition(whole.identity == named.identity)
            try whole.checkUnchanged()
            lseek(STDIN_FILENO, 900, SEEK_SET)
            let rest = try InputSource(path: "-")
            precondition(rest.byteCount == nil)
            let count = try rest.readAll().count
            precondition(count == 100)
            close(STDIN_FILENO)
            do {
                _ = try InputSource(path: "-")
                exit(EXIT_FAILURE)
            } catch {
                exit((error as? TableIOError)?.kind == .cannotOpen ? EXIT_SUCCESS : EXIT_FAILURE)
            }
        }
    }

    @Test func whatCannotBeOpenedIsNamedWithPlaceAndRemedy() throws {
        #expect(kind(folder.file("none.csv")) == .missingFile)
        #expect(kind(folder.write([1], to: "file") + "/under") == .missingFile)
        #expect(kind(folder.path) == .isFolder)
        #expect(kind("") == .invalidPath)
        #expect(kind("a\0b") == .invalidPath)
        let missing = #expect(throws: TableIOError.self) { try InputSource(path: folder.file("none.csv")) }
        #expect(missing?.category == .fileAccess)
        #expect(
            missing?.description == "no such file: \(folder.path)/none.csv. "
                + "Check the path and the folder that the command runs in.")
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func aFileWithoutPermissionIsRefused() {
        let path = folder.write([1], to: "secret")
        chmod(path, 0)
        #expect(kind(path) == .noPermission)
    }

    @Test func otherPackingsAreRefusedByName() throws {
        let starts: [(String, [UInt8])] = [
            ("zip", [0x50, 0x4B, 3, 4, 0, 0]), ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0]),
            ("bzip2", Array("BZh91AY&SY...".utf8)),
        ]
        for (name, bytes) in starts {
            let error = #expect(throws: TableIOError.self) { try InputSource(bytes: bytes, name: "x") }
            #expect(error?.kind == .unsupportedCompression)
            #expect(error?.detail == name)
        }
        #expect(try InputSource(bytes: Array("BZh9,id\n".utf8), name: "x").readAll() == Array("BZh9,id\n".utf8))
    }

    @Test func aFileThatChangesIsNoticed() throws {
        let grown = try InputSource(path: folder.write([1, 2, 3], to: "grown"))
        let file = fopen(folder.file("grown"), "a")!
        fputc(4, file)
        fclose(file)
        #expect(throws: TableIOError(.inputChanged, path: grown.path, detail: "size or time of last writing")) {
            try grown.checkUnchanged()
        }

        let touched = try InputSource(path: folder.write([1, 2, 3], to: "touched"))
        var times = [timespec(tv_sec: 1, tv_nsec: 5), timespec(tv_sec: 1, tv_nsec: 5)]
        utimensat(AT_FDCWD, touched.path, &times, 0)
        #expect(throws: TableIOError.self) { try touched.checkUnchanged() }

        let renamed = try InputSource(path: folder.write([1, 2, 3], to: "renamed"))
        folder.write([1, 2, 3], to: "other")
        rename(folder.file("other"), renamed.path)
        #expect(throws: TableIOError(.inputChanged, path: renamed.path, detail: "another file has the name now")) {
            try renamed.checkUnchanged()
        }
    }

    @Test func everyNameOfAFileHasOneIdentity() throws {
        let path = folder.write([1, 2, 3], to: "a")
        symlink("a", folder.file("b"))
        link(path, folder.file("c"))
        let identity = try #require(try InputSource(path: path).identity)
        #expect(try InputSource(path: folder.file("b")).identity == identity)
        #expect(try InputSource(path: folder.file("c")).identity == identity)
        #expect(try InputSource(path: folder.write([1, 2, 3], to: "d")).identity != identity)
    }

    @Test func aSourceThatOverstatesItsBytesIsRefused() throws {
        let source = #expect(throws: TableIOError.self) {
            try InputSource(name: "liar") { buffer throws(TableIOError) in buffer.count + 1 }
        }
        #expect(source?.kind == .readFailed)
    }

    @Test func controlBytesOfAPathDoNotReachTheTerminal() {
        let error = TableIOError(
            .missingFile, path: "a\u{1B}[31m\n", line: 3, record: 2, column: "\u{202E}x", byteOffset: 9)
        #expect(
            error.description == "no such file: a\\x1B[31m\\x0A, line 3, record 2, column \\xE2\\x80\\xAEx, byte 9. "
                + "Check the path and the folder that the command runs in.")
    }
}

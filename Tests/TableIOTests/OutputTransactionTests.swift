import Glibc
import TableIO
import Testing

struct OutputTransactionTests {
    let folder = TemporaryFolder()

    private func kind(_ body: () throws -> Void) -> TableIOError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? TableIOError)?.kind
        }
    }

    @Test func outputsAppearTogetherAndOnlyAtCommit() throws {
        let transaction = OutputTransaction()
        let first = try transaction.create(folder.file("a.csv"))
        let second = try transaction.create(folder.file("b.csv"))
        try first.append(Array("one\n".utf8))
        try second.append(Array("two\n".utf8))
        try first.append(Array("three\n".utf8))
        #expect(folder.read("a.csv") == nil && folder.read("b.csv") == nil)
        #expect(folder.names.count == 2 && folder.names.allSatisfy { $0.hasSuffix(".tmp") && $0.contains(".stratum-") })
        #expect(first.byteCount == 10)
        #expect(first.checksum == XXH3Tests.checksum(Array("one\nthree\n".utf8)))
        try transaction.commit(last: first)
        #expect(folder.names == ["a.csv", "b.csv"])
        #expect(folder.read("a.csv") == Array("one\nthree\n".utf8))
        #expect(folder.read("b.csv") == Array("two\n".utf8))
    }

    @Test func anAbandonedTransactionLeavesNothing() throws {
        folder.write([7], to: "old.csv")
        do {
            let transaction = OutputTransaction(replacesExisting: true)
            try transaction.createFolder(folder.file("out"))
            try transaction.createFolder(folder.file("out"))
            try transaction.create(folder.file("old.csv")).append([1, 2])
            try transaction.create(folder.file("out/new.csv")).append([3])
            #expect(folder.names.count == 3)
            transaction.abandon()
            transaction.abandon()
        }
        #expect(folder.names == ["old.csv"])
        #expect(folder.read("old.csv") == [7])
        _ = try OutputTransaction().create(folder.file("forgotten.csv"))
        #expect(folder.names == ["old.csv"])
    }

    @Test func anExistingOutputIsReplacedOnlyByForceAndKeepsItsMode() throws {
        let path = folder.write([7, 7], to: "a.csv")
        chmod(path, 0o640)
        #expect(kind { _ = try OutputTransaction().create(path) } == .outputExists)
        let transaction = OutputTransaction(replacesExisting: true)
        try transaction.create(path).append([1])
        #expect(folder.read("a.csv") == [7, 7])
        try transaction.commit()
        #expect(folder.read("a.csv") == [1])
        #expect(folder.names == ["a.csv"])
        var status = stat()
        stat(path, &status)
        #expect(status.st_mode & 0o7777 == 0o640)
    }

    @Test func aNewFileHasTheModeOfTheUmaskAndATemporaryIsPrivate() throws {
        let plain = folder.file("plain")
        close(open(plain, O_CREAT | O_WRONLY, 0o666))
        var status = stat()
        stat(plain, &status)
        let expected = status.st_mode
        let transaction = OutputTransaction()
        _ = try transaction.create(folder.file("a.csv"))
        let temporary = try #require(folder.names.first { $0.hasSuffix(".tmp") })
        stat(folder.file(temporary), &status)
        #expect(status.st_mode & 0o7777 == 0o600)
        try transaction.commit()
        stat(folder.file("a.csv"), &status)
        #expect(status.st_mode == expected)
    }

    @Test func anInputIsNoOutputByAnyName() throws {
        let path = folder.write([1], to: "in.csv")
        symlink("in.csv", folder.file("link.csv"))
        link(path, folder.file("hard.csv"))
        symlink(".", folder.file("here"))
        let inputs = [try #require(try InputSource(path: path).identity)]
        for name in ["in.csv", "link.csv", "hard.csv", "here/in.csv", "./in.csv"] {
            let transaction = OutputTransaction(replacesExisting: true, inputs: inputs)
            #expect(kind { _ = try transaction.create(folder.file(name)) } == .outputIsInput, "\(name)")
        }
    }

    @Test func twoOutputsOfOneNameAreRefused() throws {
        symlink(".", folder.file("here"))
        let transaction = OutputTransaction()
        _ = try transaction.create(folder.file("a.csv"))
        #expect(kind { _ = try transaction.create(folder.file("here/./here//a.csv")) } == .duplicateOutput)
    }

    @Test func aLinkIsWrittenThroughAndStaysALink() throws {
        folder.write([7], to: "real.csv")
        symlink("real.csv", folder.file("link.csv"))
        let transaction = OutputTransaction(replacesExisting: true)
        try transaction.create(folder.file("link.csv")).append([1])
        try transaction.commit()
        #expect(folder.read("real.csv") == [1])
        var status = stat()
        lstat(folder.file("link.csv"), &status)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
        symlink("nowhere", folder.file("dangling.csv"))
        #expect(kind { _ = try OutputTransaction().create(folder.file("dangling.csv")) } == .writeFailed)
    }

    @Test func whatCannotBeAnOutputIsRefusedAtOnce() {
        let transaction = OutputTransaction()
        #expect(kind { _ = try transaction.create(folder.path) } == .isFolder)
        #expect(kind { _ = try transaction.create(folder.file("new/")) } == .isFolder)
        #expect(kind { _ = try transaction.create(folder.file("none/a.csv")) } == .missingFolder)
        #expect(kind { try transaction.createFolder(folder.file("none/out")) } == .missingFolder)
        #expect(kind { _ = try transaction.create("") } == .invalidPath)
        #expect(kind { _ = try transaction.create("a\0b") } == .invalidPath)
        #expect(kind { _ = try transaction.create("/proc/stratum.csv") } != nil)
        #expect(folder.names.isEmpty)
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func aFolderWithoutPermissionIsRefused() {
        chmod(folder.path, 0o500)
        #expect(kind { _ = try OutputTransaction().create(folder.file("a.csv")) } == .noPermission)
        chmod(folder.path, 0o700)
    }

    @Test func aDeviceIsWrittenInPlace() throws {
        let transaction = OutputTransaction()
        let null = try transaction.create("/dev/null")
        try null.append([1, 2, 3])
        #expect(null.byteCount == 3)
        try transaction.commit()
        var status = stat()
        stat("/dev/null", &status)
        #expect(status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test func aFullDiskFailsAndNothingIsCommitted() throws {
        folder.write([7], to: "a.csv")
        let transaction = OutputTransaction(replacesExisting: true)
        try transaction.create(folder.file("a.csv")).append([1])
        let full = try transaction.create("/dev/full")
        #expect(kind { try full.append([1]) } == .noSpace)
        #expect(kind { try full.append([1]) } == .noSpace)
        let error = #expect(throws: TableIOError.self) { try transaction.commit() }
        #expect(error?.category == .fileAccess)
        #expect(
            error?.description == "no space is left for the output: /dev/full, byte 0. "
                + "Free some space, or use another disk.")
        #expect(folder.names == ["a.csv"])
        #expect(folder.read("a.csv") == [7])
    }

    @Test func aReaderThatStoppedIsAQuietError() throws {
        let path = folder.file("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        signal(SIGPIPE, SIG_IGN)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        let transaction = OutputTransaction()
        let pipe = try transaction.create(path)
        try pipe.append([1, 2, 3])
        close(reader)
        let error = #expect(throws: TableIOError.self) { try pipe.append([4]) }
        #expect(error?.kind == .closedPipe)
        #expect(error?.category == .closedPipe)
    }

    @Test func aNameTakenMeanwhileIsRefusedAndAllIsTakenBack() throws {
        folder.write([7], to: "old.csv")
        let transaction = OutputTransaction(replacesExisting: false)
        try transaction.create(folder.file("first.csv")).append([1])
        try transaction.create(folder.file("taken.csv")).append([2])
        folder.write([9], to: "taken.csv")
        #expect(kind { try transaction.commit() } == .outputExists)
        #expect(folder.names == ["old.csv", "taken.csv"])
        #expect(folder.read("taken.csv") == [9])
    }

    @Test func replacedFilesComeBackWhenALaterNameFails() throws {
        folder.write([7], to: "a.csv")
        folder.write([8], to: "b.csv")
        let transaction = OutputTransaction(replacesExisting: true)
        let last = try transaction.create(folder.file("b.csv"))
        try transaction.create(folder.file("a.csv")).append([1])
        try transaction.create(folder.file("new.csv")).append([3])
        try last.append([2])
        unlink(folder.file("b.csv"))
        mkdir(folder.file("b.csv"), 0o700)
        #expect(kind { try transaction.commit(last: last) } == .writeFailed)
        #expect(folder.names == ["a.csv", "b.csv"])
        #expect(folder.read("a.csv") == [7])
    }

    @Test func forceFollowsANameThatComesOrGoesMeanwhile() throws {
        folder.write([7], to: "goes.csv")
        let transaction = OutputTransaction(replacesExisting: true)
        try transaction.create(folder.file("goes.csv")).append([1])
        try transaction.create(folder.file("comes.csv")).append([2])
        unlink(folder.file("goes.csv"))
        folder.write([8], to: "comes.csv")
        try transaction.commit()
        #expect(folder.names == ["comes.csv", "goes.csv"])
        #expect(folder.read("goes.csv") == [1])
        #expect(folder.read("comes.csv") == [2])
    }

    @Test func leftoversOfDeadProcessesAreRemovedAndOthersAreNot() throws {
        let dead = ".a.csv.stratum-2147483647-x.tmp"
        let kept = [
            ".a.csv.stratum-1-x.tmp", ".b.csv.stratum-2147483647-x.tmp", ".a.csv.stratum-zz-x.tmp", "a.csv.tmp",
        ]
        for name in [dead, ".a.csv.stratum-\(getpid())-old.tmp"] + kept { folder.write([1], to: name) }
        // A process in another container has a number that is unknown here, but holds the lock.
        let locked = ".a.csv.stratum-2147483646-y.tmp"
        let descriptor = open(folder.write([1], to: locked), O_RDONLY)
        flock(descriptor, LOCK_EX)
        let other = OutputTransaction()
        _ = try other.create(folder.file("a.csv"))
        let live = folder.names.filter { !kept.contains($0) && $0 != locked }
        #expect(live.count == 1)
        let transaction = OutputTransaction()
        _ = try transaction.create(folder.file("a.csv"))
        #expect(folder.names.contains(live[0]))
        transaction.abandon()
        other.abandon()
        #expect(folder.names == (kept + [locked]).sorted())
        close(descriptor)
    }

    @Test func aNameOf255BytesHasATemporaryToo() throws {
        let name = String(repeating: "客", count: 85)
        let transaction = OutputTransaction()
        try transaction.create(folder.file(name)).append([1])
        try transaction.commit()
        #expect(folder.names == [name])
    }

    @Test func committingWithoutSyncGivesTheSameFiles() throws {
        let bytes = sampleText(byteCount: 40 << 20)
        for isSynced in [false, true] {
            let transaction = OutputTransaction(isSynced: isSynced)
            let output = try transaction.create(folder.file("\(isSynced).csv"))
            for start in stride(from: 0, to: bytes.count, by: 7 << 20) {
                try output.append(Array(bytes[start..<min(bytes.count, start + 7 << 20)]))
            }
            try transaction.commit()
        }
        #expect(folder.read("true.csv") == bytes)
        #expect(folder.read("false.csv") == bytes)
    }

    @Test func aSignalHandlerRemovesTheTemporaries() async throws {
        folder.write([7], to: "a.csv")
        await #expect(processExitsWith: .exitCode(143)) { [path = folder.path as String] in
            signal(SIGTERM) { _ in
                TemporaryFiles.unlinkAll()
                _exit(143)
            }
            let transaction = OutputTransaction(replacesExisting: true)
            for name in ["a.csv", "b.csv", "c.csv"] { try transaction.create(path + "/" + name).append([1]) }
            kill(getpid(), SIGTERM)
            while true { pause() }
        }
        #expect(folder.names == ["a.csv"])
        #expect(folder.read("a.csv") == [7])
    }

    @Test func aKilledProcessLeavesTheOldBytesAndItsTemporaryGoesAtTheNextRun() async throws {
        folder.write([7], to: "a.csv")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
            let transaction = OutputTransaction(replacesExisting: true)
            try transaction.create(path + "/a.csv").append([1])
            kill(getpid(), SIGKILL)
            while true { pause() }
        }
        #expect(folder.names.count == 2)
        #expect(folder.read("a.csv") == [7])
        let transaction = OutputTransaction(replacesExisting: true)
        try transaction.create(folder.file("a.csv")).append([2])
        try transaction.commit()
        #expect(folder.names == ["a.csv"])
        #expect(folder.read("a.csv") == [2])
    }

    @Test func stdoutIsWrittenInPlaceUnlessItIsTheInput() async throws {
        folder.write([7, 7], to: "in.csv")
        await #expect(processExitsWith: .success) { [path = folder.path as String] in
            dup2(open(path + "/out.csv", O_WRONLY | O_CREAT, 0o600), STDOUT_FILENO)
            let transaction = OutputTransaction()
            let output = try transaction.create("-")
            try output.append([1, 2])
            try transaction.commit()
            dup2(open(path + "/in.csv", O_WRONLY | O_APPEND), STDOUT_FILENO)
            let inputs = [try InputSource(path: path + "/in.csv").identity!]
            do {
                _ = try OutputTransaction(inputs: inputs).create("-")
                exit(1)
            } catch {
                exit((error as? TableIOError)?.kind == .outputIsInput ? EXIT_SUCCESS : EXIT_FAILURE)
            }
        }
        #expect(folder.read("out.csv") == [1, 2])
        #expect(folder.read("in.csv") == [7, 7])
    }
}

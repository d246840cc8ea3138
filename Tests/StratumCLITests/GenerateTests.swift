import Foundation
import Testing

/// `stratum generate` as a process: outputs, statuses, signals.
struct GenerateTests {
    @Test func sameBytesForAnyThreadsAndForFileAndPipe() throws {
        let folder = try Folder()
        let piped = try Tool.run("generate", "--customers", "40000", "--threads", "1", "-o", "-")
        #expect(piped.status == 0)
        for threads in ["2", "7"] {
            let written = try Tool.run(
                "generate", "--customers", "40000", "--threads", threads, "-o", "c\(threads).csv", in: folder)
            #expect(written.status == 0)
            #expect(try folder.read("c\(threads).csv") == piped.output)
        }
        #expect(piped.text.split(separator: "\n").count == 40_001)
    }

    @Test func anOutputThatExistsIsKeptUnlessForced() throws {
        let folder = try Folder()
        try folder.write("precious\n", to: "c.csv")
        let refused = try Tool.run("generate", "--customers", "10", "-o", "c.csv", in: folder)
        #expect(refused.status == 4)
        #expect(
            refused.errors == "stratum: the output exists already: c.csv. "
                + "Choose another name, or pass --force to replace it.\n")
        #expect(try folder.read("c.csv") == Array("precious\n".utf8))
        let forced = try Tool.run("generate", "--customers", "10", "-o", "c.csv", "--force", in: folder)
        #expect(forced.status == 0)
        #expect(try folder.read("c.csv").starts(with: Array("customer_id,".utf8)))
        #expect(try folder.names() == ["c.csv"])
    }

    @Test func aFullDiskIsStatus4() throws {
        let outcome = try Tool.run("generate", "--customers", "10", "-o", "/dev/full")
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("no space is left for the output"))
        #expect(outcome.errors.contains("/dev/full"))
    }

    @Test func aMissingFolderIsStatus4() throws {
        let outcome = try Tool.run("generate", "--customers", "10", "-o", "nowhere/c.csv", in: try Folder())
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("nowhere/c.csv"))
    }

    @Test func aClosedPipeIsQuiet() throws {
        let outcome = try Tool.shell(
            "stratum generate --customers 1000000 -o - | head -1; echo ${PIPESTATUS[0]}", in: try Folder())
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.first?.hasPrefix("customer_id,") == true)
        #expect(lines.last == "141")
        #expect(outcome.errors.isEmpty)
    }

    @Test func quietSaysNothing() throws {
        let outcome = try Tool.run("generate", "--customers", "10", "--quiet", "-o", "-")
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func aSignalLeavesNoHalfFile(signal: Int32, status: Int32) throws {
        let folder = try Folder()
        try folder.write("old\n", to: "c.csv")
        let running = try Tool.start(["generate", "--customers", "100000000", "--force", "-o", "c.csv"], in: folder)
        // Wait for the temporary file: then the work is under way.
        var waited = 0
        while try folder.names().count < 2, waited < 200 {
            usleep(20_000)
            waited += 1
        }
        #expect(try folder.names().count == 2)
        kill(running.process.processIdentifier, signal)
        let outcome = try Tool.finish(running)
        #expect(outcome.status == status)
        #expect(try folder.names() == ["c.csv"])
        #expect(try folder.read("c.csv") == Array("old\n".utf8))
    }
}

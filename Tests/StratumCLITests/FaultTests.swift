import Foundation
import Testing

/// System calls that fail, signals at any moment, full disks, slow and changing inputs: each output name holds the old
/// bytes or the complete new ones, nothing is left behind, and the status says what happened.
@Suite(.enabled(if: Tracer.isUsable, "strace cannot attach here: faults are not injected"))
struct InjectedFaultTests {
    private static let kinds = ["openat", "read", "pread64", "write", "fsync", "renameat2", "close", "fchmod", "dup"]
    private static let command = "run plan.yaml c.csv -o out -f -q --threads 1"

    /// Every call of the job fails once: the disk, a full disk, a signal that interrupts.
    @Test(arguments: ["EIO", "ENOSPC", "EINTR"])
    func aCallThatFailsLeavesAllOrNothing(error: String) throws {
        let scene = try FaultScene()
        let calls = try Tracer.calls(Self.kinds, Self.command, in: scene)
        var count = 0
        for (kind, numbers) in calls.sorted(by: { $0.key < $1.key }) {
            if error == "ENOSPC", ["read", "pread64", "close"].contains(kind) { continue }
            let step = Tracer.sweepsAll ? 1 : 3
            for number in stride(from: numbers.lowerBound + count % step, through: numbers.upperBound, by: step) {
                try scene.reset()
                let fault = "\(kind) number \(number): \(error)"
                let outcome = try Tracer.run(
                    "-e trace=\(kind) -e inject=\(kind):error=\(error):when=\(number)", Self.command, in: scene)
                // What a signal interrupts is done again.
                try scene.expectAllOrNothing(outcome, failing: error == "EINTR" ? [] : [4], fault)
                if outcome.status != 0 { #expect(outcome.errors.hasPrefix("stratum: "), "\(fault): \(outcome.errors)") }
                count += 1
            }
        }
        #expect(count >= (Tracer.sweepsAll ? 30 : 12))
        print("fault sweep: \(count) calls failed by \(error)")
    }

    /// The thread that reads ahead of the parser carries its failure over.
    @Test(arguments: ["EIO", "EINTR"])
    func aReadOfACompressedInputThatFailsLeavesAllOrNothing(error: String) throws {
        let scene = try FaultScene()
        // The main thread looks at the first bytes, the other one takes the rest and sees the end: each counts for itself.
        for number in 1...2 {
            try scene.reset()
            let outcome = try Tracer.run(
                "-P c.csv.gz -e trace=read -e inject=read:error=\(error):when=\(number)",
                "run plan.yaml c.csv.gz -o out -f -q --threads 2", in: scene)
            try scene.expectAllOrNothing(outcome, failing: error == "EINTR" ? [] : [4], "read \(number): \(error)")
            if error == "EIO" { #expect(outcome.status == 4) }
        }
    }

    /// Killed at a call of the commit, nothing is torn; the next run takes away what was left.
    @Test(arguments: ["KILL", "TERM"])
    func anEndAtAnyStepOfTheCommitTearsNothing(signal: String) throws {
        let scene = try FaultScene()
        let kinds = ["write", "fsync", "renameat2"]
        let calls = try Tracer.calls(["openat"] + kinds, Self.command, in: scene)
        for kind in kinds {
            let numbers = try #require(calls[kind])
            for number in stride(from: numbers.lowerBound, through: numbers.upperBound, by: Tracer.sweepsAll ? 1 : 2) {
                try scene.reset()
                let fault = "SIG\(signal) at \(kind) number \(number)"
                let outcome = try Tracer.run(
                    "-e trace=\(kind) -e inject=\(kind):signal=\(signal):when=\(number)", Self.command, in: scene)
                #expect(outcome.status == (signal == "KILL" ? 137 : 143), "\(fault): \(outcome.status)")
                try scene.expectEachWhole(fault)
                if signal == "KILL" {
                    let next = try Tool.shell("stratum \(Self.command)", in: scene.folder)
                    #expect(next.status == 0, "\(fault): \(next.errors)")
                    #expect(try scene.isNew(), "\(fault)")
                }
                #expect(try scene.leftovers().isEmpty, "\(fault)")
            }
        }
    }

    /// While names are given, a file of an earlier run goes, and digests are made.
    @Test(arguments: ["EIO", "EINTR"])
    func aCallThatFailsWhileAnEarlierOutputGoesLeavesAllOrNothing(error: String) throws {
        let scene = try FaultScene()
        let command = Self.command + " --sha256"
        let calls = try Tracer.calls(["openat", "renameat2", "fsync"], command, in: scene)
        var count = 0
        for kind in ["renameat2", "fsync"] {
            let numbers = try #require(calls[kind])
            // Three calls more than without an earlier output.
            for number in numbers.lowerBound...numbers.upperBound + 3 {
                try scene.reset()
                try scene.folder.write([7], to: "out/scores.csv.gz")
                let fault = "\(kind) number \(number): \(error)"
                let outcome = try Tracer.run(
                    "-e trace=\(kind) -e inject=\(kind):error=\(error):when=\(number)", command, in: scene)
                let earlier = try scene.leftovers()
                #expect(earlier == (outcome.status == 0 ? [] : ["scores.csv.gz"]), "\(fault): \(earlier)")
                try? FileManager.default.removeItem(at: scene.folder.url("out/scores.csv.gz"))
                try scene.expectAllOrNothing(outcome, failing: error == "EINTR" ? [] : [4], fault)
                count += outcome.status == 0 ? 0 : 1
            }
        }
        #expect(error == "EINTR" ? count == 0 : count > 10)
    }

    @Test(arguments: ["printf 'C9,1,2\\n' >> c.csv", "truncate -s 5000 c.csv", "cp c.csv d.csv; mv d.csv c.csv"])
    func anInputThatChangesWhileItIsReadIsFatal(change: String) throws {
        let scene = try FaultScene()
        // The first read waits a second; the outputs are open then, and the input has been looked at.
        let outcome = try Tool.shell(
            """
            strace -f -qq -o /dev/null -P c.csv -e trace=pread64 \
                -e inject=pread64:delay_enter=1000000:when=1 \
                '\(Tool.path)' \(Self.command) &
            until ls -A out | grep -q '^.summary.json.stratum'; do sleep 0.01; done
            \(change)
            wait $!
            """, in: scene.folder)
        #expect(outcome.status == 4, "\(change): \(outcome.errors)")
        #expect(outcome.errors.contains("the input changed while it was read"), "\(change): \(outcome.errors)")
        try scene.expectAllOrNothing(outcome, failing: [4], change)
    }
}

/// Faults that need no tracer.
struct FaultTests {
    /// Signals after delays that a seed names, from the start of the process to beyond its end.
    @Test(arguments: [SIGKILL, SIGTERM, SIGINT, SIGHUP])
    func aSignalAtAnyMomentTearsNothing(signal: Int32) throws {
        let scene = try FaultScene(customerCount: 20_000)
        var generator = Seeded(state: UInt64(signal))
        for _ in 0..<(Tracer.sweepsAll ? 200 : 6) {
            try scene.reset()
            let delay = UInt32(generator.next() % 120_000)
            let fault = "signal \(signal) after \(delay) µs"
            let running = try Tool.start(["run", "plan.yaml", "c.csv", "-o", "out", "-f", "-q"], in: scene.folder)
            usleep(delay)
            kill(running.process.processIdentifier, signal)
            let outcome = try Tool.finish(running)
            #expect([0, 128 + signal].contains(outcome.status), "\(fault): \(outcome.status) \(outcome.errors)")
            try scene.expectEachWhole(fault)
            if signal == SIGKILL {
                #expect(try Tool.shell("stratum run plan.yaml c.csv -o out -f -q", in: scene.folder).status == 0)
                #expect(try scene.isNew(), "\(fault)")
            }
            let leftovers = try scene.leftovers()
            #expect(leftovers.isEmpty, "\(fault): \(leftovers)")
        }
    }

    @Test func aFullDiskIsToldAndLeavesNothing() throws {
        let scene = try FaultScene(customerCount: 3_000)
        let device = try Tool.shell("stratum score new/model.json c.csv -q -o /dev/full", in: scene.folder)
        #expect(device.status == 4)
        #expect(device.errors.contains("no space is left"), "\(device.errors)")
        let stdout = try Tool.shell("stratum score new/model.json c.csv -q -o - > /dev/full", in: scene.folder)
        #expect(stdout.status == 4)
        #expect(stdout.errors.contains("no space is left"), "\(stdout.errors)")
        let mounted = try Tool.shell("mkdir small && mount -t tmpfs -o size=64k tmpfs small", in: scene.folder)
        guard mounted.status == 0 else { return print("no small disk can be mounted here: /dev/full alone was tried") }
        defer { _ = try? Tool.shell("umount small", in: scene.folder) }
        for command in [
            "run plan.yaml c.csv -q -o small/out", "run plan.yaml c.csv -q -o small/out --compress gz",
            "score new/model.json c.csv -q -o small/scores.csv", "generate --customers 3000 -q -o small/c.csv",
        ] {
            let outcome = try Tool.shell("stratum \(command)", in: scene.folder)
            #expect(outcome.status == 4, "\(command): \(outcome.errors)")
            #expect(outcome.errors.contains("no space is left"), "\(command): \(outcome.errors)")
            #expect(try Tool.shell("ls -A small", in: scene.folder).text.isEmpty, "\(command)")
        }
    }

    @Test(arguments: ["c.csv", "c.csv.gz"])
    func aSlowPipeGivesTheSameBytes(input: String) throws {
        let scene = try FaultScene()
        #expect(try Tool.shell("mkfifo pipe", in: scene.folder).status == 0)
        let bytes = try scene.folder.read(input)
        var generator = Seeded(state: 3)
        for largest in [1, 64, 4096] {
            // Byte by byte, a part of them is slow enough.
            let slowed = largest == 1 ? 2_000 : bytes.count
            let running = try Tool.start(
                ["run", "plan.yaml", "pipe", "-o", "slow", "-f", "-q"], in: scene.folder)
            let pipe = try FileHandle(forWritingTo: scene.folder.url("pipe"))
            var position = 0
            while position < bytes.count {
                let count = position < slowed ? 1 + Int(generator.next() % UInt64(largest)) : bytes.count
                let end = min(bytes.count, position + count)
                try pipe.write(contentsOf: bytes[position..<end])
                position = end
            }
            try pipe.close()
            let outcome = try Tool.finish(running)
            #expect(outcome.status == 0, "\(outcome.errors)")
            for name in ["scores.csv", "tiers.csv", "segments.csv"] {
                #expect(try scene.folder.read("slow/" + name) == scene.folder.read("new/" + name), "\(name) \(largest)")
            }
        }
    }

    @Test func neitherLocaleNorTimeZoneChangesAByte() throws {
        let scene = try FaultScene()
        for environment in ["LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8", "TZ=Asia/Kathmandu", "LC_ALL=tr_TR.UTF-8 TZ=UTC+14"]
        {
            try scene.reset()
            let outcome = try Tool.shell(
                "export \(environment); stratum run plan.yaml c.csv -o out -f -q", in: scene.folder)
            #expect(outcome.status == 0, "\(environment): \(outcome.errors)")
            #expect(try scene.isNew(), "\(environment)")
        }
    }
}

/// Knuth's linear congruential generator (MMIX), its upper bits.
private struct Seeded {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}

import Foundation
import Testing

/// `stratum segment --stream` as a user runs it.
struct StreamTests {
    private static let command = "stratum segment plan.yaml"

    private static func prepared(customers: Int = 5_000) throws -> Folder {
        let folder = try Folder()
        let made = try Tool.shell(
            """
            stratum plan > plan.yaml
            stratum generate --customers \(customers) -q -o c.csv
            gzip -kn c.csv
            stratum generate --customers \(customers) -q -o c.csv.zst
            \(command) c.csv -q -o whole.csv
            """, in: folder)
        #expect(made.status == 0, "\(made.errors)")
        return folder
    }

    @Test func anyFormOfTheInputGivesTheBytesOfARunInMemory() throws {
        let folder = try Self.prepared()
        for (input, options) in [
            ("c.csv", "--threads 1"), ("c.csv", "--threads 7"), ("c.csv.gz", "--threads 2"), ("c.csv.zst", ""),
            ("- < c.csv", ""), ("- < c.csv.gz", ""), ("c.csv", "--spill-folder /tmp"),
        ] {
            let outcome = try Tool.shell(
                "\(Self.command) \(input) --stream \(options) -q -f -o streamed.csv && cmp streamed.csv whole.csv",
                in: folder)
            #expect(outcome.status == 0, "\(input) \(options): \(outcome.errors)\(outcome.text)")
        }
        let piped = try Tool.shell("\(Self.command) c.csv --stream -q -o - | cmp - whole.csv", in: folder)
        #expect(piped.status == 0, "\(piped.errors)\(piped.text)")
        #expect(try !folder.names().contains { $0.hasSuffix(".tmp") })
    }

    @Test func whereMemoryDoesNotSufficeTheRemedyNamesStream() throws {
        let folder = try Self.prepared()
        let refused = try Tool.shell("\(Self.command) c.csv -q -f -o s.csv --mem-limit 2M", in: folder)
        #expect(refused.status == 6)
        #expect(refused.errors.contains("stratum segment --stream"), "\(refused.errors)")
    }

    @Test func miniBatchesNeedNoSecondRunToBeTheSame() throws {
        let folder = try Self.prepared()
        let outcome = try Tool.shell(
            """
            set -e
            \(Self.command) c.csv --stream --mini-batch 512 --threads 1 -q -o a.csv
            \(Self.command) c.csv --stream --mini-batch 512 --threads 7 -q -o b.csv
            cmp a.csv b.csv
            [ $(wc -l < a.csv) = 5001 ]
            """, in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)\(outcome.text)")
    }

    @Test(arguments: [
        "--mini-batch 512", "--spill-folder .", "--stream --exact-iterations 2", "--stream --mini-batch 15",
        "--stream --mini-batch 512 --exact-iterations=-1", "--apply model.json --stream",
    ])
    func optionsThatMakeNoSenseAreRefused(options: String) throws {
        let outcome = try Tool.shell("\(Self.command) none.csv -o s.csv \(options)", in: try Folder())
        #expect(outcome.status == 2, "\(outcome.errors)")
    }

    @Test(arguments: ["--k 2...4", "--minimum-share 2%", "--weight order_count", "--distances"])
    func whatNeedsTheCustomersInMemoryIsRefusedWithThePlaceAndTheRemedy(options: String) throws {
        let outcome = try Tool.shell(
            "stratum plan > plan.yaml && \(Self.command) none.csv --stream \(options) -o s.csv", in: try Folder())
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("in memory"), "\(outcome.errors)")
        #expect(outcome.errors.contains("without --stream"), "\(outcome.errors)")
    }

    /// A disk that is full from one of the writes to temporary files on: an error with the folder, and nothing left.
    @Test(.enabled(if: Tracer.isUsable), arguments: [1, 8, 14])
    func aFullDiskIsAnErrorAndNothingIsLeft(number: Int) throws {
        let folder = try Self.prepared()
        let before = try folder.names()
        let outcome = try Tool.shell(
            """
            exec strace -f -qq -o /dev/null -e trace=pwrite64 -e inject=pwrite64:error=ENOSPC:when=\(number)+ \
            '\(Tool.path)' segment plan.yaml c.csv --stream --threads 1 -q -o s.csv
            """, in: folder)
        #expect(outcome.status == 4, "\(outcome.errors)")
        #expect(outcome.errors.contains("no space is left"), "\(outcome.errors)")
        #expect(outcome.errors.contains("temporary data"), "\(outcome.errors)")
        #expect(try folder.names() == before)
    }

    /// Killed between any two calls, temporary data are gone with the process; the next run removes its output's rest.
    @Test(.enabled(if: Tracer.isUsable), arguments: ["pwrite64:signal=KILL:when=9", "pwrite64:signal=TERM:when=14"])
    func anEndInTheMiddleLeavesNoTemporaryData(fault: String) throws {
        let folder = try Self.prepared()
        let before = try folder.names()
        let outcome = try Tool.shell(
            """
            exec strace -f -qq -o /dev/null -e trace=pwrite64 -e inject=\(fault) \
            '\(Tool.path)' segment plan.yaml c.csv --stream -q -o s.csv
            """, in: folder)
        #expect([137, 143].contains(outcome.status), "\(outcome.status): \(outcome.errors)")
        let left = try folder.names().filter { !before.contains($0) && !$0.hasPrefix(".s.csv.stratum-") }
        #expect(left == [])
        let next = try Tool.shell("\(Self.command) c.csv --stream -q -o s.csv && cmp s.csv whole.csv", in: folder)
        #expect(next.status == 0, "\(next.errors)\(next.text)")
        #expect(try folder.names() == (before + ["s.csv"]).sorted())
    }
}

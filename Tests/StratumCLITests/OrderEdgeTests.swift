import Foundation
import Testing

/// Amounts and states at the edges, through the command.
struct OrderEdgeTests {
    private static let columns = "--id id --date day --amount amount --as-of 2024-12-31 -q"

    private static func folder(_ files: [String: [String]]) throws -> Folder {
        let folder = try Folder()
        for (name, amounts) in files {
            let rows = amounts.enumerated().map { "a,2024-01-\(10 + $0),\($1)\n" }
            try folder.write("id,day,amount\n" + rows.joined(), to: name)
        }
        return folder
    }

    @Test func amountsThatNoSumCouldHoldAreRejected() throws {
        let folder = try Self.folder(["o.csv": ["1e308", "1e308", "-1e151", "1e150", "5"]])
        let outcome = try Tool.shell(
            "stratum indicators \(Self.columns) --max-rejects 3 --windows 3 --history o.csv -o out.csv --rejects r.csv",
            in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let rejects = String(decoding: try folder.read("r.csv"), as: UTF8.self)
        #expect(rejects.split(separator: "\n").count { $0.contains("out_of_domain") } == 3)
        let strict = try Tool.shell("stratum indicators \(Self.columns) o.csv -o out2.csv", in: folder)
        #expect(strict.status == 3)
    }

    @Test func spendsThatNoValueCouldHoldAreRejected() throws {
        let (orders, cohort) = (try LifetimeVerbTests.folder(), try Folder())
        try orders.write("id,frequency,recency,T,fee\nk,3,4,9,1e308\nl,3,4,9,12\n", to: "big.csv")
        try cohort.write("year,left\n0,100\n1,86.9\n2,74.3\n3,65.3\n4,59.3\n", to: "c.csv")
        try cohort.write("id,renewals,left,fee\nk,2,0,-1e308\nl,2,0,12\n", to: "big.csv")
        let predict = "--monetary fee --id id --horizon 30y --max-rejects 1 big.csv -o - -q --rejects r.csv"
        let histories = try Tool.shell(
            "stratum lifetime fit \(LifetimeVerbTests.columns) orders.csv -o m.json -q > fit && "
                + "stratum lifetime predict m.json --histories \(predict)", in: orders)
        let contracts = try Tool.shell(
            "stratum lifetime fit --contracts --survivors left --id year --time-unit year c.csv -o m.json -q > fit && "
                + "stratum lifetime predict m.json --contracts \(predict)", in: cohort)
        for (outcome, folder) in [(histories, orders), (contracts, cohort)] {
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.text.split(separator: "\n").map { $0.split(separator: ",")[0] } == ["id", "l"])
            #expect(String(decoding: try folder.read("r.csv"), as: UTF8.self).contains("out_of_domain"))
        }
    }

    @Test func amountsThatAreNoDecimalsDoNotTouchTheOthersOfAState() throws {
        let nights = [["1234567890.13", "0.123456789", "-1234567890.13"], ["33.333333333333336"]]
        let folder = try Self.folder(["1.csv": nights[0], "2.csv": nights[1], "all.csv": nights[0] + nights[1]])
        let outcome = try Tool.shell(
            "stratum indicators \(Self.columns) 1.csv --state s -o a.csv && stratum indicators \(Self.columns) 2.csv "
                + "--state s -o b.csv && sed s/2024-01-13/2024-01-10/ all.csv > same.csv && "
                + "stratum indicators \(Self.columns) same.csv -o c.csv && cmp b.csv c.csv && cut -d, -f11 c.csv",
            in: folder)
        #expect(
            outcome.status == 0 && outcome.text == "refund_amount\n1234567890.13\n", "\(outcome.errors)\(outcome.text)")
    }

    @Test func statesOfOtherReleasesAndCopiesOfAFileAreTold() throws {
        let folder = try Self.folder(["1.csv": ["1", "2"], "2.csv": ["1", "2"]])
        try folder.write("stratum order log, version 1\nsomething", to: "old")
        let old = try Tool.shell("stratum indicators \(Self.columns) 1.csv --state old -o a.csv", in: folder)
        #expect(old.status == 5 && old.errors.contains("another release"), "\(old.errors)")
        let twice = try Tool.shell("stratum indicators \(Self.columns) 1.csv 2.csv --state s -o a.csv", in: folder)
        #expect(twice.status == 5 && twice.errors.contains("count twice"), "\(twice.errors)")
        #expect(try folder.names() == ["1.csv", "2.csv", "old"])
    }
}

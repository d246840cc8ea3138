import Foundation
import Testing

/// `stratum lifetime` on contracts and on opportunities, as a user runs it.
struct ContractVerbTests {
    private static func values(_ summary: [String: Any]) throws -> (parameters: [Double], logLikelihood: Double) {
        let lifetime = try #require(summary["lifetime"] as? [String: Any])
        let parameters = (lifetime["parameters"] as? [[String: Any]] ?? []).compactMap { $0["value"] as? Double }
        return (parameters, try #require(lifetime["log_likelihood"] as? Double))
    }

    private static let survivors = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1]

    @Test func theCommandGivesTheHighEndSegmentOfFaderAndHardie2007() throws {
        let folder = try Folder()
        let rows = Self.survivors.enumerated().map { "\($0),\($1)\n" }.joined()
        try folder.write("year,customers\n" + rows, to: "cohort.csv")
        let outcome = try Tool.shell(
            "stratum lifetime fit --contracts --id year --survivors customers --time-unit year cohort.csv "
                + "-o model.json --json", in: folder)
        let parameters = try Self.values(LifetimeVerbTests.json(outcome)).parameters
        #expect(parameters.count == 2 && abs(parameters[0] - 0.668) <= 5e-4 && abs(parameters[1] - 3.806) <= 5e-4)
        try folder.write("id,renewals,left,fee\na,0,0,100\nb,3,0,50\nc,3,1,100\nd,7,0,\n", to: "customers.csv")
        let told = try Tool.shell(
            "stratum lifetime predict model.json --contracts --id id --monetary fee --horizon 2y "
                + "--discount-rate 10%/year --margin 50% customers.csv -o -", in: folder)
        #expect(told.status == 0, "\(told.errors)")
        let lines = told.text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).dropFirst().map { Double($0) }
        }
        for (line, (renewals, fee)) in [(1, (0.0, 100.0)), (2, (3, 50))] {
            func rate(_ period: Double) -> Double {
                (parameters[1] + period - 1) / (parameters[0] + parameters[1] + period - 1)
            }
            let (first, second) = (rate(renewals + 1), rate(renewals + 1) * rate(renewals + 2))
            let expected = [first, second, first + second, fee * 0.5 * (first / 1.1 + second / 1.21)]
            for (value, wanted) in zip(lines[line], expected) { #expect(abs((value ?? .nan) - wanted) <= 2e-6) }
        }
        #expect(lines[3] == [0, 0, 0, 0])
        #expect(lines[4][0] != nil && lines[4][3] == nil)
    }

    @Test func aRowACustomerGivesTheFitOfTheirCohort() throws {
        let folder = try Folder()
        let left = [13, 12, 9, 6]
        var (number, customers, cohort) = (0, "id,renewals,left\n", "year,customers\n0,100\n")
        for (renewals, count) in left.enumerated() {
            for _ in 0..<count { (number, customers) = (number + 1, customers + "\(number),\(renewals),1\n") }
            cohort += "\(renewals + 1),\(100 - number)\n"
        }
        for _ in number..<100 { (number, customers) = (number + 1, customers + "\(number),\(left.count),0\n") }
        try folder.write(customers, to: "customers.csv")
        try folder.write(cohort, to: "cohort.csv")
        let one = try Tool.shell(
            "stratum lifetime fit --contracts --model sbg --id id --time-unit month customers.csv -o a.json --json",
            in: folder)
        let other = try Tool.shell(
            "stratum lifetime fit --contracts --id year --survivors customers --time-unit month cohort.csv "
                + "-o b.json --json", in: folder)
        let (a, b) = (try Self.values(LifetimeVerbTests.json(one)), try Self.values(LifetimeVerbTests.json(other)))
        #expect(zip(a.parameters, b.parameters).allSatisfy { abs($0 - $1) <= 1e-6 * $1 })
        #expect(abs(a.logLikelihood - b.logLikelihood) <= 1e-9 * abs(b.logLikelihood))
    }

    @Test func theCommandGivesTheDonationsOfFaderHardieAndShang2010() throws {
        let folder = try Folder()
        // Supporters by purchases and the last opportunity with one, of six.
        let donations = [
            (0, 0, 3464), (1, 1, 1091), (1, 2, 277), (1, 3, 129), (1, 4, 78), (1, 5, 119), (1, 6, 129), (2, 2, 613),
            (2, 3, 255), (2, 4, 155), (2, 5, 173), (2, 6, 234), (3, 3, 322), (3, 4, 181), (3, 5, 225), (3, 6, 357),
            (4, 4, 240), (4, 5, 284), (4, 6, 512), (5, 5, 335), (5, 6, 728), (6, 6, 1203),
        ]
        var (number, table) = (0, "id,frequency,recency,T\n")
        for (x, last, count) in donations {
            for _ in 0..<count { (number, table) = (number + 1, table + "\(number),\(x),\(last),6\n") }
        }
        try folder.write(table, to: "donations.csv")
        let outcome = try Tool.shell(
            "stratum lifetime fit --histories --model bg-bb --id id --time-unit year donations.csv -o m.json --json",
            in: folder)
        let fit = try Self.values(LifetimeVerbTests.json(outcome))
        #expect(zip(fit.parameters, [1.204, 0.750, 0.657, 2.783]).allSatisfy { abs($0 - $1) <= 5e-4 })
        #expect(fit.parameters.count == 4 && abs(fit.logLikelihood - -33_225.6) <= 0.05)
        let told = try Tool.shell(
            "stratum lifetime predict m.json --histories --id id --horizon 5y donations.csv -o -", in: folder)
        let lines = told.text.split(separator: "\n")
        #expect(told.status == 0 && lines.count == 11_105)
        #expect(lines[11_104].hasPrefix("11103,1,3.75"))
    }

    @Test func whatIsNoContractAndNoOpportunityIsToldWithItsCustomer() throws {
        let folder = try Folder()
        try folder.write("id,renewals,left\na,1,0\nb,1.5,0\n", to: "half.csv")
        try folder.write("id,frequency,recency,T\na,1,1.5,6\nb,2,3,6\n", to: "histories.csv")
        for line in [
            "fit --contracts --id id --time-unit year half.csv -o m.json",
            "fit --histories --model bg-bb --id id --time-unit year histories.csv -o m.json",
        ] {
            let outcome = try Tool.shell("stratum lifetime \(line)", in: folder)
            #expect(outcome.status == 3)
            #expect(
                outcome.errors.contains(line.contains("half") ? "customer 'b'" : "customer 'a'"), "\(outcome.errors)")
        }
        #expect(try !folder.names().contains("m.json"))
    }

    @Test func aModelOfAnotherKindIsNamed() throws {
        let folder = try Folder()
        let rows = Self.survivors.enumerated().map { "\($0),\($1)\n" }.joined()
        try folder.write("year,customers\n" + rows, to: "customers.csv")
        let fit = try Tool.shell(
            "stratum lifetime fit --contracts --id year --survivors customers --time-unit year customers.csv -o m.json",
            in: folder)
        #expect(fit.status == 0, "\(fit.errors)")
        let outcome = try Tool.shell(
            "stratum lifetime predict m.json --histories --id year --horizon 1y customers.csv -o o.csv", in: folder)
        #expect(outcome.status == 5 && outcome.errors.contains("add --contracts"), "\(outcome.errors)")
    }
}

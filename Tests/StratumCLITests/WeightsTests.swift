import Foundation
import Testing

/// `stratum weights` as a process.
struct WeightsTests {
    private func scene() throws -> Folder {
        let folder = try Folder()
        #expect(try Tool.run("generate", "--customers", "2000", "-o", "c.csv", "-q", in: folder).status == 0)
        let plan = try Tool.run("plan", in: folder)
        try folder.write(plan.output, to: "p.yaml")
        return folder
    }

    @Test func theTableHasALineAnIndicatorAndAColumnAMethod() throws {
        let folder = try scene()
        let outcome = try Tool.run("weights", "p.yaml", "c.csv", in: folder)
        #expect(outcome.status == 0)
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.first?.hasPrefix("indicator") == true)
        #expect(lines.count == 14)
        for method in ["given", "equal", "entropy", "critic", "merec", "pca"] {
            #expect(lines.first?.contains(method) == true)
        }
        #expect(lines.last?.hasPrefix("leave top") == true)
        #expect(outcome.errors.contains("2,000 rows read, none rejected"))
    }

    @Test func theCSVHasWeightsThatSumToOneInsideTheirIntervals() throws {
        let folder = try scene()
        let arguments = ["weights", "p.yaml", "c.csv", "--bootstrap", "50", "--outcome", "nps", "-o", "w.csv", "-q"]
        #expect(try Tool.run(arguments, in: folder).status == 0)
        let rows = String(decoding: try folder.read("w.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(Set(rows.map { $0[0] }).isSuperset(of: ["given", "entropy", "critic", "leastSquares"]))
        for method in Set(rows.map { $0[0] }) {
            let weights = rows.filter { $0[0] == method }.compactMap { Double($0[3]) }
            #expect(weights.count == 12)
            #expect(abs(weights.reduce(0, +) - 1) < 1e-9)
        }
        for row in rows where row[0] == "critic" {
            let (weight, low, high) = (Double(row[3]) ?? .nan, Double(row[4]) ?? .nan, Double(row[5]) ?? .nan)
            #expect(low <= high)
            #expect(abs(weight - (low + high) / 2) < 0.05)
        }
    }

    @Test func mistakesAreToldWithTheirStatus() throws {
        let folder = try scene()
        let many = try Tool.run("weights", "p.yaml", "c.csv", "--bootstrap", "-1", in: folder)
        #expect(many.status == 2)
        let missing = try Tool.run("weights", "p.yaml", "c.csv", "--outcome", "nobody", in: folder)
        #expect(missing.status == 3)
        #expect(missing.errors.contains("nobody"))
    }
}

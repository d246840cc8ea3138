import ArgumentParser
import Foundation
import Segmentation
import Stratum

/// Whole numbers with commas between, each plain, with an exponent or a range: `4,8,16`, `1e6,2.5e6`, `2...12`.
struct CountListArgument: Equatable, ExpressibleByArgument {
    let counts: [Int]

    /// More than any grid that ends today.
    private static let limit = 10_000

    init?(argument: String) {
        var counts: [Int] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "...", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = Self.count(ends[0]) else { return nil }
            guard ends.count == 2 else {
                counts.append(first)
                continue
            }
            guard let last = Self.count(ends[1]), last >= first, last - first < Self.limit else { return nil }
            counts += Array(first...last)
        }
        guard counts.count <= Self.limit else { return nil }
        self.counts = counts
    }

    /// A whole number above 0: digits, or a decimal with an exponent that leaves no fraction.
    private static func count(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || ".eE+".utf8.contains($0) }) else {
            return nil
        }
        if let count = Int(text) { return count > 0 ? count : nil }
        guard let value = Double(text), let count = Int(exactly: value), count > 0, value <= 1e15 else { return nil }
        return count
    }
}

/// `--max-slower 10%`.
struct PercentArgument: Equatable, ExpressibleByArgument {
    let share: Double

    init?(argument: String) {
        let digits = argument.dropLast()
        guard argument.hasSuffix("%"), !digits.isEmpty,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }), let percent = Double(digits)
        else { return nil }
        share = percent / 100
    }
}

/// `--seeding`: ways to start, with commas between.
struct SeedingsArgument: Equatable, ExpressibleByArgument {
    static let allValueStrings = choices.map(\.word)
    let seedings: [KMeansSeeding]

    private static let choices: [KMeansSeeding] = [.greedyKMeansPlusPlus, .kMeansPlusPlus, .kMeansParallel, .random]

    init?(argument: String) {
        var seedings: [KMeansSeeding] = []
        for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let seeding = Self.choices.first(where: { $0.word.utf8.elementsEqual(word.utf8) }) else { return nil }
            seedings.append(seeding)
        }
        self.seedings = seedings
    }
}

/// `--algorithm`: algorithms with commas between, or `all`.
struct AlgorithmsArgument: Equatable, ExpressibleByArgument {
    static let allValueStrings = KMeansAlgorithm.allCases.map(\.rawValue) + ["all"]
    let algorithms: [KMeansAlgorithm]

    init?(argument: String) {
        if argument == "all" {
            algorithms = KMeansAlgorithm.allCases
            return
        }
        var algorithms: [KMeansAlgorithm] = []
        for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let algorithm = KMeansAlgorithm(rawValue: String(word)) else { return nil }
            algorithms.append(algorithm)
        }
        self.algorithms = algorithms
    }
}

/// `--distribution`.
enum DistributionArgument: String, ExpressibleByArgument, CaseIterable {
    case clustered, uniform

    var distribution: GeneratedRows.Distribution { self == .clustered ? .clustered : .uniform }
}

/// What results are written as.
enum BenchFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv

    /// The form that a file's name asks for; a table unless it ends in .json or .csv.
    init(path: String) {
        let lowered = path.lowercased()
        self = lowered.hasSuffix(".json") ? .json : lowered.hasSuffix(".csv") ? .csv : .table
    }
}

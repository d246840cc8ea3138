import ArgumentParser
import Segmentation
import Stratum

/// `--k 6` or `--k 2...12`.
struct CountsArgument: Equatable, ExpressibleByArgument {
    let counts: ClosedRange<Int>

    init?(argument: String) {
        guard let counts = Plan.Segments.counts(argument), counts.lowerBound >= 1, counts.upperBound <= 10_000 else {
            return nil
        }
        self.counts = counts
    }
}

/// `--criterion`, in the words of the command line.
enum CriterionArgument: String, ExpressibleByArgument, CaseIterable {
    case silhouette
    case calinskiHarabasz = "calinski-harabasz"
    case daviesBouldin = "davies-bouldin"
    case knee, gap

    var criterion: ClusterCountCriterion {
        switch self {
        case .silhouette: .silhouette
        case .calinskiHarabasz: .calinskiHarabasz
        case .daviesBouldin: .daviesBouldin
        case .knee: .knee
        case .gap: .gap
        }
    }
}

/// `--scaling`.
enum ScalingArgument: String, ExpressibleByArgument, CaseIterable {
    case z, robust, none

    var features: Plan.Features {
        switch self {
        case .z: .zScore
        case .robust: .robust
        case .none: .unscaled
        }
    }
}

/// `--seeding`.
enum SeedingArgument: String, ExpressibleByArgument, CaseIterable {
    case greedy
    case plusPlus = "plus-plus"
    case parallel, random

    var seeding: Plan.Seeding {
        switch self {
        case .greedy: .greedyKMeansPlusPlus
        case .plusPlus: .kMeansPlusPlus
        case .parallel: .kMeansParallel
        case .random: .random
        }
    }
}

/// A share: `2%` or `0.02`.
struct ShareArgument: Equatable, ExpressibleByArgument {
    let share: Double

    init?(argument: String) {
        let isPercentage = argument.utf8.last == UInt8(ascii: "%")
        guard let number = decimal(isPercentage ? argument.dropLast() : argument[...]) else { return nil }
        share = isPercentage ? number / 100 : number
        guard share < 1 else { return nil }
    }
}

/// `--algorithm`.
struct AlgorithmArgument: Equatable, ExpressibleByArgument {
    static let allValueStrings = KMeansAlgorithm.allCases.map(\.rawValue)
    let algorithm: KMeansAlgorithm

    init?(argument: String) {
        guard let algorithm = KMeansAlgorithm(rawValue: argument) else { return nil }
        self.algorithm = algorithm
    }
}

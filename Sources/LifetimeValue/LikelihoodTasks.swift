import RealModule
import VectorMath

/// A population cut into tasks for the workers: runs of histories with one frequency each.
///
/// Tasks depend on the histories alone, and their sums are added in their order.
struct LikelihoodTasks: Sendable {
    struct Run: Sendable {
        let frequency: Double
        let histories: Range<Int>
    }

    let recencies: [Double]
    let ages: [Double]
    let counts: [Double]
    private let tasks: [[Run]]

    private static let historiesPerTask = 8_192

    /// Every `stride`-th history of a population, with times multiplied by `timeFactor`.
    init(_ population: PurchasePopulation, timeFactor: Double = 1, stride step: Int = 1) {
        let isWhole = step == 1
        var recencies: [Double] = []
        var ages: [Double] = []
        var counts: [Double] = []
        var tasks: [[Run]] = []
        var task: [Run] = []
        var room = LikelihoodTasks.historiesPerTask
        var end = 0
        if !isWhole {
            let capacity = population.distinctCount / step + 1
            recencies.reserveCapacity(capacity)
            ages.reserveCapacity(capacity)
            counts.reserveCapacity(capacity)
        }
        for group in population.groups {
            var start = end
            if isWhole {
                end += group.histories.count
            } else {
                // The next multiple of the step; rounding up is within the range of Int as indices are of 32 bits.
                let first = (group.histories.lowerBound + step - 1) / step * step
                for history in Swift.stride(from: first, to: group.histories.upperBound, by: step) {
                    recencies.append(population.recencies[history] * timeFactor)
                    ages.append(population.ages[history] * timeFactor)
                    counts.append(population.counts[history])
                }
                end = ages.count
            }
            while start < end {
                let length = min(room, end - start)
                task.append(Run(frequency: Double(group.frequency), histories: start..<start + length))
                start += length
                room -= length
                if room == 0 {
                    tasks.append(task)
                    (task, room) = ([], LikelihoodTasks.historiesPerTask)
                }
            }
        }
        if !task.isEmpty { tasks.append(task) }
        func scaled(_ times: [Double]) -> [Double] { timeFactor == 1 ? times : times.map { $0 * timeFactor } }
        self.recencies = isWhole ? scaled(population.recencies) : recencies
        self.ages = isWhole ? scaled(population.ages) : ages
        self.counts = isWhole ? population.counts : counts
        self.tasks = tasks
    }

    /// The log-likelihood with its derivatives by the parameters, over all customers.
    ///
    /// Without what depends on k alone (`LifetimeFamily.regularityTerm`).
    func evaluate(_ family: LifetimeFamily, _ parameters: [Double], workers: Workers) -> Evaluation {
        let sums = workers.map(chunkCount: tasks.count) { task in
            tasks[task].reduce(into: LikelihoodSum()) { sum, run in
                sum.add(
                    family == .paretoNBD
                        ? paretoTerms(run, ParetoParameters(parameters))
                        : betaGeometricTerms(run, BetaGeometricParameters(family, parameters)))
            }
        }
        let sum = sums.reduce(into: LikelihoodSum()) { $0.add($1) }
        return Evaluation(
            value: sum.value, gradient: parameters.indices.map { sum.gradient[$0] })
    }
}

/// A log-likelihood with its derivatives by up to four parameters.
struct LikelihoodSum: Sendable {
    var value = 0.0
    var gradient = SIMD4<Double>()

    mutating func add(_ other: LikelihoodSum) {
        value += other.value
        gradient += other.gradient
    }
}

extension LifetimeFamily {
    /// What the log-likelihood of Erlang-k times has beside the terms with parameters; 0 for k = 1.
    ///
    /// With all times between purchases known, (k - 1) sum ln(time) - x ln (k - 1)!. With only t_x known, the density
    /// of t_x as the sum of x Erlang times, over that for k = 1: so models with different k compare, on fewer data.
    func regularityTerm(_ population: PurchasePopulation) -> Double {
        let k = Double(regularity)
        guard regularity > 1 else { return 0 }
        if let logIntervalSum = population.logIntervalSum {
            return (k - 1) * logIntervalSum - population.repeatPurchaseCount * logGamma(k)
        }
        return population.groups.lazy.filter { $0.frequency > 0 }.reduce(0) { sum, group in
            let x = Double(group.frequency)
            let logs = group.histories.reduce(0.0) {
                $0 + population.counts[$1] * Double.log(population.recencies[$1])
            }
            return sum + (k - 1) * x * logs - population.customerCount(of: group)
                * logGammaIncrease(from: x, by: (k - 1) * x)
        }
    }
}

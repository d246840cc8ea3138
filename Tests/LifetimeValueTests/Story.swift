import LifetimeValue
import VectorMath

/// One customer as the story of a model tells it: purchases until the customer leaves.
struct SimulatedCustomer {
    var frequency = 0
    var recency = 0.0
    var isAlive = true
    /// Purchases after the age and within the horizon.
    var laterPurchases = 0

    init(
        _ family: LifetimeFamily, _ parameters: [Double], age: Double, horizon: Double,
        random: inout RandomGenerator
    ) {
        let rate = random.nextGamma(shape: parameters[0], rate: parameters[1])
        let dropout: Double
        var end = Double.infinity
        switch family {
        case .nbd: dropout = 0
        case .paretoNBD:
            dropout = 0
            end = random.nextExponential(rate: max(random.nextGamma(shape: parameters[2], rate: parameters[3]), 1e-12))
        default: dropout = random.nextBeta(parameters[2], parameters[3])
        }
        let isModified = family.description.hasPrefix("MBG")
        if isModified, random.nextUniform() < dropout { end = 0 }
        var time = 0.0
        while end > 0 {
            for _ in 0..<family.regularity { time += random.nextExponential(rate: max(rate, 1e-9)) }
            if time > min(end, age + horizon) { break }
            if time <= age {
                frequency += 1
                recency = time
            } else {
                laterPurchases += 1
            }
            if random.nextUniform() < dropout { end = time }
        }
        isAlive = end > age
    }
}

/// Customers of a model's story with ages of 20 to 60, with everyone's own age.
func simulatedPopulation(
    _ family: LifetimeFamily, customers: Int, seed: UInt64, parameters: [Double]? = nil
) throws -> PurchasePopulation {
    var random = RandomGenerator(seed: seed)
    var (frequencies, recencies, ages): ([Int], [Double], [Double]) = ([], [], [])
    for _ in 0..<customers {
        let age = 20 + 40 * random.nextUniform()
        let customer = SimulatedCustomer(
            family, parameters ?? typicalParameters(family), age: age, horizon: 0, random: &random)
        frequencies.append(customer.frequency)
        recencies.append(customer.recency)
        ages.append(age)
    }
    return try PurchasePopulation(
        frequencies: frequencies, recencies: recencies, ages: ages, timeUnit: .weeks, workers: Workers(threadCount: 2))
}

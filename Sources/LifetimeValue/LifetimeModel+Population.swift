public import VectorMath

/// What can be predicted for each customer.
public enum LifetimeQuantity: Equatable, Sendable {
    /// See `LifetimeModel.probabilityAlive`.
    case probabilityAlive
    /// See `LifetimeModel.expectedPurchases`.
    case expectedPurchases(within: TimeSpan)
    /// See `LifetimeModel.probabilityOfNoPurchase`.
    case probabilityOfNoPurchase(within: TimeSpan)
    /// See `LifetimeModel.discountedPurchases`.
    case discountedPurchases(Discounting)
}

extension LifetimeModel {
    /// A quantity for each distinct history of a population, bit for bit as for the history alone.
    ///
    /// - Complexity: O(distinct histories), spread over the workers.
    public func predict(
        _ quantity: LifetimeQuantity, for population: PurchasePopulation, workers: Workers
    ) -> [Double] {
        precondition(population.timeUnit == timeUnit, "histories in \(population.timeUnit), model in \(timeUnit)")
        switch quantity {
        case .probabilityAlive:
            return eachHistory(of: population, workers) { logistic(-terms($0, $1, $2).logOdds) }
        case .probabilityOfNoPurchase(let time):
            let time = time.value(in: timeUnit)
            return eachHistory(of: population, workers) { noPurchase($0, $1, $2, time) }
        case .expectedPurchases(let time):
            return purchases(Outlook(self, steps: [(time.value(in: timeUnit), 1)]), population, workers)
        case .discountedPurchases(let discounting):
            return purchases(Outlook(self, steps: discounting.steps(in: timeUnit)), population, workers)
        }
    }

    private func eachHistory(
        of population: PurchasePopulation, _ workers: Workers, _ value: @Sendable (Double, Double, Double) -> Double
    ) -> [Double] {
        let runs = population.runs(of: 8_192)
        let values = workers.map(chunkCount: runs.count) { run in
            runs[run].histories.map {
                value(Double(runs[run].frequency), population.recencies[$0], population.ages[$0])
            }
        }
        return Array(values.joined())
    }

    private func purchases(_ outlook: Outlook, _ population: PurchasePopulation, _ workers: Workers) -> [Double] {
        let tables = curves(outlook, population, workers)
        let groupOfRun = population.runs(of: 8_192)
        let values = workers.map(chunkCount: groupOfRun.count) { run in
            let run = groupOfRun[run]
            let table = tables[run.frequency] ?? [:]
            var panels: [[ChebyshevSeries]?] = []
            return run.histories.map { history in
                let place = outlook.place(population.ages[history])
                while panels.count <= place.panel { panels.append(table[panels.count]) }
                return expectation(
                    Double(run.frequency), population.recencies[history], population.ages[history],
                    curves: panels[place.panel] ?? [], position: place.position)
            }
        }
        return Array(values.joined())
    }

    /// For each frequency the curves of the panels that its ages fall into.
    private func curves(
        _ outlook: Outlook, _ population: PurchasePopulation, _ workers: Workers
    ) -> [Int: [Int: [ChebyshevSeries]]] {
        let runs = population.runs(of: 65_536)
        let found = workers.map(chunkCount: runs.count) { run in
            Set(runs[run].histories.map { outlook.place(population.ages[$0]).panel })
        }
        let wanted = Set(
            zip(runs, found).flatMap { run, panels in panels.map { OutlookPanel(frequency: run.frequency, panel: $0) } }
        )
        let list = Array(wanted)
        let stageCount = family.regularity
        let made = workers.map(chunkCount: list.count) { index in
            (0..<stageCount).map {
                outlook.curve(frequency: Double(list[index].frequency), stage: $0, panel: list[index].panel)
            }
        }
        var tables: [Int: [Int: [ChebyshevSeries]]] = [:]
        for (key, curves) in zip(list, made) { tables[key.frequency, default: [:]][key.panel] = curves }
        return tables
    }
}

private struct OutlookPanel: Hashable, Sendable {
    let frequency: Int
    let panel: Int
}

extension PurchasePopulation {
    /// Values of distinct histories spread to the customers who have them, in the order they were brought in.
    public func perCustomer(_ values: [Double]) -> [Double] {
        precondition(values.count == distinctCount, "\(values.count) values for \(distinctCount) histories")
        return historyOfCustomer.map { values[Int($0)] }
    }

    /// The groups cut into runs of at most `length` histories.
    func runs(of length: Int) -> [FrequencyGroup] {
        groups.flatMap { group in
            stride(from: group.histories.lowerBound, to: group.histories.upperBound, by: length).map {
                FrequencyGroup(
                    frequency: group.frequency, histories: $0..<min($0 + length, group.histories.upperBound))
            }
        }
    }
}

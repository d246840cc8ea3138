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
    /// Under BG/BB times are whole numbers of opportunities, which `LifetimeFamily.check` makes sure of.
    ///
    /// - Complexity: O(distinct histories), spread over the workers.
    public func predict(
        _ quantity: LifetimeQuantity, for population: PurchasePopulation, workers: Workers
    ) -> [Double] {
        precondition(population.timeUnit == timeUnit, "histories in \(population.timeUnit), model in \(timeUnit)")
        if let opportunities {
            let runs = population.runs(of: 1_024)
            let values = workers.map(chunkCount: runs.count) { run in
                runs[run].histories.map { opportunities.value(of: quantity, population.history($0), timeUnit) }
            }
            return Array(values.joined())
        }
        switch quantity {
        case .probabilityAlive:
            return eachHistory(of: population, workers) { logistic(-$0.logOdds($1, $2)) }
        case .probabilityOfNoPurchase(let time):
            let time = time.value(in: timeUnit)
            if family == .paretoNBD { return outlook(.noPurchase(within: time), population, workers) }
            return eachHistory(of: population, workers) { $0.noPurchase($1, $2, time) }
        case .expectedPurchases(let time):
            return outlook(.purchases([(time.value(in: timeUnit), 1)]), population, workers)
        case .discountedPurchases(let discounting):
            return outlook(.purchases(discounting.steps(in: timeUnit)), population, workers)
        }
    }

    /// The value of each customer's purchases to come: discounted purchases times spend times margin.
    ///
    /// - Parameters:
    ///   - spends: what each customer is expected to spend on a purchase, in the order the customers were brought in.
    ///   - margin: the share of the spend that is earned, such as 0.3.
    public func discountedLifetimeValues(
        for population: PurchasePopulation, spends: [Double], margin: Double, _ discounting: Discounting,
        workers: Workers
    ) -> [Double] {
        precondition(
            spends.count == population.historyOfCustomer.count,
            "\(spends.count) spends for \(population.historyOfCustomer.count) customers")
        let purchases = predict(.discountedPurchases(discounting), for: population, workers: workers)
        return zip(population.historyOfCustomer, spends).map { purchases[Int($0)] * $1 * margin }
    }

    private func eachHistory(
        of population: PurchasePopulation, _ workers: Workers,
        _ value: @Sendable (FrequencyTerms, Double, Double) -> Double
    ) -> [Double] {
        let runs = population.runs(of: 8_192)
        let values = workers.map(chunkCount: runs.count) { run in
            let terms = frequencyTerms(Double(runs[run].frequency))
            return runs[run].histories.map { value(terms, population.recencies[$0], population.ages[$0]) }
        }
        return Array(values.joined())
    }

    private func outlook(
        _ content: Outlook.Content, _ population: PurchasePopulation, _ workers: Workers
    ) -> [Double] {
        let outlook = Outlook(self, content)
        let tables = curves(outlook, population, workers)
        let runs = population.runs(of: 8_192)
        let values = workers.map(chunkCount: runs.count) { index in
            let run = runs[index]
            let terms = frequencyTerms(Double(run.frequency))
            let table = tables[run.frequency] ?? [:]
            var panels: [[ChebyshevSeries]?] = []
            return run.histories.map { history in
                let age = population.ages[history]
                let place = outlook.place(age)
                while panels.count <= place.panel { panels.append(table[panels.count]) }
                let curves = panels[place.panel] ?? []
                return outlook.prediction(terms, population.recencies[history], age) {
                    curves[$0].value(place.position)
                }
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

extension LifetimeFamily {
    /// Makes sure that a model can speak of a population's histories: one of discrete time of opportunities only.
    ///
    /// - Throws: `invalidHistory` with the first customer of a history that it cannot speak of.
    public func check(_ population: PurchasePopulation) throws(LifetimeFitError) {
        if self == .bgBB { try BetaGeometricBetaBernoulli.check(population) }
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

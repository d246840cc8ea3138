extension RFMCuts {
    /// Whether these are cuts that `fit` may have found by this specification: as many as it asks for, none falling,
    /// the given ones as they were given.
    public func belong(to specification: RFMSpecification) -> Bool {
        let n = specification.scoreCount
        func hold(_ lists: [[Double]], _ count: Int, _ given: [Double]?) -> Bool {
            if let given { return lists == [given] }
            return lists.count == count
                && lists.allSatisfy { cuts in
                    cuts.count == n - 1 && cuts.allSatisfy(\.isFinite)
                        && zip(cuts, cuts.dropFirst()).allSatisfy { $0 <= $1 }
                }
        }
        return scoreCount == n && hold([recency], 1, specification.recencyCuts)
            && hold(frequency, specification.isNested ? n : 1, specification.frequencyCuts)
            && hold(monetary, specification.isNested ? n * n : 1, specification.monetaryCuts)
    }

    /// These nested cuts with those of all customers where a class had nobody to learn from, so that a customer of
    /// another day who comes there is scored too.
    ///
    /// - Parameter all: one list each of frequency and monetary value, of the same customers.
    public func filled(from all: RFMCuts) -> RFMCuts {
        precondition(
            all.scoreCount == scoreCount && all.frequency.count == 1 && all.monetary.count == 1,
            "\(all.frequency.count) and \(all.monetary.count) lists of \(all.scoreCount) scores for \(scoreCount)")
        return RFMCuts(
            scoreCount: scoreCount, recency: recency,
            frequency: frequency.map { $0.isEmpty ? all.frequency[0] : $0 },
            monetary: monetary.map { $0.isEmpty ? all.monetary[0] : $0 })
    }
}

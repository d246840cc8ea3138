public import VectorMath

extension TierFit {
    /// The table of each group that has cut-offs of its own, in the order of the groups.
    ///
    /// - Parameters:
    ///   - groups: those of the fit.
    ///   - codes: the tiers, as many as groups have codes, like `values` and `amounts`.
    /// - Complexity: O(n + groups x tiers); 17 bytes of memory a customer.
    public func tables(
        of groups: CustomerGroups, codes: [UInt8], values: [Double], amounts: [Double], workers: Workers
    ) -> [(name: String, table: TierTable)] {
        precondition(
            codes.count == groups.codes.count && values.count == codes.count && amounts.count == codes.count,
            "\(codes.count) codes, \(values.count) values, \(amounts.count) amounts, \(groups.codes.count) groups")
        var counts = [Int](repeating: 0, count: groups.names.count)
        for code in groups.codes where code != CustomerGroups.none { counts[Int(code)] += 1 }
        let ends = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        var places = ends
        var (groupedCodes, groupedValues, groupedAmounts) = (
            [UInt8](repeating: 0, count: ends[ends.count - 1]), [Double](repeating: 0, count: ends[ends.count - 1]),
            [Double](repeating: 0, count: ends[ends.count - 1])
        )
        for (row, code) in groups.codes.enumerated() where code != CustomerGroups.none {
            let place = places[Int(code)]
            places[Int(code)] = place + 1
            groupedCodes[place] = codes[row]
            groupedValues[place] = values[row]
            groupedAmounts[place] = amounts[row]
        }
        let (allCodes, allValues, allAmounts) = (groupedCodes, groupedValues, groupedAmounts)
        let tables = workers.map(chunkCount: groups.names.count) { group -> TierTable? in
            let rows = ends[group]..<ends[group + 1]
            var tally = TierTally()
            allCodes[rows].withUnsafeBufferPointer { codes in
                allValues[rows].withUnsafeBufferPointer { values in
                    allAmounts[rows].withUnsafeBufferPointer { tally.update(codes: codes, values: values, amounts: $0) }
                }
            }
            return TierTable(self, group: group, tally)
        }
        return zip(groups.names, tables).compactMap { name, table in table.map { (name, $0) } }
    }
}

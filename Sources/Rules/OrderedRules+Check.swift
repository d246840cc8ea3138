extension OrderedRules {
    /// Proves before any data is there which customers get a name, which rules can apply, and where order decides.
    ///
    /// The lines of all columns are cut where a rule begins or ends, and the rules' boxes are taken away from the space
    /// one after the other. What is left is exact: it holds for all values of the columns, and the cells in which no
    /// value can lie (between two neighboring whole numbers, beyond the least and greatest value) are none.
    ///
    /// - Parameter stepLimit: the most boxes that are compared; a few thousand are usual.
    /// - Throws: `RulesError` of kind `tooComplex` when the limit is reached.
    /// - Complexity: the number of boxes may double with each rule in the worst case, since the problem contains
    ///   satisfiability; it grows with the square of the rules where they are ranges as people write them.
    public func check(stepLimit: Int = 20_000_000) throws(RulesError) -> RuleCoverage {
        var search = CoverageSearch(stepsLeft: stepLimit)
        let universe = CellBox(lines)
        let (gaps, hasMore) = try gaps(in: universe, &search)
        var unreachable: [Int] = []
        var overlaps: [RuleCoverage.Overlap] = []
        for rule in rules.indices {
            let own = boxes(of: rule)
            let earlier = alternatives.prefix { $0.rule < rule }.map(\.box)
            var reaches = false
            for box in own where try search.remainder(of: box, outside: earlier) != nil {
                reaches = true
                break
            }
            if !reaches { unreachable.append(rule) }
            guard reaches, !rules[rule].takesTheRest else { continue }
            for other in rules.indices.dropFirst(rule + 1) where !rules[other].takesTheRest {
                if let region = try overlap(own, boxes(of: other), outside: earlier, &search) {
                    overlaps.append(RuleCoverage.Overlap(winner: rule, loser: other, region: self.region(region)))
                }
            }
        }
        return RuleCoverage(
            gaps: gaps.map { region($0) }, hasMoreGaps: hasMore, unreachableRules: unreachable, overlaps: overlaps)
    }

    private func boxes(of rule: Int) -> [CellBox] { alternatives.filter { $0.rule == rule }.map(\.box) }

    private func overlap(
        _ boxes: [CellBox], _ others: [CellBox], outside earlier: [CellBox], _ search: inout CoverageSearch
    ) throws(RulesError) -> CellBox? {
        for box in boxes {
            for other in others where box.intersects(other) {
                let found = try search.remainder(of: box.intersection(other), outside: earlier)
                if let found { return found }
            }
        }
        return nil
    }

    /// Boxes that no rule covers, each grown as far as it goes.
    private func gaps(
        in universe: CellBox, _ search: inout CoverageSearch
    ) throws(RulesError) -> (gaps: [CellBox], hasMore: Bool) {
        var covers = alternatives.map(\.box)
        var gaps: [CellBox] = []
        while let found = try search.remainder(of: universe, outside: covers) {
            if gaps.count == RuleCoverage.gapLimit { return (gaps, true) }
            let gap = grown(found, inside: universe)
            gaps.append(gap)
            covers.append(gap)
        }
        return (gaps, false)
    }

    /// A box that no rule meets with every cell that can be added to it so.
    private func grown(_ box: CellBox, inside universe: CellBox) -> CellBox {
        var box = box
        for column in lines.indices {
            for cell in 0..<lines[column].cellCount
            where universe.contains(cell, ofColumn: column) && !box.contains(cell, ofColumn: column) {
                let slab = box.slab(cell, ofColumn: column)
                if !alternatives.contains(where: { $0.box.intersects(slab) }) { box.insert(cell, ofColumn: column) }
            }
        }
        return box
    }
}

/// The search for what boxes leave over, within a number of steps.
struct CoverageSearch {
    var stepsLeft: Int

    /// A box of points of `box` that lie in none of `covers`; nil if there is no such point.
    mutating func remainder(of box: CellBox, outside covers: [CellBox]) throws(RulesError) -> CellBox? {
        guard !box.isEmpty else { return nil }
        // A stack of its own: as many boxes lie on it as there are covers, too many for a thread's.
        var open = [(box: box, next: 0)]
        while let (part, first) = open.popLast() {
            var next = first
            while next < covers.count, !part.intersects(covers[next]) { next += 1 }
            stepsLeft -= next - first + 1
            guard stepsLeft > 0 else {
                throw RulesError(
                    .tooComplex, "the rules cut the columns into too many parts to be checked",
                    remedy: "use fewer columns in a rule, or split the rules into two lists")
            }
            guard next < covers.count else { return part }
            for piece in part.subtracting(covers[next]).reversed() { open.append((piece, next + 1)) }
        }
        return nil
    }
}

import Rules
import Tiers

extension Plan {
    /// What a customer has names of: `tier`, `segment`, `cell`, and each classification.
    ///
    /// A tier's place is that of its code among those that have a name, the last for customers who are not ranked; the
    /// others' places are their codes.
    var namedColumns: [RuleColumn] {
        let cutoffs = TierCutoffs(names: tierSpecification)
        let tierNames = cutoffs.namedCodes.compactMap(cutoffs.name).map { [$0] } + [unrankedNames]
        var columns = [
            RuleColumn("tier", names: RuleNames(tierNames, orderedCount: cutoffs.names.count))
        ]
        if let segments {
            // Names that are found with the segments are not known yet, but numbers are.
            let spellings = (1...max(1, segments.counts.upperBound)).map { number in
                [segments.names[number], "\(number)"].compactMap(\.self)
            }
            columns.append(RuleColumn("segment", names: RuleNames(spellings)))
        }
        columns += classes.map { RuleColumn($0.name, names: RuleNames($0.rules.map { [$0.name] })) }
        if let matrix { columns.append(RuleColumn("cell", names: RuleNames(matrix.cellNames.map { [$0] }))) }
        return columns
    }

    /// What customers without a value to rank by go by: the word of the plan's language, and that of any plan.
    var unrankedNames: [String] {
        let name = language.tiers.unranked
        return name == "unranked" ? [name] : [name, "unranked"]
    }

    /// The same for a condition of a rule; nil for what has numbers. A dimension keeps its name.
    func namedColumn(_ name: String) -> RuleColumn? {
        isColumn(name) ? namedColumns.first { $0.name.utf8.elementsEqual(name.utf8) } : nil
    }

    /// Refuses names in rules that nobody can have.
    func checkSpokenNames(of classification: Classification, at path: String) throws(PlanError) {
        for (index, rule) in classification.rules.enumerated() {
            for (place, conditions) in rule.alternatives.enumerated() {
                for condition in conditions {
                    guard let names = namedColumn(condition.column)?.names, let choice = condition.names else {
                        continue
                    }
                    let path = rule.keyPath(of: condition.column, alternative: place, at: "\(path).rules[\(index)]")
                    for spoken in choice.spoken where !names.all.contains(where: { isSame($0, spoken) }) {
                        let nearest = nearestName(to: spoken, among: names.all).map { "did you mean '\($0)'? " } ?? ""
                        let isNumber = PlanReader.decimal(spoken[...]) != nil
                        throw PlanError(
                            .invalidValue, at: path, nil, problem: "no \(condition.column) is named '\(spoken)'",
                            remedy: "\(nearest)known here: \(names.all.joined(separator: ", "))"
                                + (isNumber ? "; if a column of the input is meant, derive one of another name" : ""))
                    }
                }
            }
        }
    }

    /// The classifications' places in an order in which each comes after those that its rules ask for.
    ///
    /// - Throws: `PlanError` of kind `conflict` where some ask for each other in a circle.
    func classOrder() throws(PlanError) -> [Int] {
        let needs = classes.map { classification in
            classes.indices.filter { other in
                classification.rules.contains { rule in
                    rule.alternatives.contains { $0.contains { isAsking($0, for: classes[other]) } }
                }
            }
        }
        var order: [Int] = []
        while order.count < classes.count {
            let left = classes.indices.filter { !order.contains($0) }
            guard let next = left.first(where: { needs[$0].allSatisfy(order.contains) }) else {
                throw circle(from: left[0], needs.map { $0.filter { !order.contains($0) } })
            }
            order.append(next)
        }
        return order
    }

    private func isAsking(_ condition: Condition, for classification: Classification) -> Bool {
        condition.names != nil && isSame(condition.column, classification.name)
    }

    /// The mistake of classifications that ask for each other; each of those left needs another one of them.
    private func circle(from start: Int, _ needs: [[Int]]) -> PlanError {
        var path = [start]
        while Set(path).count == path.count { path.append(needs[path[path.count - 1]][0]) }
        let ring = path[(path.firstIndex(of: path[path.count - 1]) ?? 0)...].map { classes[$0] }
        var keyPath = "classes[\(path[path.count - 1])].rules"
        search: for (index, rule) in ring[0].rules.enumerated() {
            for (place, conditions) in rule.alternatives.enumerated() {
                guard let condition = conditions.first(where: { isAsking($0, for: ring[1]) }) else { continue }
                keyPath = rule.keyPath(of: condition.column, alternative: place, at: "\(keyPath)[\(index)]")
                break search
            }
        }
        let words =
            ring.count == 2
            ? "a rule of '\(ring[0].name)' asks for '\(ring[0].name)' itself"
            : "classifications that ask for each other: " + ring.map { "'\($0.name)'" }.joined(separator: " asks for ")
        return PlanError(
            .conflict, at: keyPath, nil, problem: words,
            remedy: "a name must be given before a rule can ask for it: drop one of the conditions"
                + (ring.count == 2
                    ? ", or, if a column of the input is meant, give the classification another name" : ""))
    }

    private func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
}

extension Rule {
    /// Where a condition stands in the plan.
    fileprivate func keyPath(of column: String, alternative: Int, at path: String) -> String {
        alternatives.count > 1 ? "\(path).anyOf[\(alternative)].\(column)" : "\(path).when.\(column)"
    }
}

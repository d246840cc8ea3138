import Rules

extension RFMSegments {
    /// Rules of one's own from a file, written as those of a plan's `classes`:
    ///
    /// ```yaml
    /// rules:
    ///   - {name: best, when: {r: {atLeast: 4}, f: {atLeast: 4}}}
    ///   - {name: other}
    /// ```
    ///
    /// Conditions name the scores `r`, `f` and `m`, 1...`scoreCount`; the first rule that applies wins.
    ///
    /// - Throws: `PlanError` with key path and line, also where some scores are left without a name.
    public init(rulesOf node: PlanNode, scoreCount: Int) throws(PlanError) {
        let list = try PlanReader(node: node, keyPath: "").fields(["rules"]).required("rules")
        let readers = try list.elements()
        let rules = try readers.map { reader throws(PlanError) in try Rule(reader) }
        for (reader, rule) in zip(readers, rules) {
            if rule.name.isEmpty || rule.name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
                throw reader.invalid("a rule without a name that can be written", remedy: "name it in plain text")
            }
        }
        do throws(RulesError) {
            try self.init(checking: rules, scoreCount: scoreCount)
        } catch {
            let reader = error.rule.map { readers[$0] } ?? list
            let isOther = error.kind == .invalidColumn && !["r", "f", "m"].contains(error.column)
            throw reader.invalid(error.problem, remedy: isOther ? "rules speak of the scores r, f and m" : error.remedy)
        }
        if let gap = coverage.gaps.first {
            throw list.invalid(
                "no rule names customers with \(gap.text), such as \(gap.exampleText)", remedy: Self.gapRemedy)
        }
    }
}

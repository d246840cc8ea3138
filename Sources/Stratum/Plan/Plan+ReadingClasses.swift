import Rules

extension Plan.Classification {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["name", "rules"])
        let rules = try fields.required("rules").elements()
        self.init(
            try fields.required("name").text(),
            rules: try rules.map { reader throws(PlanError) in try Rule(reader) })
    }
}

extension Rule {
    init(_ reader: PlanReader) throws(PlanError) {
        if reader.isScalar {
            self.init(try reader.text())
            return
        }
        let fields = try reader.fields(["name", "when", "anyOf"])
        self.init(try fields.required("name").text())
        if let reader = fields["anyOf"] {
            if fields["when"] != nil {
                throw PlanError(
                    .conflict, at: reader.keyPath, reader.node.position, problem: "a rule with both when and anyOf",
                    remedy: "write what is under 'when' into each alternative")
            }
            alternatives = try reader.elements().map { reader throws(PlanError) in try reader.conditions() }
        } else if let reader = fields["when"] {
            alternatives = [try reader.conditions()]
        }
    }
}

extension PlanReader {
    fileprivate func conditions() throws(PlanError) -> [Condition] {
        try entries().map { entry throws(PlanError) in try Condition(entry.key, entry.value) }.inColumnOrder
    }

    fileprivate func selection() throws(PlanError) -> Plan.Selection {
        Plan.Selection(
            try entries().map { kind, reader throws(PlanError) in
                let names = reader.isScalar ? [reader] : try reader.elements()
                return Plan.Selection.Term(kind, try names.map { reader throws(PlanError) in try reader.text() })
            }
        ).inKindOrder
    }

    fileprivate func numbers(allowsPercent: Bool) throws(PlanError) -> [Double] {
        let readers = isScalar ? [self] : try elements()
        return try readers.map { reader throws(PlanError) in try reader.number(allowsPercent: allowsPercent) }
    }

    fileprivate func texts() throws(PlanError) -> [String] {
        try elements().map { reader throws(PlanError) in try reader.text() }
    }
}

extension Condition {
    fileprivate init(_ column: String, _ reader: PlanReader) throws(PlanError) {
        if reader.isScalar {
            switch try reader.text() {
            case "missing": self = .missing(column)
            case "known": self = .known(column)
            default: self.init(column, equals: try reader.number())
            }
            return
        }
        let fields = try reader.fields(["atLeast", "above", "atMost", "below", "equals", "orMissing"])
        self.init(column, lower: .none, upper: .none)
        if let reader = fields["atLeast"] { lower = .including(try reader.number()) }
        if let reader = fields["above"] { lower = .excluding(try reader.number()) }
        if let reader = fields["atMost"] { upper = .including(try reader.number()) }
        if let reader = fields["below"] { upper = .excluding(try reader.number()) }
        if let reader = fields["equals"] {
            lower = .including(try reader.number())
            upper = lower
        }
        takesMissing = try fields["orMissing"]?.flag() ?? false
        let lowers = ["atLeast", "above", "equals"].filter { fields[$0] != nil }
        let uppers = ["atMost", "below", "equals"].filter { fields[$0] != nil }
        if lowers.count > 1 || uppers.count > 1 {
            let keys = lowers.count > 1 ? lowers : uppers
            throw PlanError(
                .conflict, at: reader.keyPath, reader.node.position,
                problem: "a range with both \(keys[0]) and \(keys[1])", remedy: "keep one of the two")
        }
        if lowers.isEmpty && uppers.isEmpty {
            throw reader.invalid(
                "a range without an end", remedy: "add atLeast, above, atMost, below or equals, or write known")
        }
    }
}

extension Plan.Matrix {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["x", "y", "cells", "unplaced"])
        self.init(x: try Plan.Axis(try fields.required("x")), y: try Plan.Axis(try fields.required("y")))
        cells = try fields["cells"]?.elements().map { reader throws(PlanError) in try reader.texts() }
        if let reader = fields["unplaced"] { unplaced = try reader.text() }
    }
}

extension Plan.Axis {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["by", "cuts", "quantiles", "names"])
        let by = try fields.required("by").text()
        switch (fields["cuts"], fields["quantiles"]) {
        case (let values?, nil): self.init(by: by, .values(try values.numbers(allowsPercent: false)))
        case (nil, let shares?): self.init(by: by, .quantiles(try shares.numbers(allowsPercent: true)))
        case (nil, nil): self.init(by: by, .quantiles([0.5]))
        case (.some(let reader), .some):
            throw PlanError(
                .conflict, at: reader.keyPath, reader.node.position, problem: "an axis cut in two ways",
                remedy: "keep one of cuts and quantiles")
        }
        names = try fields["names"]?.texts()
    }
}

extension Plan.Policy {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["for", "action", "contacts"])
        self.init(
            for: try fields["for"]?.selection() ?? Plan.Selection(), action: try fields.required("action").text(),
            contacts: try fields["contacts"]?.count(atLeast: 0) ?? 0)
    }
}

extension Plan.WorkList {
    init(_ reader: PlanReader) throws(PlanError) {
        if reader.isScalar {
            self.init(capacity: try reader.count(atLeast: 1))
            return
        }
        let fields = try reader.fields(["capacity", "rankBy", "order", "only"])
        self.init(capacity: try fields.required("capacity").count(atLeast: 1))
        if let reader = fields["rankBy"] { rankBy = try reader.text() }
        if let reader = fields["order"] { order = try reader.word(Order.self) }
        if let reader = fields["only"] { only = try reader.selection() }
    }
}

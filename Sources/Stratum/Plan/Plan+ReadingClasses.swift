import Rules

extension Plan.Classification {
    /// - Parameter named: what has names in place of numbers.
    init(_ reader: PlanReader, _ named: Set<[UInt8]>) throws(PlanError) {
        let fields = try reader.fields(["name", "rules"])
        let rules = try fields.required("rules").elements()
        self.init(
            try fields.required("name").text(),
            rules: try rules.map { reader throws(PlanError) in try Rule(reader, named) })
    }
}

extension Rule {
    /// - Parameter named: what has names in place of numbers.
    init(_ reader: PlanReader, _ named: Set<[UInt8]> = []) throws(PlanError) {
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
            alternatives = try reader.elements().map { reader throws(PlanError) in try reader.conditions(named) }
        } else if let reader = fields["when"] {
            alternatives = [try reader.conditions(named)]
        }
    }
}

extension PlanReader {
    fileprivate func conditions(_ named: Set<[UInt8]>) throws(PlanError) -> [Condition] {
        try entries().map { key, reader throws(PlanError) in
            named.contains(Array(key.utf8)) ? Condition(key, try NameChoice(reader)) : try Condition(key, reader)
        }.inColumnOrder
    }

    /// What the rules of a list of classifications may ask the names of.
    func namedColumns(hasSegments: Bool, hasMatrix: Bool, dimensions: [Plan.Dimension]) -> Set<[UInt8]> {
        var names = ["tier"] + (hasSegments ? ["segment"] : []) + (hasMatrix ? ["cell"] : [])
        if case .list(let nodes) = node.content {
            for case .map(let entries) in nodes.map(\.content) {
                for entry in entries where entry.key == "name" {
                    if case .scalar(let name, _) = entry.value.content { names.append(name) }
                }
            }
        }
        // A dimension of the name of anything else keeps it.
        let figures = dimensions.map(\.name) + ["score"]
        return Set(names.map { Array($0.utf8) }).subtracting(figures.map { Array($0.utf8) })
    }

    fileprivate func nameList() throws(PlanError) -> [String] {
        let readers = isScalar ? [self] : try elements()
        return try readers.map { reader throws(PlanError) in try reader.text() }
    }

    fileprivate func selection() throws(PlanError) -> Plan.Selection {
        Plan.Selection(
            try entries().map { kind, reader throws(PlanError) in
                Plan.Selection.Term(kind, try reader.nameList())
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

extension NameChoice {
    /// A name, a list of names, or where in their order they lie.
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        guard !reader.isScalar && !reader.isList else {
            self = .among(try reader.nameList())
            return
        }
        let fields = try reader.fields(["not", "atLeast", "above", "atMost", "below"])
        for keys in [["atLeast", "above", "not"], ["atMost", "below", "not"]] {
            let given = keys.filter { fields[$0] != nil }
            guard given.count > 1 else { continue }
            throw PlanError(
                .conflict, at: reader.keyPath, reader.node.position,
                problem: "a choice with both \(given[0]) and \(given[1])", remedy: "keep one of the two")
        }
        if let reader = fields["not"] {
            self = .except(try reader.nameList())
            return
        }
        // Names begin with the best: what is at least major ends with major.
        self = .range(best: try .init(fields, "atMost", "below"), least: try .init(fields, "atLeast", "above"))
        if spoken.isEmpty {
            throw reader.invalid(
                "a choice of no name", remedy: "name some, or add not, atLeast, above, atMost or below")
        }
    }
}

extension NameChoice.End {
    fileprivate init(_ fields: PlanFields, _ including: String, _ excluding: String) throws(PlanError) {
        if let reader = fields[including] {
            self = .including(try reader.text())
        } else if let reader = fields[excluding] {
            self = .excluding(try reader.text())
        } else {
            self = .none
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
        let fields = try reader.fields(["capacity", "per", "rankBy", "order", "only"])
        self.init(capacity: try fields.required("capacity").count(atLeast: 1))
        if let reader = fields["per"] { per = try reader.text() }
        if let reader = fields["rankBy"] { rankBy = try reader.text() }
        if let reader = fields["order"] { order = try reader.word(Order.self) }
        if let reader = fields["only"] { only = try reader.selection() }
    }
}

import Reports
import Rules

extension Plan.Classification {
    var json: JSONValue {
        [
            "name": .text(name),
            "rules": .list(
                rules.map { rule in
                    var members: [JSONValue.Member] = [.init("name", .text(rule.name))]
                    if rule.alternatives.count > 1 {
                        members.append(.init("anyOf", .list(rule.alternatives.map(\.json))))
                    } else if let conditions = rule.alternatives.first, !conditions.isEmpty {
                        members.append(.init("when", conditions.json))
                    }
                    return .object(members)
                }),
        ]
    }
}

extension [Condition] {
    fileprivate var json: JSONValue { .object(map { .init($0.column, $0.json) }) }
}

extension Condition {
    fileprivate var json: JSONValue {
        if let names { return names.json }
        if !takesValues { return "missing" }
        var members: [JSONValue.Member] = []
        switch lower {
        case .none: break
        case .including(let value): members.append(.init("atLeast", .number(value)))
        case .excluding(let value): members.append(.init("above", .number(value)))
        }
        switch upper {
        case .none: break
        case .including(let value): members.append(.init("atMost", .number(value)))
        case .excluding(let value): members.append(.init("below", .number(value)))
        }
        if members.isEmpty { return "known" }
        if takesMissing { members.append(.init("orMissing", .bool(true))) }
        return .object(members)
    }
}

extension NameChoice {
    fileprivate var json: JSONValue {
        func list(_ names: [String]) -> JSONValue { .list(names.map { .text($0) }) }
        switch self {
        case .among(let names): return list(names)
        case .except(let names): return ["not": list(names)]
        case .range(let best, let least):
            var members: [JSONValue.Member] = []
            switch best {
            case .none: break
            case .including(let name): members.append(.init("atMost", .text(name)))
            case .excluding(let name): members.append(.init("below", .text(name)))
            }
            switch least {
            case .none: break
            case .including(let name): members.append(.init("atLeast", .text(name)))
            case .excluding(let name): members.append(.init("above", .text(name)))
            }
            return .object(members)
        }
    }
}

extension Plan.Matrix {
    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("x", x.json), .init("y", y.json)]
        if let cells {
            members.append(.init("cells", .list(cells.map { .list($0.map { .text($0) }) })))
        }
        members.append(.init("unplaced", .text(unplaced)))
        return .object(members)
    }
}

extension Plan.Axis {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("by", .text(by))]
        switch cuts {
        case .values(let cuts): members.append(.init("cuts", .list(cuts.map { .number($0) })))
        case .quantiles(let cuts): members.append(.init("quantiles", .list(cuts.map { .number($0) })))
        }
        if let names { members.append(.init("names", .list(names.map { .text($0) }))) }
        return .object(members)
    }
}

extension Plan.Selection {
    /// A map of kinds with their names.
    var json: JSONValue { .object(terms.map { .init($0.kind, .list($0.names.map { .text($0) })) }) }
}

extension Plan.Policy {
    var json: JSONValue {
        var members: [JSONValue.Member] = []
        if !customers.terms.isEmpty { members.append(.init("for", customers.json)) }
        members.append(.init("action", .text(action)))
        members.append(.init("contacts", .integer(contacts)))
        return .object(members)
    }
}

extension Plan.WorkList {
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("capacity", .integer(capacity)), .init("rankBy", .text(rankBy)),
            .init("order", .text(order.rawValue)),
        ]
        if let per { members.append(.init("per", .text(per))) }
        if !only.terms.isEmpty { members.append(.init("only", only.json)) }
        return .object(members)
    }
}

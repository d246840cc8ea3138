/// The names that a column has in place of numbers, such as tiers; the value of a row is the place of its name.
public struct RuleNames: Equatable, Sendable {
    /// For each place the spellings that it goes by, that for readers first; places may share one.
    public let spellings: [[String]]
    /// How many of the first places have an order, the best first; 0 for names without one.
    public let orderedCount: Int

    /// - Parameter spellings: at least one place, at least one spelling each.
    public init(_ spellings: [[String]], orderedCount: Int = 0) {
        precondition(orderedCount <= spellings.count, "an order of \(orderedCount) of \(spellings.count) names")
        precondition(spellings.allSatisfy { !$0.isEmpty }, "a place without a name")
        self.spellings = spellings
        self.orderedCount = orderedCount
    }

    /// Places.
    public var count: Int { spellings.count }

    /// All spellings, each once.
    public var all: [String] {
        var known: Set<[UInt8]> = []
        return spellings.flatMap { $0 }.filter { known.insert(Array($0.utf8)).inserted }
    }

    /// The name of a place for readers.
    func title(_ place: Int) -> String { spellings[place][0] }

    /// The places that go by a name. Bytes, not Characters: two spellings of one name are two names.
    func places(of name: String) -> [Int] {
        spellings.indices.filter { spellings[$0].contains { $0.utf8.elementsEqual(name.utf8) } }
    }

    /// For each place whether it is chosen; all are without a choice.
    func isChosen(_ choice: NameChoice?) -> [Bool] {
        var chosen = [Bool](repeating: false, count: count)
        switch choice {
        case nil: return spellings.map { _ in true }
        case .among(let names): for place in names.flatMap(places) { chosen[place] = true }
        case .except(let names):
            chosen = spellings.map { _ in true }
            for place in names.flatMap(places) { chosen[place] = false }
        case .range(let best, let least):
            guard let range = range(from: best, to: least) else { break }
            for place in range { chosen[place] = true }
        }
        return chosen
    }

    /// The places of a range, which may be none; nil where an end has no place in the order.
    func range(from best: NameChoice.End, to least: NameChoice.End) -> Range<Int>? {
        func place(_ name: String) -> Int? { places(of: name).first { $0 < orderedCount } }
        var first = 0
        var end = orderedCount
        switch best {
        case .none: break
        case .including(let name), .excluding(let name):
            guard let place = place(name) else { return nil }
            first = best == .including(name) ? place : place + 1
        }
        switch least {
        case .none: break
        case .including(let name), .excluding(let name):
            guard let place = place(name) else { return nil }
            end = least == .including(name) ? place + 1 : place
        }
        return first..<max(first, end)
    }
}

/// Which names of a column satisfy a condition.
public enum NameChoice: Equatable, Sendable {
    /// One of these.
    case among([String])
    /// Any but these.
    case except([String])
    /// Those of the order from the best to the least; names without a place in the order are none of them.
    case range(best: End, least: End)

    /// An end of a range of names.
    public enum End: Equatable, Sendable {
        /// The order's own end.
        case none
        /// The name itself belongs to the range.
        case including(String)
        /// The name itself does not.
        case excluding(String)

        /// The name of the end; nil without one.
        public var name: String? {
            switch self {
            case .none: nil
            case .including(let name), .excluding(let name): name
            }
        }
    }

    /// This name or a better one.
    public static func atLeast(_ name: String) -> NameChoice { .range(best: .none, least: .including(name)) }
    /// A better name.
    public static func above(_ name: String) -> NameChoice { .range(best: .none, least: .excluding(name)) }
    /// This name or a lesser one.
    public static func atMost(_ name: String) -> NameChoice { .range(best: .including(name), least: .none) }
    /// A lesser name.
    public static func below(_ name: String) -> NameChoice { .range(best: .excluding(name), least: .none) }

    /// The names that the choice speaks of.
    public var spoken: [String] {
        switch self {
        case .among(let names), .except(let names): names
        case .range(let best, let least): [best.name, least.name].compactMap(\.self)
        }
    }
}

extension RuleColumn {
    /// What is wrong with a condition on this column's names, or with names asked of its numbers; nil for nothing.
    func mistake(in condition: Condition) -> (kind: RulesError.Kind, problem: String, remedy: String)? {
        guard let names else {
            return condition.names == nil
                ? nil : (.invalidColumn, "'\(name)' has numbers, not names", "give a range, such as atLeast: 1")
        }
        guard let choice = condition.names else {
            return (
                .invalidColumn, "'\(name)' has names, not numbers", "use one of \(names.all.joined(separator: ", "))"
            )
        }
        for spoken in choice.spoken where names.places(of: spoken).isEmpty {
            return (
                .invalidName, "no \(name) is named '\(spoken)'", "known here: \(names.all.joined(separator: ", "))"
            )
        }
        if choice.spoken.isEmpty { return (.invalidName, "no name is given", "name one") }
        if case .range(let best, let least) = choice {
            if names.orderedCount == 0 {
                return (.invalidName, "'\(name)' has no order", "list the names that are meant")
            }
            guard let range = names.range(from: best, to: least) else {
                let order = names.spellings[..<names.orderedCount].map { $0[0] }.joined(separator: ", ")
                return (.invalidName, "a name outside the order of '\(name)'", "its order is \(order)")
            }
            if range.isEmpty {
                return (.invalidRange, "no name of '\(name)' lies in the range", "exchange the ends, or include them")
            }
        }
        if !names.isChosen(choice).contains(true) {
            return (.invalidRange, "no name of '\(name)' is left", "leave a name")
        }
        return nil
    }
}

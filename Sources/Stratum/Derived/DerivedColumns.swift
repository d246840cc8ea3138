/// The derived columns of a plan, understood: their expressions and who reads whom.
struct DerivedColumns: Equatable, Sendable {
    private(set) var names: [String] = []
    private(set) var expressions: [Expression] = []

    /// Those of a plan that has none.
    static let none = DerivedColumns()

    private init() {}

    /// - Throws: `PlanError` with the column's key path for an expression that cannot be read, and for columns that are
    ///   derived from themselves.
    init(_ columns: [DerivedColumn]) throws(PlanError) {
        for column in columns {
            names.append(column.name)
            do {
                expressions.append(try ExpressionParser.parse(column.expression))
            } catch {
                throw PlanError(
                    .invalidValue, at: "derived.\(column.name)", nil,
                    problem: "\(error.problem) at character \(error.column) of '\(column.expression)'",
                    remedy: error.remedy)
            }
        }
        for number in names.indices {
            if let cycle = cycle(from: number) {
                let isOwn = cycle.count == 1
                throw PlanError(
                    .conflict, at: "derived.\(names[number])", nil,
                    problem: isOwn
                        ? "'\(names[number])' is derived from itself"
                        : "'\(names[number])' is derived from itself by way of \(cycle.dropFirst().joined(separator: ", "))",
                    remedy: "give the derived column a name that the file does not have")
            }
        }
    }

    /// The number of a derived column, nil for one of the file.
    func number(of name: String) -> Int? {
        // Bytes, not Characters: two spellings of one name are two columns.
        names.firstIndex { $0.utf8.elementsEqual(name.utf8) }
    }

    /// The derived columns that `wanted` take, by number, each after those that it reads; otherwise by their order here.
    func order(for wanted: [String]) -> [Int] {
        var order: [Int] = []
        var pending = wanted.compactMap(number).sorted(by: >)
        // Each is visited twice: to put what it reads before it, then to take it.
        while let next = pending.last {
            let unmet = expressions[next].columns.compactMap(number).filter { !order.contains($0) }
            if unmet.isEmpty {
                pending.removeLast()
                if !order.contains(next) { order.append(next) }
            } else {
                pending += unmet.sorted(by: >)
            }
        }
        return order
    }

    /// The columns of the file that a column is made of: itself, or what its expression reads in the end.
    func fileColumns(of name: String) -> [String] {
        guard number(of: name) != nil else { return [name] }
        return order(for: [name]).flatMap { expressions[$0].columns.filter { number(of: $0) == nil } }
    }

    /// The names on the way from a column back to itself, nil if there is no way.
    private func cycle(from start: Int) -> [String]? {
        var origins: [Int: Int] = [:]
        var pending = [start]
        while let next = pending.popLast() {
            for read in expressions[next].columns.compactMap(number) {
                if read == start {
                    var way = [names[next]]
                    var place = next
                    while place != start, let origin = origins[place] {
                        place = origin
                        way.insert(names[place], at: 0)
                    }
                    return way
                }
                if origins[read] == nil {
                    origins[read] = next
                    pending.append(read)
                }
            }
        }
        return nil
    }
}

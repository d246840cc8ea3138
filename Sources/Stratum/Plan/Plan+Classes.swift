public import Rules

extension Plan {
    /// A name for every customer by ordered rules: a state, a kind of loyalty, a class of profit.
    public struct Classification: Equatable, Sendable {
        /// What the name says, such as `state`: also the heading of its column.
        public var name: String
        /// The rules; the first that applies gives its name. Columns are those of the input, the plan's dimensions
        /// (their scores) and `score`.
        public var rules: [Rule]

        /// A classification.
        public init(_ name: String, rules: [Rule]) {
            self.name = name
            self.rules = rules
        }
    }

    /// The customer value matrix: two figures, each cut into a few classes, and a name for each pair.
    public struct Matrix: Equatable, Sendable {
        /// The figure that divides into columns, such as today's value.
        public var x: Axis
        /// The figure that divides into rows, such as potential.
        public var y: Axis
        /// Names of the cells: for each class of `y` from the lowest on one for each class of `x` from the lowest on; nil
        /// for names made of the classes' own. Cells may share a name.
        public var cells: [[String]]?
        /// The name of the cell of customers who lack one of the figures.
        public var unplaced: String

        /// A matrix.
        public init(x: Axis, y: Axis, cells: [[String]]? = nil, unplaced: String = "unplaced") {
            self.x = x
            self.y = y
            self.cells = cells
            self.unplaced = unplaced
        }
    }

    /// One side of the matrix.
    public struct Axis: Equatable, Sendable {
        /// Where a figure is cut; a figure on the cut belongs to the higher class.
        public enum Cuts: Equatable, Sendable {
            /// At these values, rising.
            case values([Double])
            /// At these quantiles of the population, 0 to 1, rising.
            case quantiles([Double])
        }

        /// The figure: `score`, a dimension, or a column.
        public var by: String
        /// Its cuts, 1 to 4.
        public var cuts: Cuts
        /// The names of its classes, lowest first; nil for low and high, or low, middle and high, or numbers.
        public var names: [String]?

        /// A side.
        public init(by: String, _ cuts: Cuts, names: [String]? = nil) {
            self.by = by
            self.cuts = cuts
            self.names = names
        }
    }

    /// Customers by what they are: of each named kind one of the names.
    public struct Selection: Equatable, Sendable {
        /// One kind, such as `tier`, and the names that are meant.
        public struct Term: Equatable, Sendable {
            /// `tier`, `segment`, `cell` or a classification.
            public var kind: String
            /// Names of that kind, any of them.
            public var names: [String]

            /// A term.
            public init(_ kind: String, _ names: [String]) {
                self.kind = kind
                self.names = names
            }
        }

        /// What holds together; without terms everybody is meant.
        public var terms: [Term]

        /// A selection.
        public init(_ terms: [Term] = []) { self.terms = terms }
    }

    /// What is done for some customers, and how often they may be contacted.
    public struct Policy: Equatable, Sendable {
        /// Whom it is for.
        public var customers: Selection
        /// What is done: any text.
        public var action: String
        /// Contacts that each of them may have, 0 or more.
        public var contacts: Int

        /// A policy.
        public init(for customers: Selection = Selection(), action: String, contacts: Int = 0) {
            self.customers = customers
            self.action = action
            self.contacts = contacts
        }
    }

    /// The customers whose turn it is, cut to what can be done.
    public struct WorkList: Equatable, Sendable {
        /// Whether the list begins with the largest or the smallest figures.
        public enum Order: String, CaseIterable, Sendable {
            /// The largest first.
            case descending
            /// The smallest first.
            case ascending
        }

        /// Customers that fit on it; with `per` on the list of each name.
        public var capacity: Int
        /// The kind whose names have a list each: `tier`, `segment`, `cell` or a classification; nil for one list.
        public var per: String?
        /// The figure by which customers are ranked: `score`, a dimension, or a column. Who lacks it comes last.
        public var rankBy: String
        /// Which figures come first.
        public var order: Order
        /// Who may be on it, of those whose policy has contacts.
        public var only: Selection

        /// A work list.
        public init(
            capacity: Int, rankBy: String = "score", order: Order = .descending, only: Selection = Selection()
        ) {
            self.capacity = capacity
            self.rankBy = rankBy
            self.order = order
            self.only = only
        }
    }
}

extension Plan.Axis {
    /// Classes, one more than cuts.
    var classCount: Int {
        switch cuts {
        case .values(let cuts), .quantiles(let cuts): cuts.count + 1
        }
    }

    /// The names of the classes, lowest first.
    var classNames: [String] {
        if let names { return names }
        return switch classCount {
        case 2: ["low", "high"]
        case 3: ["low", "middle", "high"]
        default: (1...classCount).map { "\($0)" }
        }
    }
}

extension Plan.Matrix {
    /// The names of the cells by code: rows of `y` from the lowest on, then the unplaced.
    var cellNames: [String] {
        let made = y.classNames.map { row in x.classNames.map { "\($0) \(x.by), \(row) \(y.by)" } }
        return (cells ?? made).flatMap { $0 } + [unplaced]
    }
}

extension [Condition] {
    /// The same conditions in an order that a map with sorted keys keeps.
    var inColumnOrder: [Condition] { sorted { $0.column.utf8.lexicographicallyPrecedes($1.column.utf8) } }
}

extension Plan.Selection {
    /// The same terms in an order that a map with sorted keys keeps.
    var inKindOrder: Plan.Selection {
        Plan.Selection(terms.sorted { $0.kind.utf8.lexicographicallyPrecedes($1.kind.utf8) })
    }
}

extension Plan {
    /// The parts that give customers names, with every default written out.
    mutating func completeClasses() {
        for place in classes.indices {
            for rule in classes[place].rules.indices {
                classes[place].rules[rule].alternatives = classes[place].rules[rule].alternatives.map(\.inColumnOrder)
            }
        }
        if var matrix {
            matrix.cells =
                matrix.cells
                ?? stride(from: 0, to: matrix.cellNames.count - 1, by: matrix.x.classCount)
                .map { Array(matrix.cellNames[$0..<$0 + matrix.x.classCount]) }
            matrix.x.names = matrix.x.classNames
            matrix.y.names = matrix.y.classNames
            self.matrix = matrix
        }
        for place in policies.indices { policies[place].customers = policies[place].customers.inKindOrder }
        if let only = workList?.only { workList?.only = only.inKindOrder }
    }
}

import TableIO
import Tables

/// Turns batches of a file's columns into batches of a plan's columns: some as they were read, some computed.
struct Derivation: Sendable {
    /// The columns to be read from the file, each once, by the plan's names.
    let fileColumns: [String]
    /// The columns of the batches that come out.
    let columnNames: [String]

    /// For each column that comes out its place in the file's batches, or the number of its computation.
    private let sources: [Source]
    /// Computations in an order in which each comes after those that it reads.
    private let computations: [Computation]
    /// Columns that computations read, by their places in the file's batches.
    private let inputs: [Int]

    private enum Source: Sendable {
        case file(Int)
        case computed(Int)
    }

    /// One derived column.
    private struct Computation: Sendable {
        var expression: Expression
        /// For each column of the expression its place: in `inputs`, then the computations.
        var places: [Int]
        /// Values outside become missing.
        var accepted: ClosedRange<Double>
    }

    /// What the columns `names` of a plan take; nil if the file has them all.
    ///
    /// - Parameters:
    ///   - accepted: for each name the values that it may have.
    ///   - derived: the plan's derived columns, checked.
    init?(columns names: [String], accepted: [ClosedRange<Double>], derived: DerivedColumns) {
        let order = derived.order(for: names)
        guard !order.isEmpty else { return nil }
        var fileColumns: [String] = []
        func filePlace(_ name: String) -> Int {
            if let known = fileColumns.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) { return known }
            fileColumns.append(name)
            return fileColumns.count - 1
        }
        sources = names.map { name in
            order.firstIndex { derived.names[$0].utf8.elementsEqual(name.utf8) }.map { .computed($0) }
                ?? .file(filePlace(name))
        }
        var inputs: [Int] = []
        // First the columns of the file, so that their number is known when computations are counted from it.
        for number in order {
            for name in derived.expressions[number].columns where derived.number(of: name) == nil {
                let place = filePlace(name)
                if !inputs.contains(place) { inputs.append(place) }
            }
        }
        computations = order.map { number in
            let expression = derived.expressions[number]
            let range = names.firstIndex { $0.utf8.elementsEqual(derived.names[number].utf8) }.map { accepted[$0] }
            return Computation(
                expression: expression,
                places: expression.columns.map { name in
                    derived.number(of: name).map { inputs.count + (order.firstIndex(of: $0) ?? 0) }
                        ?? inputs.firstIndex(of: filePlace(name)) ?? 0
                }, accepted: range ?? -.infinity ... .infinity)
        }
        self.inputs = inputs
        self.fileColumns = fileColumns
        columnNames = names
    }

    /// How the reader is to change its batches.
    var reshaping: ReadOptions.Reshaping { ReadOptions.Reshaping(columnNames: columnNames, apply: apply) }

    /// A batch of the plan's columns; one of the file's comes in.
    ///
    /// - Complexity: O(rows x steps), in blocks of rows that stay in the nearest cache.
    func apply(_ batch: Batch) -> Batch {
        var computed = computations.map { _ in [Double]() }
        for number in computations.indices { computed[number].reserveCapacity(batch.rowCount) }
        let registerCount = inputs.count + computations.count
        let depth = computations.map(\.expression.depth).max() ?? 1
        withUnsafeTemporaryAllocation(of: Double.self, capacity: (registerCount + depth) * Self.blockRowCount) { room in
            func block(_ place: Int, _ count: Int) -> UnsafeMutableBufferPointer<Double> {
                let start = place * Self.blockRowCount
                return UnsafeMutableBufferPointer(rebasing: room[start..<start + count])
            }
            for start in stride(from: 0, to: batch.rowCount, by: Self.blockRowCount) {
                let rows = start..<min(batch.rowCount, start + Self.blockRowCount)
                for (place, column) in inputs.enumerated() {
                    batch.columns[column].decode(rows, into: block(place, rows.count))
                }
                for (number, computation) in computations.enumerated() {
                    computation.expression.compute(
                        columns: { block(computation.places[$0], rows.count) },
                        stack: { block(registerCount + $0, rows.count) })
                    let (result, register) = (
                        block(registerCount, rows.count), block(inputs.count + number, rows.count)
                    )
                    let accepted = computation.accepted
                    for row in 0..<rows.count {
                        let value = result[row]
                        register[row] = value >= accepted.lowerBound && value <= accepted.upperBound ? value : .nan
                    }
                    computed[number].append(contentsOf: register)
                }
            }
        }
        return Batch(
            identifiers: batch.identifiers,
            columns: sources.map { source in
                switch source {
                case .file(let place): batch.columns[place]
                case .computed(let number): NumberColumn(values: computed[number])
                }
            }, dates: batch.dates, texts: batch.texts)
    }

    /// Rows that are computed at once: some columns of them lie in the nearest cache.
    static let blockRowCount = 512
}

extension Expression {
    /// Computes the rows of a block.
    ///
    /// - Parameters:
    ///   - columns: the values of a column, NaN where missing.
    ///   - stack: `depth` blocks of as many rows; the first one holds the result afterwards.
    func compute(
        columns: (Int) -> UnsafeMutableBufferPointer<Double>, stack: (Int) -> UnsafeMutableBufferPointer<Double>
    ) {
        var height = 0
        for step in steps {
            switch step {
            case .column(let place):
                _ = stack(height).update(fromContentsOf: columns(place))
                height += 1
            case .constant(let value):
                stack(height).update(repeating: value)
                height += 1
            case .function(let function):
                function.apply(to: stack(height - 1))
            case .operation(let operation):
                height -= 1
                operation.apply(to: stack(height - 1), stack(height))
            case .operationWithRight(let operation, let value):
                operation.apply(to: stack(height - 1), right: value)
            case .operationWithLeft(let operation, let value):
                operation.apply(to: stack(height - 1), left: value)
            }
        }
    }
}

// Each loop below is written out for each operation, so that there is none to choose inside of it.

extension Expression.Function {
    fileprivate func apply(to values: UnsafeMutableBufferPointer<Double>) {
        switch self {
        case .negate: for row in values.indices { values[row] = Self.negate(values[row]) }
        case .absolute: for row in values.indices { values[row] = Self.absolute(values[row]) }
        case .logarithm: for row in values.indices { values[row] = Self.logarithm(values[row]) }
        }
    }
}

extension Expression.Operation {
    fileprivate func apply(
        to left: UnsafeMutableBufferPointer<Double>, _ right: UnsafeMutableBufferPointer<Double>
    ) {
        let rows = 0..<min(left.count, right.count)
        switch self {
        case .add: for row in rows { left[row] = Self.add(left[row], right[row]) }
        case .subtract: for row in rows { left[row] = Self.subtract(left[row], right[row]) }
        case .multiply: for row in rows { left[row] = Self.multiply(left[row], right[row]) }
        case .divide: for row in rows { left[row] = Self.divide(left[row], right[row]) }
        case .minimum: for row in rows { left[row] = Self.minimum(left[row], right[row]) }
        case .maximum: for row in rows { left[row] = Self.maximum(left[row], right[row]) }
        }
    }

    fileprivate func apply(to values: UnsafeMutableBufferPointer<Double>, right: Double) {
        let rows = values.indices
        switch self {
        case .add: for row in rows { values[row] = Self.add(values[row], right) }
        case .subtract: for row in rows { values[row] = Self.subtract(values[row], right) }
        case .multiply: for row in rows { values[row] = Self.multiply(values[row], right) }
        case .divide: for row in rows { values[row] = Self.divide(values[row], right) }
        case .minimum: for row in rows { values[row] = Self.minimum(values[row], right) }
        case .maximum: for row in rows { values[row] = Self.maximum(values[row], right) }
        }
    }

    fileprivate func apply(to values: UnsafeMutableBufferPointer<Double>, left: Double) {
        let rows = values.indices
        switch self {
        case .add: for row in rows { values[row] = Self.add(left, values[row]) }
        case .subtract: for row in rows { values[row] = Self.subtract(left, values[row]) }
        case .multiply: for row in rows { values[row] = Self.multiply(left, values[row]) }
        case .divide: for row in rows { values[row] = Self.divide(left, values[row]) }
        case .minimum: for row in rows { values[row] = Self.minimum(left, values[row]) }
        case .maximum: for row in rows { values[row] = Self.maximum(left, values[row]) }
        }
    }
}

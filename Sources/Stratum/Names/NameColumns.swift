import Rules

/// A column of the output whose texts go by code.
struct NameColumn: Sendable {
    /// What it is in the plan.
    let kind: Plan.OutputColumn
    /// The text of each code.
    let texts: [String]
    /// Which of the codes of a customer: classifications in order, then the matrix, then the policies.
    let place: Int
}

extension ResolvedPlan {
    /// The columns of names that the plan can write, and their texts.
    var nameColumns: [NameColumn] {
        var columns: [NameColumn] = []
        for classification in labels.classifications {
            columns.append(
                NameColumn(
                    kind: .classes, texts: classification.rules.rules.map(\.name), place: columns.count))
        }
        if let matrix = plan.matrix {
            columns.append(NameColumn(kind: .cell, texts: matrix.cellNames, place: columns.count))
        }
        guard !plan.policies.isEmpty else { return columns }
        let place = columns.count
        columns.append(NameColumn(kind: .action, texts: plan.policies.map(\.action) + [""], place: place))
        columns.append(
            NameColumn(kind: .contacts, texts: plan.policies.map { "\($0.contacts)" } + ["0"], place: place))
        return columns
    }

    /// Codes that each customer has: one for each classification, for the matrix and for the policies.
    var labelCount: Int {
        labels.classifications.count + (plan.matrix == nil ? 0 : 1) + (plan.policies.isEmpty ? 0 : 1)
    }
}

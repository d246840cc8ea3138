import TableIO

extension ColumnRequest {
    /// A column whose missing values reject their rows.
    init(required name: String, minimum: Double = -.infinity, maximum: Double = .infinity) {
        self.init(name: name, minimum: minimum, maximum: maximum)
        isRequired = true
    }

    /// A column of amounts: those of 10^150 at most, either sign, so that no sum and no product with one leaves binary64.
    ///
    /// - Parameters:
    ///   - isRequired: whether a missing one rejects its row.
    ///   - isFactor: whether an amount is the product of two such columns, which then hold 10^75 at most.
    static func amounts(_ name: String, isRequired: Bool = true, isFactor: Bool = false) -> ColumnRequest {
        let limit = isFactor ? 1e75 : 1e150
        var request = ColumnRequest(name: name, minimum: -limit, maximum: limit)
        request.isRequired = isRequired
        return request
    }
}

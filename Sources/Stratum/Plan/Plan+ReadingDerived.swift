extension DerivedColumn {
    /// Reads the derived columns of a plan: an expression each, or benefits and costs.
    static func columns(_ reader: PlanReader) throws(PlanError) -> [DerivedColumn] {
        let columns = try reader.entries().map { name, reader throws(PlanError) in
            if reader.isScalar { return DerivedColumn(name, try reader.text()) }
            let fields = try reader.fields(["benefits", "costs"])
            return DerivedColumn(
                name,
                .deliveredValue(benefits: try weighted(fields["benefits"]), costs: try weighted(fields["costs"])))
        }
        // Setting a property in an initializer calls no observer.
        return columns.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func weighted(_ reader: PlanReader?) throws(PlanError) -> [WeightedColumn] {
        guard let reader else { return [] }
        let columns = try reader.entries().map { name, reader throws(PlanError) in
            WeightedColumn(name, weight: try reader.number(allowsPercent: true))
        }
        return columns.sorted { $0.column.utf8.lexicographicallyPrecedes($1.column.utf8) }
    }
}

/// The customer pyramid: tiers as layers, each as wide as its share of the customers.
public struct Pyramid: Equatable, Sendable {
    /// A tier with the figures that stand beside it.
    public struct Layer: Equatable, Sendable {
        /// The tier's name.
        public var name: String
        /// Customers in the tier.
        public var customerCount: Int
        /// Their value, nil when the plan names no value column.
        public var value: Double?
        /// The least score or amount in the tier, nil when the tier has no lower end.
        public var cutOff: Double?
        /// The greatest of the cut-offs that groups have of their own, `cutOff` being the least; nil for one of all.
        public var greatestCutOff: Double?
        /// Whether the tier takes part in the ranking; inactive and potential customers stand below the base.
        public var isRanked: Bool

        /// A layer; a value or cut-off that is not finite counts as none.
        public init(
            name: String, customerCount: Int, value: Double? = nil, cutOff: Double? = nil, isRanked: Bool = true
        ) {
            self.name = name
            self.customerCount = customerCount
            self.value = value.flatMap { $0.isFinite ? $0 : nil }
            self.cutOff = cutOff.flatMap { $0.isFinite ? $0 : nil }
            self.isRanked = isRanked
        }
    }

    /// The layers, best tier first.
    public var layers: [Layer]
    /// What the values are, usually the name of a column.
    public var valueTitle: String
    /// What the cut-offs are, usually `score` or the name of a column.
    public var cutOffTitle: String

    /// A pyramid.
    public init(layers: [Layer], valueTitle: String = "value", cutOffTitle: String = "score") {
        self.layers = layers
        self.valueTitle = valueTitle
        self.cutOffTitle = cutOffTitle
    }

    /// Customers in all layers.
    public var customerCount: Int { layers.reduce(0) { $0 + $1.customerCount } }

    /// Value of all layers, nil when no layer has one.
    public var value: Double? {
        layers.contains { $0.value != nil } ? layers.reduce(0) { $0 + ($1.value ?? 0) } : nil
    }

    /// The pyramid drawn for a terminal; every line ends with a line end and fits the width.
    ///
    /// Layers are to scale: the largest fills the drawing, the smallest is never less than a thin stroke. A narrow
    /// terminal loses columns of figures, the value first, before the drawing becomes unreadable.
    public func text(_ style: TerminalStyle) -> String {
        PyramidDrawing(self, style: style).text
    }
}

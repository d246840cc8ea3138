extension Model {
    /// Where the sides of the customer value matrix are cut, frozen.
    public struct MatrixCuts: Codable, Equatable, Sendable {
        /// The cuts of the first side, rising.
        public var x: [Double]
        /// The cuts of the second side, rising.
        public var y: [Double]

        /// Cuts.
        public init(x: [Double], y: [Double]) {
            self.x = x
            self.y = y
        }

        /// The code of the cell of two figures: rows of `y` from the lowest on; the last code if one is missing.
        func cell(x horizontal: Double, y vertical: Double) -> UInt8 {
            let width = x.count + 1
            guard !horizontal.isNaN, !vertical.isNaN else { return UInt8(width * (y.count + 1)) }
            return UInt8(y.count { vertical >= $0 } * width + x.count { horizontal >= $0 })
        }
    }
}

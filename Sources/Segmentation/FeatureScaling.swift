/// The affine map that turns the values of one feature into the units in which distances are measured:
/// (value - center) x scale, drawn in to -limit...limit. A missing value (NaN) becomes 0, which is the center.
public struct FeatureScaling: Codable, Equatable, Sendable {
    /// The value that becomes 0; also what a missing value counts as.
    public let center: Double
    /// Units of the matrix per unit of the value; 0 for a constant feature, which then tells no rows apart.
    public let scale: Double
    /// The largest absolute value that is stored, in units of the matrix.
    public let limit: Double

    /// Past this a value in standard deviations is an error of the data more than a distance; a column of n values
    /// reaches the square root of n at most.
    public static let standardLimit = 65_536.0
    /// Squares of twice this, summed over any number of features, stay inside the range of Float.
    public static let largestLimit = 0x1p50

    /// A map; a center or scale that is not finite gives a feature that is 0 for all rows.
    public init(center: Double, scale: Double, limit: Double = FeatureScaling.largestLimit) {
        let isUsable = center.isFinite && scale.isFinite
        self.center = isUsable ? center : 0
        self.scale = isUsable ? scale : 0
        self.limit = limit > 0 ? min(limit, Self.largestLimit) : Self.largestLimit
    }

    /// Values as they are. They should lie near 0: Float keeps 24 bits, so what is far from 0 loses its differences.
    public static let identity = FeatureScaling(center: 0, scale: 1)

    /// Already normalized values (0...1), moved so that `mean` becomes 0 and missing ones count as the mean.
    public static func normalized(mean: Double) -> FeatureScaling {
        FeatureScaling(center: mean.isFinite ? mean : 0.5, scale: 1)
    }

    /// z-scores. A standard deviation of 0, or none, gives a feature that is 0 for all rows.
    public static func standard(mean: Double, standardDeviation: Double) -> FeatureScaling {
        FeatureScaling(center: mean, scale: reciprocal(of: standardDeviation), limit: standardLimit)
    }

    /// Robust z-scores: median and median absolute deviation, the latter times 1.4826 (the ratio of the standard
    /// deviation to it under the normal law).
    public static func robust(median: Double, medianAbsoluteDeviation: Double) -> FeatureScaling {
        FeatureScaling(
            center: median, scale: reciprocal(of: 1.482602218505602 * medianAbsoluteDeviation), limit: standardLimit)
    }

    /// The value that `stored` comes from; the center for a constant feature.
    public func original(_ stored: Double) -> Double {
        scale == 0 ? center : center + stored / scale
    }

    private static func reciprocal(of spread: Double) -> Double {
        spread > 0 && (1 / spread).isFinite ? 1 / spread : 0
    }
}

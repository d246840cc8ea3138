import VectorMath

/// How far predictions are from what happened.
public struct BacktestErrors: Equatable, Sendable {
    /// The mean of |prediction - actual|.
    public let meanAbsoluteError: Double
    /// The root of the mean of (prediction - actual)^2.
    public let rootMeanSquaredError: Double
    /// The mean of prediction - actual: over 0 if too much was predicted.
    public let bias: Double
    /// The sum of predictions.
    public let predictedTotal: Double
    /// The sum of actual values.
    public let actualTotal: Double

    /// `bias` as a share of the mean actual value; nil if that is 0.
    public var relativeBias: Double? { actualTotal == 0 ? nil : predictedTotal / actualTotal - 1 }

    /// One pair for each customer, finite; at least one. Sums are exact before they are rounded once.
    public init(predictions: [Double], actuals: [Double]) {
        precondition(
            predictions.count == actuals.count && !actuals.isEmpty,
            "\(predictions.count) predictions for \(actuals.count) actual values")
        var sums = (absolute: ExactSum(), squared: ExactSum(), predicted: ExactSum(), actual: ExactSum())
        for (prediction, actual) in zip(predictions, actuals) {
            let error = prediction - actual
            sums.absolute.update(abs(error))
            sums.squared.update(error * error)
            sums.predicted.update(prediction)
            sums.actual.update(actual)
        }
        let count = Double(actuals.count)
        meanAbsoluteError = sums.absolute.value / count
        rootMeanSquaredError = (sums.squared.value / count).squareRoot()
        predictedTotal = sums.predicted.value
        actualTotal = sums.actual.value
        bias = (predictedTotal - actualTotal) / count
    }
}

/// How well the order of predictions finds the customers with the largest actual values.
///
/// Equal values share their places: where a cut falls among customers with equal values, each is inside by the same
/// part of 1. That is the expectation over random orders of the equal ones, so no order of rows changes the result.
public struct BacktestRanking: Equatable, Sendable {
    /// A tenth of the customers by prediction.
    public struct Decile: Equatable, Sendable {
        /// Mean prediction.
        public let predictedMean: Double
        /// Mean actual value.
        public let actualMean: Double
        /// The share of all actual values; nil if their sum is 0.
        public let actualShare: Double?
        /// `actualMean` over the mean of all; nil if that is 0.
        public let lift: Double?
    }

    /// Largest predictions first, each of a tenth of the customers.
    public let deciles: [Decile]
    private let predictions: RankedValues
    private let actuals: RankedValues

    /// One pair for each customer, finite; at least one.
    ///
    /// - Complexity: O(n log n).
    public init(predictions: [Double], actuals: [Double]) {
        precondition(
            predictions.count == actuals.count && !actuals.isEmpty,
            "\(predictions.count) predictions for \(actuals.count) actual values")
        let ranked = RankedValues(predictions)
        let count = Double(actuals.count)
        let mean = actuals.reduce(0, +) / count
        var predictedSums = [Double](repeating: 0, count: 10)
        var actualSums = predictedSums
        for customer in actuals.indices {
            let place = ranked.places[customer]
            let first = min(9, Int(place.lowerBound * 10 / count))
            let last = min(9, Int(place.upperBound * 10 / count))
            for decile in first...last {
                let part = place.overlap(Double(decile) * count / 10, Double(decile + 1) * count / 10)
                predictedSums[decile] += part * predictions[customer]
                actualSums[decile] += part * actuals[customer]
            }
        }
        deciles = (0..<10).map { decile in
            let actualMean = actualSums[decile] * 10 / count
            return Decile(
                predictedMean: predictedSums[decile] * 10 / count, actualMean: actualMean,
                actualShare: mean == 0 ? nil : actualSums[decile] / (mean * count),
                lift: mean == 0 ? nil : actualMean / mean)
        }
        self.predictions = ranked
        self.actuals = RankedValues(actuals)
    }

    /// Of the customers with the largest actual values, the part that is among as many with the largest predictions.
    ///
    /// - Parameter share: of the customers, over 0 and at most 1, such as 0.05 for the top 5 %.
    public func hitRate(top share: Double) -> Double {
        precondition(share > 0 && share <= 1, "share \(share) is not over 0 and at most 1")
        let cut = share * Double(actuals.places.count)
        return zip(predictions.places, actuals.places).reduce(0) {
            $0 + $1.0.overlap(0, cut) * $1.1.overlap(0, cut)
        } / cut
    }
}

/// For each value the places its equals share, from 0 for the largest on.
private struct RankedValues: Equatable, Sendable {
    let places: [ClosedRange<Double>]

    init(_ values: [Double]) {
        let order = values.indices.sorted { values[$0] > values[$1] }
        var places = [ClosedRange<Double>](repeating: 0...0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for index in start..<end { places[order[index]] = Double(start)...Double(end) }
            start = end
        }
        self.places = places
    }
}

extension ClosedRange<Double> {
    /// The part of the range that is inside low...high.
    fileprivate func overlap(_ low: Double, _ high: Double) -> Double {
        Swift.max(0, Swift.min(upperBound, high) - Swift.max(lowerBound, low)) / (upperBound - lowerBound)
    }
}

/// Predictions without a model, which a model has to beat.
public enum NaiveBaseline {
    /// What each customer did in the last period, scaled to the length of the horizon.
    public static func lastPeriodRepeated(
        _ lastPeriod: [Double], period: TimeSpan, horizon: TimeSpan
    ) -> [Double] {
        precondition(period.value > 0, "the last period has no length")
        let factor = horizon.value(in: period.unit) / period.value
        return lastPeriod.map { $0 * factor }
    }

    /// The mean over all customers of what they did in the last period, scaled to the length of the horizon.
    public static func populationMean(_ lastPeriod: [Double], period: TimeSpan, horizon: TimeSpan) -> [Double] {
        let repeated = lastPeriodRepeated(lastPeriod, period: period, horizon: horizon)
        let mean = repeated.reduce(0, +) / Double(max(1, repeated.count))
        return [Double](repeating: mean, count: repeated.count)
    }
}

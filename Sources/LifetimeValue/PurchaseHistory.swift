/// What the models need to know of a customer: x, t_x and T, in one unit of time that the population stores.
///
/// The first purchase opens the history and is not counted. Recency here is the customer's age at the last purchase: a
/// large one means a late purchase, unlike `daysSinceLastPurchase`.
public struct PurchaseHistory: Codable, Hashable, Sendable {
    /// x: purchases after the first.
    public let frequency: Int
    /// t_x: age at the last purchase, 0 if there was only the first.
    public let recency: Double
    /// T: age at the end of the observation, `recency` or more.
    public let age: Double

    /// A history.
    ///
    /// - Throws: `invalidHistory` unless 0 <= recency <= age, both finite, and recency is over 0 exactly if frequency
    ///   is.
    public init(frequency: Int, recency: Double, age: Double) throws(LifetimeFitError) {
        try PurchaseHistory.check(frequency, recency, age, row: 0)
        self.init(unchecked: frequency, recency, age)
    }

    init(unchecked frequency: Int, _ recency: Double, _ age: Double) {
        self.frequency = frequency
        // -0.0 is 0.0, so that equal histories have equal bits.
        self.recency = recency + 0.0
        self.age = age + 0.0
    }

    /// Frequencies are exact in binary64 with room for the products the likelihoods make of them.
    static let frequencyLimit = 1 << 40

    static func check(_ frequency: Int, _ recency: Double, _ age: Double, row: Int) throws(LifetimeFitError) {
        let problem: String
        if frequency < 0 || frequency > frequencyLimit {
            problem = "frequency \(frequency) is not in 0...\(frequencyLimit)"
        } else if !(recency >= 0 && recency <= age && age <= 1e150) {
            problem = "recency \(recency) and age \(age) are not 0 <= recency <= age <= 1e150"
        } else if frequency > 0 && recency < 1e-150 {
            problem = "frequency \(frequency) with recency \(recency): a repeat purchase at the time of the first"
        } else if frequency == 0 && recency > 0 {
            problem = "frequency 0 with recency \(recency): a last purchase without a repeat purchase"
        } else {
            return
        }
        throw LifetimeFitError(
            .invalidHistory(row: row), at: "row \(row)", problem,
            remedy: "count purchases of one time (such as one day) as one, and all times from the first purchase")
    }
}

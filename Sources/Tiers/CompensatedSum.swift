/// Neumaier's sum (1974): the error does not grow with the number of values. For sums that are read while they grow;
/// `ExactSum` is for the others.
struct CompensatedSum {
    private var sum = 0.0
    private var correction = 0.0

    mutating func add(_ value: Double) {
        let next = sum + value
        correction += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
        sum = next
    }

    var value: Double { sum + correction }
}

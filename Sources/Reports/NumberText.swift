/// A whole number with a comma between groups of three digits: `1,234,567`.
package func groupedText(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var grouped = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { grouped.append(",") }
        grouped.append(digit)
    }
    return value < 0 ? "-" + grouped : grouped
}

/// A number for reading, rounded to `decimals` places and grouped; exact figures belong into the CSV files.
///
/// - Parameter decimals: 0...9.
package func groupedText(_ value: Double, decimals: Int) -> String {
    precondition((0...9).contains(decimals), "\(decimals) decimals are not in 0...9")
    let unit = (0..<decimals).reduce(1) { unit, _ in unit * 10 }
    let scaled = (value * Double(unit)).rounded(.toNearestOrAwayFromZero)
    // Past 2^53 the digits after the point are not in the value any more.
    guard value.isFinite, abs(scaled) < 9.007e15 else { return value.description }
    let whole = Int(scaled) / unit
    let fraction = abs(Int(scaled) % unit)
    let sign = scaled < 0 && whole == 0 ? "-" : ""
    guard decimals > 0 else { return groupedText(whole) }
    let digits = String(fraction)
    return "\(sign)\(groupedText(whole)).\(String(repeating: "0", count: decimals - digits.count))\(digits)"
}

/// A share of one as a percentage with one decimal, or with more when it is so small that one would show `0.0`.
package func percentText(_ share: Double) -> String {
    let percent = share * 100
    return groupedText(percent, decimals: percent != 0 && abs(percent) < 0.1 ? 3 : 1) + " %"
}

/// A number with about `digits` significant digits, without an exponent between 0.001 and 10^15.
package func significantText(_ value: Double, digits: Int) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : value.description }
    let magnitude = abs(value)
    if magnitude >= 1e15 || magnitude < 1e-3 { return shortestText(value) }
    var wholeDigits = 0
    var rest = magnitude
    while rest >= 1 {
        rest /= 10
        wholeDigits += 1
    }
    while rest < 0.1 {
        rest *= 10
        wholeDigits -= 1
    }
    let text = groupedText(value, decimals: min(9, max(0, digits - wholeDigits)))
    guard text.contains(".") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }
    return String((trimmed.first == "." ? trimmed.dropFirst() : trimmed).reversed())
}

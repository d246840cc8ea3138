import Foundation
import LifetimeValue
import VectorMath

/// The CDNOW sample as the papers use it: weeks from the first purchase, unrounded, purchases of one day counted once;
/// the first 39 weeks of 1997 (273 days) for calibration. data/README.md has the origin of the log.
struct CDNOW {
    private(set) var frequencies: [Int] = []
    private(set) var recencies: [Double] = []
    private(set) var ages: [Double] = []
    /// Mean spend of the repeat purchases in the calibration period, 0 if there are none.
    private(set) var meanSpends: [Double] = []
    /// Purchases in the 39 weeks after.
    private(set) var laterPurchases: [Int] = []

    init() throws {
        let text = try dataText("cdnow_sample.txt")
        // Customer, then day of the log, then cents.
        var customers: [Int: [Int: Int]] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ")
            let parts = fields[4].split(separator: ".", omittingEmptySubsequences: false)
            let day = CDNOW.day(Int(fields[2])!)
            customers[Int(fields[1])!, default: [:]][day, default: 0] += Int(parts[0])! * 100 + Int(parts[1])!
        }
        let calibrationEnd = 272
        for (_, purchases) in customers.sorted(by: { $0.key < $1.key }) {
            let days = purchases.keys.sorted()
            let repeats = days.dropFirst().filter { $0 <= calibrationEnd }
            frequencies.append(repeats.count)
            recencies.append(Double((repeats.last ?? days[0]) - days[0]) / 7)
            ages.append(Double(calibrationEnd - days[0]) / 7)
            let cents = repeats.reduce(0) { $0 + purchases[$1]! }
            meanSpends.append(repeats.isEmpty ? 0 : Double(cents) / 100 / Double(repeats.count))
            laterPurchases.append(days.count { $0 > calibrationEnd })
        }
    }

    func population(workers: Workers = Workers(threadCount: 2)) throws -> PurchasePopulation {
        try PurchasePopulation(
            frequencies: frequencies, recencies: recencies, ages: ages, timeUnit: .weeks, workers: workers)
    }

    /// Days since 1997-01-01 of a date as yyyymmdd.
    private static func day(_ date: Int) -> Int {
        let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (year - 1997) * 365 + lengths[..<(month - 1)].reduce(0, +) + day - 1
    }
}

/// A file of the folder `data`.
func dataText(_ name: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "data/\(name)"), encoding: .utf8)
}

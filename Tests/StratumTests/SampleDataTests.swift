import Foundation
import Stratum
import Synchronization
import Testing

struct SampleDataTests {
    @Test(arguments: [0, 1, 16_384, 16_385, 40_000]) func sameBytesForAnyThreadCount(customerCount: Int) throws {
        let sample = SampleData(customerCount: customerCount, seed: 7)
        let expected = sample.header + (0..<sample.chunkCount).flatMap { sample.records(ofChunk: $0) }
        for threadCount in [1, 2, 7] {
            let written = Mutex<[UInt8]>([])
            try sample.write(threadCount: threadCount) { bytes in written.withLock { $0 += bytes } }
            #expect(written.withLock { $0 } == expected)
        }
    }

    @Test func idsCountUpAndRecordsAreComplete() {
        let lines = records(of: SampleData(customerCount: 20_000, seed: 1))
        #expect(lines.count == 20_000)
        for (row, fields) in lines.enumerated() {
            #expect(fields.count == SampleData.columnNames.count)
            #expect(fields[0] == "C" + String(format: "%09d", row))
        }
    }

    @Test func anotherSeedGivesOtherCustomers() {
        let first = SampleData(customerCount: 100, seed: 1).records(ofChunk: 0)
        #expect(first != SampleData(customerCount: 100, seed: 2).records(ofChunk: 0))
    }

    /// The distributions' own moments; bounds are five standard errors for 100,000 customers.
    @Test func meansAreThoseOfTheDistributions() {
        let lines = records(of: SampleData(customerCount: 100_000, seed: 3))
        func values(_ name: String) -> [Double] {
            let column = SampleData.columnNames.firstIndex(of: name) ?? 0
            return lines.compactMap { Double($0[column]) }
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        // Beta(1, 12): mean 1/13, sd .0711. Normal: .02, .3. Uniform on 0...119: 59.5, 34.6; on 1...5: 3, 1.41.
        #expect(abs(mean(values("return_rate")) - 1.0 / 13) < 5 * 0.0711 / 316)
        #expect(abs(mean(values("growth_rate")) - 0.02) < 5 * 0.3 / 316)
        #expect(abs(mean(values("tenure_months")) - 59.5) < 5 * 34.6 / 316)
        #expect(abs(mean(values("channels_used")) - 3) < 5 * 1.41 / 316)
        // The mixture's Poisson means: 1 + sum of shares x (1 + 3 ln(1 + size)).
        let mix = zip([0.01, 0.04, 0.15, 0.3, 0.3, 0.2], [40, 12, 5, 1.5, 0.6, 0.1])
            .reduce(0) { $0 + $1.0 * log1p($1.1) }
        #expect(abs(mean(values("order_count")) - (2 + 3 * mix)) < 5 * 2.9 / 316)
        #expect(abs(mean(values("visits_90d")) - (2 + 6 * mix)) < 5 * 5.0 / 316)
        #expect(abs(mean(values("referrals")) - 0.2 * mix) < 5 * 0.44 / 316)
        // The logarithm of revenue: 6 + mean of ln size.
        let sizes = zip([0.01, 0.04, 0.15, 0.3, 0.3, 0.2], [40, 12, 5, 1.5, 0.6, 0.1])
            .reduce(0) { $0 + $1.0 * log($1.1) }
        #expect(abs(mean(values("revenue_12m").map { log($0) }) - (6 + sizes)) < 5 * 1.9 / 316)
        // Beta(4, 8): mean 1/3, sd .131; small revenues are left out, where cents blur the ratio.
        let margins = zip(values("gross_margin"), values("revenue_12m")).filter { $0.1 > 10 }.map { $0.0 / $0.1 }
        #expect(abs(mean(margins) - 1.0 / 3) < 5 * 0.131 / 300)
    }

    @Test func threeInAHundredDoNotAnswer() {
        let lines = records(of: SampleData(customerCount: 100_000, seed: 4))
        let empty = lines.count { $0[11].isEmpty }
        #expect(abs(Double(empty) - 3_000) < 5 * 54)
        #expect(
            lines.allSatisfy { fields in fields.enumerated().allSatisfy { $0.offset == 11 || !$0.element.isEmpty } })
    }

    @Test func averageIsRevenueOverOrdersInCents() {
        for fields in records(of: SampleData(customerCount: 5_000, seed: 5)) {
            guard let revenue = Decimal(string: String(fields[1])), let orders = Decimal(string: String(fields[2])),
                let average = Decimal(string: String(fields[3]))
            else {
                Issue.record("not numbers: \(fields)")
                return
            }
            let difference = (average - revenue / orders).magnitude
            #expect(difference <= Decimal(string: "0.005")!, "\(fields)")
        }
    }

    private func records(of sample: SampleData) -> [[Substring]] {
        (0..<sample.chunkCount).flatMap { chunk in
            String(decoding: sample.records(ofChunk: chunk), as: UTF8.self).split(separator: "\n")
                .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        }
    }
}

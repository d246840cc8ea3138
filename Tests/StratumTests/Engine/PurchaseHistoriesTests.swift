import Foundation
import LifetimeValue
import TableIO
import TestSupport
import Testing
import VectorMath

@testable import Indicators
@testable import Stratum

/// Order logs to purchase histories, through the reader.
struct PurchaseHistoriesTests {
    static func histories(
        _ text: String, asOf: String? = nil, calibrationEnd: String? = nil, timeUnit: TimeUnit = .weeks,
        threads: Int = 2, isNet: Bool = true
    ) throws -> PurchaseHistories {
        var columns = OrderColumns(id: "id", date: "date", amount: "amount")
        columns.asOf = asOf.flatMap(CalendarDay.day(ofISO:))
        columns.isNet = isNet
        var options = RunOptions()
        options.threadCount = threads
        let source = try InputSource(bytes: Array(text.utf8), name: "log")
        let orders = try OrderIntake.read([source], of: columns, options) { _ in }
        return try PurchaseHistories(
            orders, calibrationEnd: calibrationEnd.flatMap(CalendarDay.day(ofISO:)), timeUnit: timeUnit, options)
    }

    static func cdnow() throws -> PurchaseHistories {
        try histories(OrderLogEngineTests.cdnow(), asOf: "1998-06-30", calibrationEnd: "1997-09-30")
    }

    @Test func cdnowGivesTheFitsOfFaderHardieAndLee2005() throws {
        let workers = Workers(threadCount: 2)
        let population = try Self.cdnow().population(workers: workers)
        #expect(population.customerCount == 2_357)
        let fit = try LifetimeModel.fit(.bgNBD, to: population, workers: workers)
        #expect(abs(fit.logLikelihood - -9582.429207) <= 5e-7)
        #expect(zip(fit.model.parameters, [0.243, 4.414, 0.793, 2.426]).allSatisfy { abs($0 - $1) <= 5e-4 })
        let pareto = try LifetimeModel.fit(.paretoNBD, to: population, workers: workers)
        #expect(abs(pareto.logLikelihood - -9594.976179) <= 5e-7)
    }

    @Test func cdnowGivesTheSpendOfFaderAndHardie2013() throws {
        let histories = try Self.cdnow()
        let fit = try SpendFit.fit(
            frequencies: histories.frequencies, meanSpends: histories.meanSpends, workers: Workers(threadCount: 2))
        guard case .gammaGamma(let model, _, let logLikelihood) = fit.model else {
            Issue.record("\(fit.model)")
            return
        }
        #expect(abs(logLikelihood - -4055.917695) <= 5e-7)
        #expect(zip([model.p, model.q, model.gamma], [6.25, 3.74, 15.44]).allSatisfy { abs($0 - $1) <= 5e-3 })
    }

    @Test func theHoldOutOfCDNOWIsThatOfTheLog() throws {
        let histories = try Self.cdnow()
        #expect(histories.holdOut == TimeSpan(273, .days))
        // Days with a purchase after 30 September 1997, and the dollars paid on them.
        var days: Set<String> = []
        var cents = 0
        for line in try OrderLogEngineTests.cdnow().split(separator: "\n").dropFirst() {
            let fields = line.split(separator: ",")
            guard fields[1] > "19970930" else { continue }
            days.insert("\(fields[0]) \(fields[1])")
            cents += Int((Double(fields[2])! * 100).rounded())
        }
        #expect(histories.laterPurchases.reduce(0, +) == Double(days.count))
        #expect(Int((histories.laterSpends.reduce(0, +) * 100).rounded()) == cents)
    }

    @Test func aSmallLogReadsAsItsStory() throws {
        // a: three days in the calibration, one refund in it, one day and a refund after. b: first bought too late.
        // c: refunds alone.
        let log = """
            id,date,amount
            a,2024-01-01,10\na,2024-01-01,1\na,2024-01-03,4\na,2024-01-08,0\na,2024-01-05,-1
            a,2024-02-02,7\na,2024-02-02,7\na,2024-02-03,-2\nb,2024-02-01,5\nc,2024-01-02,-5\n
            """
        let net = try Self.histories(log, asOf: "2024-02-10", calibrationEnd: "2024-01-31", timeUnit: .days)
        #expect(net.customerCount == 1 && net.otherCustomerCount == 2)
        #expect(net.frequencies == [2] && net.meanSpends == [1.5])
        #expect(net.laterPurchases == [1] && net.laterSpends == [12])
        let population = try net.population(workers: Workers(threadCount: 1))
        #expect(population.recencies == [7] && population.ages == [30])
        #expect(abs(population.logIntervalSum! - (Foundation.log(2) + Foundation.log(5))) < 1e-15)
        let gross = try Self.histories(
            log, asOf: "2024-02-10", calibrationEnd: "2024-01-31", timeUnit: .days, isNet: false)
        #expect(gross.meanSpends == [2] && gross.laterSpends == [14])
    }

    @Test(arguments: 0..<4) func historiesDependOnNoOrderOfLines(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        var lines = (0..<2_000).map { _ in
            let cents = random.integer(in: -500...9_999)
            return "c\(random.integer(in: 0...300)),2024-\(random.integer(in: 10...12))-\(random.integer(in: 10...30)),"
                + "\(Double(cents) / 100)"
        }
        func read(threads: Int) throws -> PurchaseHistories {
            try Self.histories(
                "id,date,amount\n" + lines.joined(separator: "\n") + "\n", calibrationEnd: "2024-12-05",
                timeUnit: .months, threads: threads)
        }
        let first = try read(threads: 1)
        for place in lines.indices.dropFirst() { lines.swapAt(place, random.integer(in: 0...place)) }
        let second = try read(threads: 3)
        #expect(first.frequencies == second.frequencies && first.meanSpends == second.meanSpends)
        #expect(first.laterPurchases == second.laterPurchases && first.laterSpends == second.laterSpends)
        let populations = try [first, second].map { try $0.population(workers: Workers(threadCount: 1)) }
        #expect(populations[0].ages == populations[1].ages && populations[0].recencies == populations[1].recencies)
        #expect(populations[0].logIntervalSum == populations[1].logIntervalSum)
    }

    @Test func aCalibrationBeforeTheFirstPurchaseIsRefused() throws {
        #expect(throws: EngineError.self) {
            try Self.histories("id,date,amount\na,2024-01-02,1\n", calibrationEnd: "2024-01-01")
        }
    }
}

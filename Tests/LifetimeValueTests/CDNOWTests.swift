import Testing
import VectorMath

@testable import LifetimeValue

@Suite struct CDNOWTests {
    let workers = Workers(threadCount: 2)

    @Test func look() throws {
        let p = try CDNOW().population()
        print(p.customerCount, p.distinctCount, p.repeatPurchaseCount)
        let m = try LifetimeModel(.bgNBD, parameters: [0.243, 4.414, 0.793, 2.426], timeUnit: .weeks)
        print(m.logLikelihood(of: p, workers: workers))
        for f in [LifetimeFamily.bgNBD, .mbgNBD, .paretoNBD, .nbd, .bgCNBD(k: 2), .mbgCNBD(k: 2)] {
            do {
                let fit = try LifetimeModel.fit(f, to: p, workers: workers)
                print(f, fit.model.parameters, fit.standardErrors, fit.logLikelihood, fit.bic)
            } catch { print(f, error) }
        }
    }
}

import Synchronization
import VectorMath

/// A seeded sample export: customers with 12 indicators in the four dimensions that value systems use.
///
/// The figures hang together as in real exports: a customer of a larger kind buys more, more often and more lately, and
/// 3 in 100 leave the NPS question empty. The same count and seed give the same bytes, for any number of threads.
public struct SampleData: Sendable {
    /// The names of the columns, in order; the first is the id.
    public static let columnNames = [
        "customer_id", "revenue_12m", "order_count", "avg_order_value", "gross_margin", "recency_days", "visits_90d",
        "channels_used", "return_rate", "growth_rate", "tenure_months", "nps", "referrals",
    ]

    /// The most customers that ids of nine digits can tell apart.
    public static let customerLimit = 1_000_000_000

    /// The number of customers.
    public let customerCount: Int
    /// What everything random comes from.
    public let seed: UInt64

    private let distributions = SampleDistributions()

    /// A sample of `customerCount` customers.
    ///
    /// - Parameter customerCount: 0...`customerLimit`.
    public init(customerCount: Int, seed: UInt64) {
        precondition((0...Self.customerLimit).contains(customerCount), "\(customerCount) customers")
        self.customerCount = customerCount
        self.seed = seed
    }

    /// The bytes of the header record.
    public var header: [UInt8] { Array((Self.columnNames.joined(separator: ",") + "\n").utf8) }

    /// The number of chunks; they follow each other after the header.
    public var chunkCount: Int { (customerCount + Self.customersPerChunk - 1) / Self.customersPerChunk }

    /// Makes the whole export on several threads and hands its bytes on in order, by one thread at a time.
    ///
    /// - Throws: what `deliver` throws.
    /// - Complexity: about 250 ns a customer on each thread; memory for a few chunks.
    public func write(threadCount: Int, to deliver: @escaping @Sendable ([UInt8]) throws -> Void) throws {
        try deliver(header)
        let nextChunk = Mutex(0)
        let pipeline = OrderedPipeline<Int, Int, Int, [UInt8]>(
            fetch: {
                nextChunk.withLock { next in
                    guard next < chunkCount else { return nil }
                    defer { next += 1 }
                    return next
                }
            },
            parse: { _, chunk in chunk },
            admit: { chunk in chunk.map { [$0] } ?? [] },
            process: { _, chunk in records(ofChunk: chunk) },
            deliver: deliver)
        try pipeline.run(workers: Workers(threadCount: threadCount))
    }

    /// The bytes of the records of one chunk; every chunk has its own random stream.
    ///
    /// - Parameter chunk: 0..<`chunkCount`.
    /// - Complexity: about 250 ns a customer.
    public func records(ofChunk chunk: Int) -> [UInt8] {
        precondition((0..<chunkCount).contains(chunk), "chunk \(chunk) of \(chunkCount)")
        let first = chunk * Self.customersPerChunk
        let customers = first..<min(first + Self.customersPerChunk, customerCount)
        var generator = RandomGenerator(seed: seed, stream: chunk)
        var bytes = [UInt8](repeating: 0, count: customers.count * Self.recordLimit)
        var records = RecordWriter()
        var span = bytes.mutableSpan
        for customer in customers { append(customer, drawnFrom: &generator, with: &records, to: &span) }
        bytes.removeLast(bytes.count - records.count)
        return bytes
    }

    private static let customersPerChunk = 16_384
    /// More bytes than any record has: 10 for the id, at most 18 for each number.
    private static let recordLimit = 10 + 12 * 18 + 1

    private func append(
        _ customer: Int, drawnFrom generator: inout RandomGenerator, with records: inout RecordWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        let kind = distributions.kindShares.draw(generator.next()).number
        let (deviation, within) = distributions.revenueDeviation.draw(generator.next())
        let edge = distributions.revenueEdges[deviation + distributions.revenueEdges.count / 2]
        let revenue = Int((edge * (1 + within * distributions.revenueSlope) * distributions.kinds[kind].size).rounded())
        let orders = distributions.kinds[kind].orders.draw(generator.next()).number
        let marginRate = distributions.marginRate.draw(generator.next()).number

        records.append(id: customer, to: &bytes)
        records.append(revenue, decimals: 2, to: &bytes)
        records.append(orders, decimals: 0, to: &bytes)
        records.append((2 * revenue + orders) / (2 * orders), decimals: 2, to: &bytes)
        records.append((revenue * marginRate + 5_000) / 10_000, decimals: 2, to: &bytes)
        let days = distributions.kinds[kind].daysSinceLastPurchase.draw(generator.next()).number
        records.append(days, decimals: 0, to: &bytes)
        records.append(distributions.kinds[kind].visits.draw(generator.next()).number, decimals: 0, to: &bytes)
        records.append(distributions.channels.draw(generator.next()).number, decimals: 0, to: &bytes)
        records.append(distributions.returnRate.draw(generator.next()).number, decimals: 4, to: &bytes)
        records.append(distributions.growthRate.draw(generator.next()).number, decimals: 4, to: &bytes)
        records.append(distributions.tenureInMonths.draw(generator.next()).number, decimals: 0, to: &bytes)
        let nps = distributions.nps.draw(generator.next()).number
        if nps < 0 { records.appendEmpty(to: &bytes) } else { records.append(nps, decimals: 0, to: &bytes) }
        records.append(distributions.kinds[kind].referrals.draw(generator.next()).number, decimals: 0, to: &bytes)
        records.endRecord(in: &bytes)
    }
}

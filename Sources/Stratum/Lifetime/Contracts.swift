public import LifetimeValue
import Reports
import TableIO
import Tables
import VectorMath

/// What the model of contracts is fitted to.
public enum ContractInput: Sendable, Equatable {
    /// A row a customer.
    case customers(ContractColumns)
    /// A row a period in order, the first the start: how many customers of one cohort are left. Numbers or shares;
    /// `id` is the column that tells periods apart.
    case cohort(id: String, survivors: String)
}

/// Which columns of a table of contracts mean what.
public struct ContractColumns: Sendable, Equatable {
    /// The column with the customer's id.
    public var id: String
    /// The column with the renewals so far, 0 or more.
    public var renewals: String
    /// The column that is 1 for who did not renew once more, and 0 for who has not been asked again.
    public var left: String
    /// The column with what a customer pays for a period; nil if there is none.
    public var fee: String?

    /// The columns of a table.
    public init(id: String, renewals: String = "renewals", left: String = "left", fee: String? = nil) {
        (self.id, self.renewals, self.left, self.fee) = (id, renewals, left, fee)
    }

    var requests: [ColumnRequest] {
        [ColumnRequest(required: renewals, minimum: 0), ColumnRequest(required: left, minimum: 0, maximum: 1)]
            + (fee.map { [.amounts($0, isRequired: false)] } ?? [])
    }

    /// The renewals of each customer of a table, and whether the customer left.
    ///
    /// - Throws: `EngineError` of kind `unusableHistory` that names the first customer whose figures cannot be.
    func contracts(of table: Table, at path: String, workers: Workers) throws(EngineError) -> [(
        renewals: Int, left: Bool
    )] {
        let renewals = table.values(ofColumn: 0, workers: workers)
        let left = table.values(ofColumn: 1, workers: workers)
        var contracts: [(renewals: Int, left: Bool)] = []
        contracts.reserveCapacity(renewals.count)
        for row in renewals.indices {
            guard let count = Int(exactly: renewals[row]), count <= Self.renewalLimit, left[row] == 0 || left[row] == 1
            else {
                let id = TerminalText.escaped(table.identifier(ofRow: row))
                throw EngineError(
                    .unusableHistory, at: path,
                    "customer '\(id)': \(shortestText(renewals[row])) renewals and \(shortestText(left[row])) as left",
                    remedy:
                        "count renewals, \(Self.renewalLimit) at most; left is 1 for who did not renew, 0 for others")
            }
            contracts.append((count, left[row] == 1))
        }
        return contracts
    }

    /// More than anybody has: a contract of a day for over 270 years.
    private static let renewalLimit = 100_000
}

/// Customers by renewals: how many left after each number, and how many have it and are still there.
struct ContractCounts: Sendable {
    private(set) var leaving: [Double] = []
    private(set) var staying: [Double] = []

    init(_ contracts: [(renewals: Int, left: Bool)]) {
        let length = (contracts.map(\.renewals).max() ?? -1) + 1
        leaving = Array(repeating: 0, count: length)
        staying = leaving
        for contract in contracts {
            if contract.left { leaving[contract.renewals] += 1 } else { staying[contract.renewals] += 1 }
        }
    }

    var customerCount: Int { Int(leaving.reduce(0, +) + staying.reduce(0, +)) }
    /// Different pairs of renewals and having left.
    var distinctCount: Int { (leaving + staying).count { $0 > 0 } }
}

/// A fitted model of contracts as `stratum lifetime fit --contracts` keeps it.
public struct StoredContracts: Equatable, Sendable {
    /// The version of the file format.
    public static let version = 1

    /// The release of the engine that fitted it.
    public var engineVersion: String
    /// What it was fitted to.
    public var source: Model.Source
    /// The time from one renewal to the next.
    public var period: TimeUnit
    /// The model.
    public var model: ShiftedBetaGeometric
    /// The standard errors of alpha and beta.
    public var standardErrors: [Double]
    /// The maximum of the log-likelihood.
    public var logLikelihood: Double

    init(_ fit: ShiftedBetaGeometric.Fit, period: TimeUnit, source: Model.Source) {
        engineVersion = Engine.version
        self.source = source
        self.period = period
        model = fit.model
        standardErrors = fit.standardErrors
        logLikelihood = fit.logLikelihood
    }
}

extension StoredContracts: Codable {
    /// The bytes of the model's file: the same for equal models.
    ///
    /// - Throws: `EncodingError` for a value that is not finite, which no fitted model holds.
    public func encode() throws -> [UInt8] {
        ModelEnvelope.contracts.bytes(around: try JSONValue(encoding: self).encoded(indented: false))
    }

    /// Reads a model's file.
    ///
    /// - Throws: `ModelError` for everything but the unchanged bytes of a model of contracts of this version.
    public static func decode(_ bytes: [UInt8]) throws(ModelError) -> StoredContracts {
        let stored: StoredContracts = try ModelEnvelope.contracts.decoded(bytes, what: "a model of contracts")
        guard (try? ShiftedBetaGeometric(alpha: stored.model.alpha, beta: stored.model.beta)) != nil,
            stored.standardErrors.count == 2, stored.source.rowCount > 0
        else { throw ModelError(.inconsistent, "its figures do not belong together") }
        return stored
    }
}

/// Why indicators could not be computed.
public struct IndicatorsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of obstacle it is.
    public enum Kind: String, Equatable, Sendable {
        /// There is no memory left for the log.
        case outOfMemory
        /// The bytes of a stored log do not fit together.
        case brokenState
    }

    /// What kind of obstacle it is.
    public let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    /// Problem and remedy.
    public var description: String {
        switch kind {
        case .outOfMemory:
            "there is not enough memory for the order log. Split the customers, or use a machine with more memory."
        case .brokenState:
            "the stored order log does not fit together. Make it anew from all order lines."
        }
    }
}

import Glibc

/// What is done to a value before it is normalized. All transforms rise with the value, so ranks stay as they are.
public enum Transform: String, Codable, CaseIterable, Equatable, Sendable {
    /// Nothing.
    case none
    /// ln(1 + x) for x >= 0.
    case log1p
    /// The square root, for x >= 0.
    case sqrt
    /// sign(x) ln(1 + |x|).
    case signedLog1p
    /// sign(x) times the square root of |x|.
    case signedSqrt

    /// Whether a value below 0 has no transformed value.
    public var needsNonnegative: Bool { self == .log1p || self == .sqrt }

    /// The transformed value; NaN for NaN and for a value below 0 where `needsNonnegative`.
    public func callAsFunction(_ value: Double) -> Double {
        switch self {
        case .none: value
        case .log1p: value < 0 ? .nan : Glibc.log1p(value)
        case .sqrt: value < 0 ? .nan : value.squareRoot()
        case .signedLog1p: value < 0 ? -Glibc.log1p(-value) : Glibc.log1p(value)
        case .signedSqrt: value < 0 ? -(-value).squareRoot() : value.squareRoot()
        }
    }

    /// Transforms values in place, as `callAsFunction` does one by one.
    public func apply(to values: UnsafeMutableBufferPointer<Double>) {
        switch self {
        case .none: break
        case .log1p: for index in values.indices { values[index] = Transform.log1p(values[index]) }
        case .sqrt: for index in values.indices { values[index] = Transform.sqrt(values[index]) }
        case .signedLog1p: for index in values.indices { values[index] = Transform.signedLog1p(values[index]) }
        case .signedSqrt: for index in values.indices { values[index] = Transform.signedSqrt(values[index]) }
        }
    }
}

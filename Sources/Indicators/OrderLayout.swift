/// What the rows of an order log hold beside the customer's id.
///
/// A batch of rows has the dates `[day]`, the numbers `[amount]`, `[amount, quantity]` or `[price, quantity]` and the
/// texts that are there, in the order of `texts`.
public struct OrderLayout: Sendable, Equatable {
    /// What a column of texts is.
    public enum Text: String, Sendable, CaseIterable {
        /// Which lines are refunds whatever the sign of their amount.
        case mark
        case order, product, category, channel
    }

    /// Whether there is a column of quantities.
    public var hasQuantity: Bool
    /// Whether the first number is the price of one, and the amount the price times the quantity.
    public var hasPrice: Bool
    /// The columns of texts; each kind at most once.
    public var texts: [Text]
    /// Keys of the texts of the mark column that stand for a refund.
    public var refundMarks: Set<UInt64>

    /// Rows with the columns named; a price takes a quantity.
    public init(
        hasQuantity: Bool = false, hasPrice: Bool = false, texts: [Text] = [], refundMarks: Set<UInt64> = []
    ) {
        precondition(!hasPrice || hasQuantity, "a price without a quantity")
        precondition(Set(texts).count == texts.count, "a kind of text column twice")
        self.hasQuantity = hasQuantity
        self.hasPrice = hasPrice
        self.texts = texts
        self.refundMarks = refundMarks
    }

    /// The columns that are kept of every row, in order.
    var fields: [OrderField] {
        [.day, .amount] + (hasQuantity ? [.quantity] : [])
            + texts.compactMap { text in
                switch text {
                case .mark: nil
                case .order: .order
                case .product: .product
                case .category: .category
                case .channel: .channel
                }
            }
    }
}

/// A column that is kept of every row, as 64-bit integers.
enum OrderField: Sendable {
    /// Days since 1970.
    case day
    /// Integers at the part's scale, or the bits of binary64 numbers.
    case amount, quantity
    /// Keys of texts.
    case order
    /// Codes of texts; 0 for an empty one.
    case product, category, channel

    /// Whether texts stand as codes.
    var isCoded: Bool { self == .product || self == .category || self == .channel }

    var isNumber: Bool { self == .amount || self == .quantity }
}

/// What the integers of a number column count: units of 10^-decimals, or the bits of binary64 numbers.
enum NumberScale: Sendable, Equatable {
    case decimals(Int)
    case bits

    /// The number that `cell` stands for, correctly rounded.
    @inline(__always)
    func value(_ cell: Int64) -> Double {
        switch self {
        case .decimals(let count): WideInteger(cell).quotient(by: powersOfTen[count])
        case .bits: Double(bitPattern: UInt64(bitPattern: cell))
        }
    }
}

/// 10^0 to 10^9 and on to 10^18.
let integerPowersOfTen: [Int64] = (0...18).reduce(into: []) { powers, place in
    powers.append(place == 0 ? 1 : powers[place - 1] * 10)
}

/// 10^0 to 10^22, which binary64 holds exactly.
let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

/// How many different values there are, exactly: a set of their bits, 12 to 24 bytes a different value.
public struct DistinctValues: Sendable {
    /// A NaN: no value has these bits.
    private static let free: UInt64 = 0x7ff8_0000_0000_0001

    private var slots = [UInt64](repeating: free, count: 64)
    /// The number of different values.
    public private(set) var count = 0

    /// No value yet.
    public init() {}

    /// Brings values in; NaN is none, and -0 is 0.
    public mutating func update(_ values: UnsafeBufferPointer<Double>) {
        for value in values { update(value) }
    }

    /// Brings one value in; NaN is none.
    public mutating func update(_ value: Double) {
        guard value == value else { return }
        insert((value + 0.0).bitPattern)
    }

    /// Brings the values of another set in.
    public mutating func combine(_ other: DistinctValues) {
        for bits in other.slots where bits != Self.free { insert(bits) }
    }

    private mutating func insert(_ bits: UInt64) {
        var slot = place(of: bits)
        while slots[slot] != Self.free {
            if slots[slot] == bits { return }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = bits
        count += 1
        guard count > slots.count / 3 * 2 else { return }
        let old = slots
        slots = [UInt64](repeating: Self.free, count: 2 * old.count)
        for bits in old where bits != Self.free {
            var slot = place(of: bits)
            while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = bits
        }
    }

    /// Fibonacci hashing (Knuth, TAOCP 3, section 6.4) over folded bits: the high bits of the product.
    private func place(of bits: UInt64) -> Int {
        let product = (bits ^ (bits &>> 32)) &* 0x9e37_79b9_7f4a_7c15
        return Int(product &>> UInt64(64 - slots.count.trailingZeroBitCount))
    }
}

/// The last few of eight digits as a word, the first in its lowest byte.
struct EightDigits {
    private let mask: UInt64

    /// The last `count` of eight bytes, 0...8.
    init(count: Int) { mask = UInt64.max << UInt64(64 - 8 * count) }

    /// The word with the digit 0 in the place of what comes before.
    @inline(__always)
    func padded(_ word: UInt64) -> UInt64 {
        (word.littleEndian & mask) | (0x3030_3030_3030_3030 & ~mask)
    }

    /// 0 if all bytes are digits.
    @inline(__always)
    static func wrongBits(_ word: UInt64) -> UInt64 {
        let highs: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
        return ((word & highs) | (((word &+ 0x0606_0606_0606_0606) & highs) &>> 4))
            ^ 0x3333_3333_3333_3333
    }

    /// How many of the last of eight bytes are digits.
    @inline(__always)
    static func lastCount(_ word: UInt64) -> Int {
        let values = word.littleEndian ^ 0x3030_3030_3030_3030
        // Above 9 the addition reaches the highest bit of a byte, which is not carried out of.
        let highest: UInt64 = 0x8080_8080_8080_8080
        let others = (((values & ~highest) &+ 0x7676_7676_7676_7676) | values) & highest
        return others.leadingZeroBitCount / 8
    }

    /// Pairs, then fours, then all eight (Lemire, "Quickly parsing eight digits").
    @inline(__always)
    static func value(_ word: UInt64) -> UInt64 {
        let pairs = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2_561) &>> 8
        let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) &>> 16
        return ((fours & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) &>> 32
    }
}

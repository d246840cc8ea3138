import Stratum
import Testing

@testable import StratumCLI

struct ArgumentValuesTests {
    @Test(arguments: [("0", 0), ("12", 12), ("9223372036854775807", Int.max)])
    func rejectLimitReadsCounts(text: String, count: Int) {
        #expect(RejectLimitArgument(argument: text)?.limit == .count(count))
    }

    @Test(arguments: [("1", 1), ("64K", 65_536), ("20M", 20 << 20), ("2G", 2 << 30)])
    func aSizeIsReadInPowersOf1024(text: String, byteCount: Int) {
        #expect(ByteCountArgument(argument: text)?.byteCount == byteCount)
    }

    @Test(arguments: [("1%", 0.01), ("0.5%", 0.005), ("100%", 1), ("0%", 0)])
    func rejectLimitReadsShares(text: String, share: Double) {
        #expect(RejectLimitArgument(argument: text)?.limit == .share(share))
    }

    @Test(arguments: [
        "", "%", "-1", "1.5", "nan%", "inf%", "101%", "0x1p-3%", "1e1%", "..%", "9223372036854775808", "١",
    ])
    func rejectLimitRefuses(text: String) {
        #expect(RejectLimitArgument(argument: text) == nil)
    }

    @Test(arguments: [(";", 0x3b), (",", 0x2c), ("|", 0x7c), ("tab", 9), ("\\t", 9), ("\t", 9)] as [(String, UInt8)])
    func delimiterReads(text: String, byte: UInt8) {
        #expect(DelimiterArgument(argument: text)?.byte == byte)
    }

    @Test(arguments: ["", ";;", "\"", "7", "-", ".", "e", "Z", "\n", "é", " "])
    func delimiterRefusesWhatFieldsHold(text: String) {
        #expect(DelimiterArgument(argument: text) == nil)
    }
}

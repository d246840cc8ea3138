import ArgumentParser
import Stratum
import TableIO

/// `--max-rejects N|P%`.
struct RejectLimitArgument: Equatable, ExpressibleByArgument {
    let limit: Plan.Limits.RejectLimit

    init?(argument: String) {
        if argument.hasSuffix("%") {
            guard let percent = decimal(argument.dropLast()), percent <= 100 else { return nil }
            limit = .share(percent / 100)
        } else {
            guard !argument.isEmpty, argument.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(argument)
            else { return nil }
            limit = .count(count)
        }
    }
}

/// `--decimal-mark`.
enum DecimalMarkArgument: String, ExpressibleByArgument, CaseIterable {
    case point, comma
}

/// A size in bytes: `500000`, `64K`, `20M`, `2G`, in powers of 1,024.
struct ByteCountArgument: Equatable, ExpressibleByArgument {
    let byteCount: Int

    init?(argument: String) {
        let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
        let shift = argument.last.flatMap { shifts[$0] }
        let digits = shift == nil ? argument[...] : argument.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(digits),
            count > 0, count <= Int.max >> (shift ?? 0)
        else { return nil }
        byteCount = count << (shift ?? 0)
    }
}

/// `--compress gz|zst`.
struct CompressionArgument: Equatable, ExpressibleByArgument {
    static let allValueStrings = OutputCompression.allCases.map(\.rawValue)
    let compression: OutputCompression

    init?(argument: String) {
        guard let compression = OutputCompression(rawValue: argument) else { return nil }
        self.compression = compression
    }
}

/// `--delimiter`: one ASCII character that no number, quote or record end uses, or `auto`.
struct DelimiterArgument: Equatable, ExpressibleByArgument {
    /// Nil for `auto`.
    let byte: UInt8?

    init?(argument: String) {
        switch argument {
        case "auto": byte = nil
        case "tab", "\\t", "\t": byte = 0x09
        default:
            guard argument.utf8.count == 1, let only = argument.utf8.first, (0x20...0x7e).contains(only),
                !" \"+-.".utf8.contains(only), !(0x30...0x39).contains(only),
                !(0x41...0x5a).contains(only & 0xdf)
            else { return nil }
            byte = only
        }
    }
}

/// `--comment`: one ASCII character, of those that a delimiter may be, but no tab; or `none`.
struct CommentArgument: Equatable, ExpressibleByArgument {
    /// 0 for `none`.
    let byte: UInt8

    init?(argument: String) {
        if argument == "none" {
            byte = 0
            return
        }
        guard argument.utf8.count == 1, argument != "\t", let byte = DelimiterArgument(argument: argument)?.byte else {
            return nil
        }
        self.byte = byte
    }
}

/// A plain decimal of digits with at most one point; `Double.init` alone would take `nan`, `inf` and hexadecimal.
func decimal(_ text: Substring) -> Double? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e }) else { return nil }
    return Double(text)
}

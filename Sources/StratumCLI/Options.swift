import ArgumentParser
import Foundation
import Stratum
import TableIO

/// Options of every verb that computes.
struct WorkOptions: ParsableArguments {
    @Option(help: "Threads to use; the results are the same for any number. (default: all cores)")
    var threads: Int?

    @Option(help: "Seed of everything random. (default: the plan's)")
    var seed: UInt64?

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more: stage times, inputs and outputs.")
    var verbose = false

    @Flag(help: "Print the summary as JSON on standard output.")
    var json = false

    @Option(help: "Color on the terminal: auto, always or never; NO_COLOR is heeded.")
    var color: ColorChoice = .auto

    mutating func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads); give a number from 1 to 1024.")
        }
        if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other; give one of them.") }
    }

    /// Refuses `--json` when standard output already holds the data.
    func refuseJSON(besideData output: String) throws {
        guard json, output == "-" else { return }
        throw ValidationError("--json and -o - both want standard output; write the summary with --summary FILE.")
    }

    /// The threads asked for, or one for each core.
    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}

/// When to use color on standard error.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}

/// Options of every verb that reads an export.
struct InputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Rejected records to bear, a count or a share such as 0.5%. (default: the plan's, 1%)", valueName: "n|p%"))
    var maxRejects: RejectLimitArgument?

    @Option(
        help: """
            The field separator: one character, the word tab, or auto for the one of , ; tab | that the header \
            suggests. A first line 'sep=;' is obeyed. (default: the plan's)
            """)
    var delimiter: DelimiterArgument?

    @Option(help: "What stands before the decimals: point or comma. (default: the plan's)")
    var decimalMark: DecimalMarkArgument?

    @Option(
        help: ArgumentHelp(
            "What stands between thousands: a character, or comma, point, space, apostrophe or none. (default: the plan's)",
            valueName: "character"))
    var thousands: String?

    @Option(
        help: ArgumentHelp(
            "A symbol that may stand before or after a number, such as €; repeatable. (default: the plan's)",
            valueName: "symbol"))
    var currency: [String] = []

    @Flag(help: "Read 12% as 0.12.")
    var percent = false

    @Option(
        name: .customLong("null"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A word that means a missing number, in place of the plan's; repeatable. (default: the plan's)",
            valueName: "word"))
    var nullWords: [String] = []

    @Option(
        help: ArgumentHelp(
            "Lines to drop before the header of each input. (default: the plan's, 0)", valueName: "n"))
    var skipLines: Int?

    @Option(
        help: ArgumentHelp(
            "Lines that begin with this character are no records; or none. (default: the plan's)",
            valueName: "character"))
    var comment: CommentArgument?

    @Option(
        help: """
            The encoding: utf-8, utf-16le, utf-16be or gb18030. (default: the plan's, else what a byte order mark tells, \
            else utf-8)
            """)
    var encoding: EncodingArgument?

    @Option(
        help: ArgumentHelp(
            "Fail unless the inputs hold exactly so many records together. (default: the plan's)", valueName: "n"))
    var expectRows: Int?

    @Option(
        help: ArgumentHelp(
            "Bytes that a compressed input may unpack to, such as 20G. (default: 1,000 for each stored byte)",
            valueName: "bytes"))
    var maxDecompressed: ByteCountArgument?

    @Option(
        help: ArgumentHelp(
            "Memory to use at most, such as 2G; when it does not suffice, the status is 6. (default: no limit)",
            valueName: "bytes"))
    var memLimit: ByteCountArgument?

    /// What overrules the plan's way to write numbers.
    var numbers: NumberOptions {
        var numbers = NumberOptions()
        numbers.decimalMark = decimalMark.map { $0 == .comma ? .comma : .point }
        numbers.thousandsSeparator = thousands.map { NumberFormat.thousandsSeparator(named: $0) ?? "" }
        numbers.currencySymbols = currency.isEmpty ? nil : currency
        numbers.percent = percent ? true : nil
        numbers.nullWords = nullWords.isEmpty ? nil : nullWords
        return numbers
    }

    mutating func validate() throws {
        if let skipLines, skipLines < 0 { throw ValidationError("--skip-lines is \(skipLines); give 0 or more.") }
        if let expectRows, expectRows < 0 { throw ValidationError("--expect-rows is \(expectRows); give 0 or more.") }
        if let comment, comment.byte == delimiter?.byte {
            throw ValidationError("--comment and --delimiter are the same character; give two.")
        }
    }
}

/// Encodings that exports have.
enum EncodingArgument: String, ExpressibleByArgument, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case gb18030
}

/// Options of every verb that writes files.
struct OutputOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Replace outputs that exist.")
    var force = false

    @Flag(help: "Leave out fsync: faster, but a power cut may lose outputs that were reported as done.")
    var noSync = false

    @Flag(help: "Put an apostrophe before cells that a spreadsheet would run as formulas.")
    var spreadsheetSafe = false
}

/// Options of the verbs whose result is one file.
struct SideFileOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write rejected records to this file.", valueName: "file"), completion: .file())
    var rejects: String?

    @Option(help: ArgumentHelp("Write the summary (JSON) to this file.", valueName: "file"), completion: .file())
    var summary: String?
}

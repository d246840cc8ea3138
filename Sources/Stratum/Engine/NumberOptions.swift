public import TableIO

/// How numbers are written, as far as it overrules the plan; nil leaves a setting to the plan.
public struct NumberOptions: Equatable, Sendable {
    /// What stands before the decimals.
    public var decimalMark: NumberFormat.DecimalMark?
    /// The character between groups of three digits; an empty text for none.
    public var thousandsSeparator: String?
    /// Symbols that may stand before or after a number.
    public var currencySymbols: [String]?
    /// Whether `12%` reads as 0.12.
    public var percent: Bool?
    /// Words that stand for a missing value, besides the empty field.
    public var nullWords: [String]?

    /// All is left to the plan.
    public init() {}

    /// The input of a plan with these settings in place of its own.
    public func applied(to input: Plan.Input) -> Plan.Input {
        var input = input
        if let decimalMark { input.numbers.decimalMark = decimalMark }
        if let thousandsSeparator {
            input.numbers.thousandsSeparator = thousandsSeparator.isEmpty ? nil : thousandsSeparator
        }
        if let currencySymbols { input.numbers.currencySymbols = currencySymbols }
        if let percent { input.numbers.percent = percent }
        if let nullWords { input.nullWords = nullWords }
        return input
    }
}

extension RunOptions {
    /// The input of a plan with what these options overrule.
    public func applied(to input: Plan.Input) -> Plan.Input {
        var input = numbers.applied(to: input)
        if let delimiter { input.delimiter = String(Unicode.Scalar(delimiter)) }
        if picksDelimiter { input.delimiter = Plan.Input.anyDelimiter }
        if let skippedLineCount { input.skippedLineCount = skippedLineCount }
        if let commentByte { input.comment = commentByte == 0 ? nil : String(Unicode.Scalar(commentByte)) }
        if let encoding { input.encoding = encoding }
        if let expectedRecordCount { input.expectedRecordCount = expectedRecordCount }
        return input
    }

    /// These options, with what a plan says of how its files are written where they are silent: for what reads the files
    /// of a plan without it.
    public func completed(by input: Plan.Input) -> RunOptions {
        let input = applied(to: input)
        var options = self
        options.numbers.decimalMark = input.numbers.decimalMark
        options.numbers.thousandsSeparator = input.numbers.thousandsSeparator ?? ""
        options.numbers.currencySymbols = input.numbers.currencySymbols
        options.numbers.percent = input.numbers.percent
        options.numbers.nullWords = input.nullWords
        options.picksDelimiter = input.delimiter == Plan.Input.anyDelimiter
        options.delimiter = options.picksDelimiter ? nil : input.delimiter.utf8.first
        options.skippedLineCount = input.skippedLineCount
        options.commentByte = input.comment?.utf8.first ?? 0
        options.encoding = input.encoding
        options.expectedRecordCount = input.expectedRecordCount
        return options
    }

    /// How inputs are written: as a plan says, unless these options overrule it.
    ///
    /// - Throws: `PlanError` if the two together contradict each other.
    func csvFormat(of input: Plan.Input = Plan.Input()) throws(PlanError) -> CSVFormat {
        let input = applied(to: input)
        try input.check()
        return input.format
    }
}

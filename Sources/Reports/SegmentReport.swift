public import Segmentation

/// The segments' profiles with what is needed to read them.
public struct SegmentReport: Equatable, Sendable {
    /// The profiles, by number.
    public var profiles: [SegmentProfile]
    /// The column whose sums the profiles hold; nil when the plan names none, and sums are then left out.
    public var valueTitle: String?

    /// A report on segments.
    public init(profiles: [SegmentProfile], valueTitle: String? = nil) {
        self.profiles = profiles
        self.valueTitle = valueTitle
    }

    /// The bytes of segments.csv: one row for each segment, with the mean of each feature in its own units (`mean_`) and
    /// in standard deviations from the mean of all customers (`z_`).
    public var csv: [UInt8] {
        var csv = CSVText()
        let names = profiles.first?.features.map(\.name) ?? []
        csv.append(
            [
                "segment", "name", "customers", "share_of_customers", "value", "share_of_value", "mean_value",
                "marked_by",
            ]
                + names.map { "mean_\($0)" } + names.map { "z_\($0)" })
        for profile in profiles {
            csv.append(
                [
                    String(profile.number), profile.name, String(profile.size), CSVText.field(profile.share),
                    CSVText.field(value(of: profile)), CSVText.field(valueTitle == nil ? nil : profile.shareOfValue),
                    CSVText.field(valueTitle == nil ? nil : profile.meanValue),
                    profile.marks.map { profile.features[$0].name }.joined(separator: "; "),
                ] + profile.features.map { CSVText.field($0.mean) }
                    + profile.features.map { CSVText.field($0.standardizedMean) })
        }
        return csv.bytes
    }

    /// The same figures for the summary.
    public var json: JSONValue {
        .list(
            profiles.map { profile in
                [
                    "segment": .integer(profile.number), "name": .text(profile.name),
                    "customers": .integer(profile.size), "share_of_customers": .number(profile.share),
                    "value": .optional(value(of: profile)),
                    "share_of_value": .optional(valueTitle == nil ? nil : profile.shareOfValue),
                    "mean_value": .optional(valueTitle == nil ? nil : profile.meanValue),
                    "marked_by": .list(profile.marks.map { .text(profile.features[$0].name) }),
                    "features": .list(
                        profile.features.map {
                            [
                                "name": .text($0.name), "mean": .optional($0.mean),
                                "standardized_mean": .number($0.standardizedMean),
                            ]
                        }),
                ]
            })
    }

    /// A table for the terminal: size, value and, in 100 columns or more, how far the marking features lie from the mean
    /// of all customers, in standard deviations.
    public func text(_ style: TerminalStyle) -> String {
        let hasValue = valueTitle != nil && profiles.contains { $0.shareOfValue != nil }
        var columns: [(title: String, alignment: Alignment)] = [
            ("", .right), ("segment", .left), ("customers", .right), ("share", .right),
        ]
        if hasValue { columns.append(("of value", .right)) }
        let hasMarks = style.width >= 100
        if hasMarks { columns.append(("marked by (sd from the mean)", .left)) }
        var table = TextTable(columns: columns)
        for profile in profiles {
            var row = [
                String(profile.number), profile.name, groupedText(profile.size), percentText(profile.share),
            ]
            if hasValue { row.append(profile.shareOfValue.map(percentText) ?? "") }
            if hasMarks {
                row.append(profile.marks.map { mark(profile.features[$0], style) }.joined(separator: ", "))
            }
            table.append(row)
        }
        return table.text(style)
    }

    private func mark(_ feature: SegmentProfile.Feature, _ style: TerminalStyle) -> String {
        let distance = feature.standardizedMean
        let sign = distance < 0 ? (style.asciiOnly ? "-" : "−") : "+"
        return "\(feature.name) \(sign)\(groupedText(abs(distance), decimals: 1))"
    }

    private func value(of profile: SegmentProfile) -> Double? { valueTitle == nil ? nil : profile.totalValue }
}

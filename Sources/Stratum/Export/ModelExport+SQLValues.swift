import Scoring

extension ModelExport {
    /// The name of a column in the stages from the values on.
    func sqlName(_ column: ExportColumn) -> String {
        switch column {
        case .input(let place): "v\(place)"
        case .derived(let place): derivation.names[place]
        }
    }

    /// The stages that read the table: numbers as `v0`, ..., and the group as `g`. Words are first read as texts.
    func valueStages(table: String) -> [(name: String, isKept: Bool, query: String)] {
        let id = SQLText.name(model.plan.plan.input.headerName(of: model.plan.plan.input.id))
        let filter = numberTests.isEmpty ? [] : ["WHERE " + numberTests.joined(separator: " AND ")]
        let read = select(["\(id) AS id"] + readColumns, from: SQLText.table(table), filter)
        let isDecidedUpon = !columns.computations.isEmpty
        guard !wordPlaces.isEmpty else { return [(Self.stage("v"), isDecidedUpon, read)] }
        let values = columns.inputs.enumerated().map { place, input in
            switch input.content {
            case .numbers: "v\(place)"
            case .words(let grades): "\(SQLWords.number(of: "w\(place)", grades)) AS v\(place)"
            case .groups: "g"
            }
        }
        // A text that is there and no word.
        let tests = wordPlaces.map { place, grades in
            "(w\(place) IS NULL OR \(SQLWords.number(of: "w\(place)", grades)) IS NOT NULL)"
        }
        return [
            (Self.stage("w"), true, read),
            (
                Self.stage("v"), true,
                select(["id"] + values, from: Self.stage("w"), ["WHERE " + tests.joined(separator: " AND ")])
            ),
        ]
    }

    /// The places of the columns of words.
    private var wordPlaces: [(place: Int, grades: Normalization.GradeWords)] {
        columns.inputs.enumerated().compactMap { place, input in
            if case .words(let grades) = input.content { (place, grades) } else { nil }
        }
    }

    /// The table's columns as numbers, and as texts where they hold words or groups.
    private var readColumns: [String] {
        let nullWords = model.plan.plan.input.nullWords
        return zip(columns.inputs, headings).enumerated().map { place, column in
            let name = SQLText.name(column.1)
            switch column.0.content {
            case .numbers: return "CAST(\(name) AS DOUBLE PRECISION) AS v\(place)"
            case .words: return "\(SQLWords.text(name, nullWords: nullWords, isFolded: true)) AS w\(place)"
            case .groups: return "\(SQLWords.text(name, nullWords: nullWords, isFolded: false)) AS g"
            }
        }
    }

    /// What the numbers of a row must be.
    private var numberTests: [String] {
        zip(columns.inputs, headings).compactMap { input, heading in
            guard case .numbers(let range) = input.content else { return nil }
            let value = "CAST(\(SQLText.name(heading)) AS DOUBLE PRECISION)"
            let sides = [
                range.minimum.map { "\(value) >= \(SQLText.number($0))" },
                range.maximum.map { "\(value) <= \(SQLText.number($0))" },
            ].compactMap(\.self)
            return sides.isEmpty ? nil : "(\(value) IS NULL OR \(sides.joined(separator: " AND ")))"
        }
    }
}

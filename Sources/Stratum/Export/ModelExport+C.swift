// The order of operations is that of Scorer, NormalizationKernel, RankTable and CKernels/scoring.c: what changes there
// changes here. The sums of a dimension are fused, as OpenBLAS has them; nothing else is.

import Scoring
import Tiers
import VectorMath

extension ModelExport {
    /// The model as one file of C11 that needs the C library's mathematics only.
    ///
    /// Contracting products and sums must be off (`-ffp-contract=off`) for the engine's scores to the last bit. With
    /// `STRATUM_DECLARATIONS_ONLY` defined the file is its own header.
    public var c: String {
        let includes = ["locale.h", "math.h", "stddef.h", "stdlib.h", "string.h"].map { "#include <\($0)>\n" }.joined()
        return
            ([declarations, "#ifndef STRATUM_DECLARATIONS_ONLY\n\n\(includes)", nameTables, wordLookup] + helpers
            + tables
            + [function, "#endif\n"])
            .joined(separator: "\n")
    }

    private var tierNames: [String] {
        let codes = model.tiers.namedCodes
        return (0...Int(codes.last ?? 0)).map { model.tiers.name(of: UInt8($0)) ?? "" }
    }

    private var declarations: String {
        """
        // A scoring model of stratum \(model.engineVersion). Compile with -std=c11 -ffp-contract=off and link with -lm.
        // Define STRATUM_DECLARATIONS_ONLY before including this file as a header.

        #ifndef STRATUM_MODEL_DECLARATIONS
        #define STRATUM_MODEL_DECLARATIONS

        enum {
            STRATUM_VALUE_COUNT = \(columns.inputs.count),
            STRATUM_DIMENSION_COUNT = \(model.scoring.dimensions.count),
            STRATUM_TIER_COUNT = \(tierNames.count)
        };

        struct stratum_result {
            double score;                                // 0..100, NaN if the customer has none
            double dimensions[STRATUM_DIMENSION_COUNT];  // 0..100, NaN where none of its indicators counts
            int tier;                                    // a place in stratum_tier_names, -1 if there is none
            int missing;                                 // indicators without a value
        };

        extern const char *const stratum_value_names[STRATUM_VALUE_COUNT];
        extern const int stratum_value_is_text[STRATUM_VALUE_COUNT];  // 1 where stratum_text makes the value, or 0
        extern const char *const stratum_dimension_names[STRATUM_DIMENSION_COUNT];
        extern const char *const stratum_tier_names[STRATUM_TIER_COUNT];

        // The number that stands in `values` at the place (from 0) of a column of texts: words that are scored, or groups
        // that have cut-offs of their own. Blanks around the text are dropped; of words upper and lower case of ASCII
        // letters are alike. An empty text is NaN, a missing value. Returns 0; -1 if the text is no word of the column or
        // the column is one of numbers: 'stratum score' rejects such a record.
        int stratum_text(int place, const char *text, double *value);

        // Scores one customer. `values` are in the order of stratum_value_names, NaN where missing. Returns 0; n if the
        // n-th value, or what is derived from it, is missing and the model cannot do without; -n if the n-th value is not
        // admissible. Then `out` is not filled.
        int stratum_score(const double values[], struct stratum_result *out);

        #endif

        """
    }

    private var nameTables: String {
        func table(_ name: String, _ count: String, _ texts: [String]) -> String {
            let lines = texts.map { "    \(CText.string($0)),\n" }.joined()
            return "const char *const \(name)[\(count)] = {\n\(lines)};\n"
        }
        return [
            table("stratum_value_names", "STRATUM_VALUE_COUNT", headings),
            "const int stratum_value_is_text[STRATUM_VALUE_COUNT] = {\(textMarks.joined(separator: ", "))};\n",
            table("stratum_dimension_names", "STRATUM_DIMENSION_COUNT", model.scoring.dimensions.map(\.name)),
            table("stratum_tier_names", "STRATUM_TIER_COUNT", tierNames),
        ].joined(separator: "\n")
    }

    /// The functions that are called; others would be warned of.
    private var helpers: [String] {
        let kernels = indicators.map { NormalizationKernel($0.curve) }
        let arithmetic = CExpression.helpers(columns.computations.map(\.expression))
        let transforms = Set(indicators.map(\.transform))
        let functions = Transform.allCases.filter(transforms.contains).compactMap(CText.transform)
        let parts = Set(kernels.map(CText.kernel))
        return arithmetic + functions
            + [CText.ramp, CText.scale, CText.bend, CText.ranks, CText.grades].filter(parts.contains)
    }

    /// The tables of ranks and grades.
    private var tables: [String] {
        [groupTable, generalTable].compactMap(\.self)
            + indicators.enumerated().flatMap { place, indicator -> [String] in
                switch NormalizationKernel(indicator.curve) {
                case .ramp, .bend, .scale: []
                case .ranks(let table, _):
                    [
                        CText.array("values_\(place)", table.values),
                        CText.array("percentiles_\(place)", table.percentiles),
                    ]
                case .answers(let scores):
                    [
                        CText.array("numbers_\(place)", scores.indices.map(Double.init)),
                        CText.array("scores_\(place)", scores),
                    ]
                case .grades(let grades):
                    [
                        CText.array("numbers_\(place)", grades.map(\.number)),
                        // + 0.0: as the scorer has it.
                        CText.array("scores_\(place)", grades.map { $0.score + 0.0 }),
                    ]
                }
            }
    }

    private var function: String {
        var lines: [String] = []
        for (place, input) in columns.inputs.enumerated() {
            guard case .numbers(let range) = input.content else { continue }
            let tests = [
                range.minimum.map { "values[\(place)] < \(CText.number($0))" },
                range.maximum.map { "values[\(place)] > \(CText.number($0))" },
            ].compactMap(\.self)
            if !tests.isEmpty { lines.append("if (\(tests.joined(separator: " || "))) return -\(place + 1);") }
        }
        lines += derivedLines
        lines += ["double s[\(indicators.count)];", "int missing = 0;", ""]
        for (place, indicator) in indicators.enumerated() {
            let value = cName(indicatorColumns[place])
            let transformed = indicator.transform == .none ? value : "\(CText.name(indicator.transform))(\(value))"
            lines.append("s[\(place)] = \(curve(indicator, place, of: transformed));")
            switch indicator.missing {
            case .renormalize: lines.append("missing += s[\(place)] != s[\(place)];")
            case .fill(let score):
                lines.append("if (s[\(place)] != s[\(place)]) missing++, s[\(place)] = \(CText.number(score + 0.0));")
            case .fail:
                lines.append("if (s[\(place)] != s[\(place)]) return \(firstInput(indicatorColumns[place]) + 1);")
            }
        }
        lines.append("")
        let hasGaps = indicators.contains { $0.missing == .renormalize }
        lines.append("double sum, \(hasGaps ? "present, " : "")total = 0, weight = 0;")
        for (number, part) in dimensions.enumerated() {
            lines += dimensionLines(number, part.dimension, part.indicators)
        }
        lines.append("")
        lines += scoreLines + tierLines
        lines += ["out->missing = missing;", "return 0;"]
        let body = lines.map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
        return "int stratum_score(const double values[], struct stratum_result *out) {\n\(body)\n}\n"
    }

    /// The call that scores a transformed value.
    private func curve(_ indicator: FittedIndicator, _ place: Int, of value: String) -> String {
        func call(_ name: String, _ numbers: Double...) -> String {
            "\(name)(\(([value] + numbers.map(CText.number)).joined(separator: ", ")))"
        }
        switch NormalizationKernel(indicator.curve) {
        case .ramp(let origin, let slope): return call("ramp", origin, slope)
        case .scale(let origin, let slope, let ends):
            return call("scale", origin, slope, ends.lowerBound, ends.upperBound)
        case .bend(let knot, let height, let below, let above): return call("bend", knot, height, below, above)
        case .ranks(let table, let lowerIsBetter):
            let count = table.values.count
            let share = "percentile(\(value), values_\(place), percentiles_\(place), \(count)) / 100"
            return lowerIsBetter ? "1 - \(share)" : share
        case .answers(let scores):
            return "grade(\(value), numbers_\(place), scores_\(place), \(scores.count))"
        case .grades(let grades):
            return "grade(\(value), numbers_\(place), scores_\(place), \(grades.count))"
        }
    }

    private func dimensionLines(_ number: Int, _ dimension: FittedDimension, _ places: Range<Int>) -> [String] {
        var lines = ["", "sum = 0;"]
        let hasGaps = dimension.indicators.contains { $0.missing == .renormalize }
        if hasGaps { lines.append("present = 0;") }
        for (place, indicator) in zip(places, dimension.indicators) {
            let fused = "sum = fma(s[\(place)], \(CText.number(100 * indicator.weight)), sum);"
            let weight = "present += \(CText.number(indicator.weight));"
            if indicator.missing == .renormalize {
                lines.append("if (s[\(place)] == s[\(place)]) { \(fused) \(weight) }")
            } else {
                lines.append(hasGaps ? "\(fused) \(weight)" : fused)
            }
        }
        let full = CText.number(Self.fullWeight(of: dimension))
        if hasGaps { lines.append("sum = present == \(full) ? sum : sum / present;") }
        lines.append("sum = sum > 100 ? 100 : sum;")
        lines.append("out->dimensions[\(number)] = sum;")
        let weight = CText.number(dimension.weight)
        switch model.scoring.aggregation {
        case .arithmetic:
            lines.append("if (sum == sum) { total += \(weight) * sum; weight += \(weight); }")
        case .geometric(let floor):
            let floor = CText.number(floor)
            let term = dimension.weight > 0 ? "total += \(weight) * log(sum < \(floor) ? \(floor) : sum); " : ""
            lines.append("if (sum == sum) { \(term)weight += \(weight); }")
        case .topsis:
            // Distances from the worst and from the best over all indicators; a missing one is near neither.
            for (place, indicator) in zip(places, dimension.indicators) {
                let weight = CText.number(dimension.weight * indicator.weight)
                let (near, far) = ("\(weight) * s[\(place)]", "(\(weight) - \(weight) * s[\(place)])")
                let guardian = indicator.missing == .renormalize ? "if (s[\(place)] == s[\(place)]) " : ""
                lines.append("\(guardian){ total += (\(near)) * (\(near)); weight += \(far) * \(far); }")
            }
        }
        return lines
    }

    private var scoreLines: [String] {
        let full = CText.number(fullWeight)
        let score =
            switch model.scoring.aggregation {
            case .arithmetic: "weight == \(full) ? total : total / weight"
            case .geometric: "weight > 0 ? exp(total / weight) : NAN"
            case .topsis: "total + weight > 0 ? 100 * (sqrt(total) / (sqrt(total) + sqrt(weight))) : NAN"
            }
        return ["double score = \(score);", "score = score > 100 ? 100 : score;", "out->score = score;"]
    }
}

import Scoring
import Tiers

/// Columns of texts in C: tables of words, and the function that looks a text up.
enum CWords {
    /// A table of texts by rising bytes and the numbers that they stand for.
    static func table(_ name: String, _ entries: [(text: String, number: Double)]) -> String {
        let lines = entries.map { "    {\(CText.string($0.text)), \(CText.number($0.number))},\n" }
        return "static const struct text \(name)[\(entries.count)] = {\n\(lines.joined())};\n"
    }

    static let entry = """
        struct text {
            const char *text;
            double number;
        };

        """

    /// Finds a text among entries by rising bytes, as it is or with the letters of ASCII made small.
    static let lookup = """
        static int order(const char *text, size_t length, const char *other, int folds) {
            for (size_t i = 0; i < length; i++) {
                unsigned char one = (unsigned char)text[i], two = (unsigned char)other[i];
                if (folds && one >= 'A' && one <= 'Z') one = (unsigned char)(one + ('a' - 'A'));
                if (one != two) return one < two ? -1 : 1;
            }
            return other[length] == 0 ? 0 : -1;
        }

        static int find(const char *text, size_t length, const struct text *entries, int count, int folds, double *value) {
            int low = 0, high = count;
            while (low < high) {
                int middle = low + (high - low) / 2;
                int side = order(text, length, entries[middle].text, folds);
                if (side == 0) {
                    *value = entries[middle].number;
                    return 0;
                }
                if (side < 0) high = middle; else low = middle + 1;
            }
            return -1;
        }

        """

    /// Reads a number among words: digits with a point and an exponent, nothing else.
    static let number = """
        static int number(const char *text, size_t length, double *value) {
            char copy[64];
            size_t at = 0, digits = 0;
            if (length >= sizeof copy) return -1;
            memcpy(copy, text, length);
            copy[length] = 0;
            if (copy[at] == '+' || copy[at] == '-') at++;
            for (; copy[at] >= '0' && copy[at] <= '9'; at++) digits++;
            if (copy[at] == '.') at++;
            for (; copy[at] >= '0' && copy[at] <= '9'; at++) digits++;
            if (digits == 0) return -1;
            if (copy[at] == 'e' || copy[at] == 'E') {
                at++;
                if (copy[at] == '+' || copy[at] == '-') at++;
                if (!(copy[at] >= '0' && copy[at] <= '9')) return -1;
                while (copy[at] >= '0' && copy[at] <= '9') at++;
            }
            if (at != length) return -1;
            char *end, *point = strchr(copy, '.');
            if (point != NULL) *point = *localeconv()->decimal_point;
            *value = strtod(copy, &end);
            return *end == 0 ? 0 : -1;
        }

        static int find_number(
            const char *text, size_t length, const double (*entries)[2], int count, double *value) {
            double found;
            if (number(text, length, &found) != 0) return -1;
            for (int i = 0; i < count; i++) {
                if (entries[i][0] == found) {
                    *value = entries[i][1];
                    return 0;
                }
            }
            return -1;
        }

        """
}

extension ModelExport {
    /// For each input 1 if it holds texts, 0 if numbers.
    var textMarks: [String] {
        columns.inputs.map { input in
            if case .numbers = input.content { "0" } else { "1" }
        }
    }

    /// The function that makes numbers of texts, with its tables.
    var wordLookup: String {
        let head = "int stratum_text(int place, const char *text, double *value) {\n"
        guard textMarks.contains("1") else {
            return head + "    (void)place, (void)text;\n    *value = NAN;\n    return -1;\n}\n"
        }
        var parts = [CWords.entry]
        var cases: [String] = []
        var hasNumbers = false
        for (place, input) in columns.inputs.enumerated() {
            switch input.content {
            case .numbers: break
            case .words(let grades):
                let words = grades.folded
                parts.append(CWords.table("texts_\(place)", words.map { ($0.word, $0.number + 0.0) }))
                var found = "found = find(text, length, texts_\(place), \(words.count), 1, value);"
                if !grades.numbers.isEmpty {
                    hasNumbers = true
                    let rows = grades.numbers.map { "{\(CText.number($0.number)), \(CText.number($0.score + 0.0))}" }
                    parts.append(
                        "static const double numerals_\(place)[\(rows.count)][2] = {\(rows.joined(separator: ", "))};\n"
                    )
                    found +=
                        "\n        if (found != 0) found = find_number(text, length, numerals_\(place), \(rows.count), value);"
                }
                cases.append("    case \(place):\n        \(found)\n        break;\n")
            case .groups:
                let groups = model.tiers.groups?.groups ?? []
                let search =
                    groups.isEmpty
                    ? "" : "        (void)find(text, length, texts_\(place), \(groups.count), 0, value);\n"
                if !groups.isEmpty {
                    let entries = groups.enumerated().map { (text: $1.name, number: Double($0)) }
                    parts.append(CWords.table("texts_\(place)", entries))
                }
                // A group without cut-offs of its own is no mistake.
                cases.append("    case \(place):\n\(search)        found = 0;\n        break;\n")
            }
        }
        parts.append(CWords.lookup)
        if hasNumbers { parts.append(CWords.number) }
        return (parts + [missingTexts, head + body(cases) + "}\n"]).joined(separator: "\n")
    }

    private func body(_ cases: [String]) -> String {
        """
            size_t length;
            int found = -1;
            *value = NAN;
            if (place < 0 || place >= STRATUM_VALUE_COUNT || !stratum_value_is_text[place]) return -1;
            while (*text == ' ' || *text == '\\t') text++;
            length = strlen(text);
            while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\\t')) length--;
            for (size_t i = 0; i < sizeof missing_texts / sizeof *missing_texts; i++) {
                if (strlen(missing_texts[i]) == length && memcmp(missing_texts[i], text, length) == 0) return 0;
            }
            switch (place) {
        \(cases.joined())    }
            return found;

        """
    }

    /// Texts that stand for a missing value.
    private var missingTexts: String {
        let words = ([""] + model.plan.plan.input.nullWords).map(CText.string).joined(separator: ", ")
        return "static const char *const missing_texts[] = {\(words)};\n"
    }
}

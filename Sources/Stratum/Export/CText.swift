import Scoring

/// The parts of C that every exported model is made of.
enum CText {
    /// A number of type double that a compiler reads back as the same bits.
    static func number(_ value: Double) -> String { value.description }

    /// A string literal; only bytes that mean something else in C are escaped.
    static func string(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            // The question mark for the sake of trigraphs.
            case "\"", "\\", "?": "\\" + String(scalar)
            // Three octal digits, after which another digit is none of theirs.
            case "\0"..."\u{1F}", "\u{7F}":
                "\\" + [scalar.value >> 6, scalar.value >> 3 & 7, scalar.value & 7].map(String.init).joined()
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }

    /// A table, some numbers a line.
    static func array(_ name: String, _ numbers: [Double]) -> String {
        let lines = stride(from: 0, to: numbers.count, by: 6).map { start in
            "    " + numbers[start..<min(numbers.count, start + 6)].map(number).joined(separator: ", ") + ",\n"
        }
        return "static const double \(name)[\(numbers.count)] = {\n\(lines.joined())};\n"
    }

    /// The name of a transform's function.
    static func name(_ transform: Transform) -> String { "transform_" + transform.rawValue }

    /// A transform's function; nil for none.
    static func transform(_ transform: Transform) -> String? {
        let result: String
        switch transform {
        case .none: return nil
        case .log1p: result = "x < 0 ? NAN : log1p(x)"
        case .sqrt: result = "x < 0 ? NAN : sqrt(x)"
        case .signedLog1p: result = "x < 0 ? -log1p(-x) : log1p(x)"
        case .signedSqrt: result = "x < 0 ? -sqrt(-x) : sqrt(x)"
        }
        return "static double \(name(transform))(double x) { return \(result); }\n"
    }

    /// The function that a kernel needs.
    static func kernel(_ kernel: NormalizationKernel) -> String {
        switch kernel {
        case .ramp: ramp
        case .scale: scale
        case .bend: bend
        case .ranks: ranks
        case .grades, .answers: grades
        }
    }

    static let ramp = """
        static double ramp(double x, double origin, double slope) {
            double y = (x - origin) * slope;
            return x != x ? x : y > 0 ? (y < 1 ? y : 1) : 0;
        }

        """

    static let scale = """
        static double scale(double x, double origin, double slope, double low, double high) {
            double y = (x - origin) * slope;
            return x >= low && x <= high ? (y > 0 ? (y < 1 ? y : 1) : 0) : NAN;
        }

        """

    static let bend = """
        static double bend(double x, double knot, double height, double below, double above) {
            double distance = x - knot;
            double y = height + distance * (distance < 0 ? below : above);
            return x != x ? x : y > 0 ? (y < 1 ? y : 1) : 0;
        }

        """

    static let ranks = """
        static double percentile(double x, const double *values, const double *percentiles, int count) {
            if (x != x) return x;
            if (x < values[0]) return 0;
            if (x > values[count - 1]) return 100;
            int low = 0, high = count;
            while (high - low > 1) {
                int middle = (low + high) / 2;
                if (values[middle] <= x) low = middle; else high = middle;
            }
            if (!(values[low] < x)) return percentiles[low];
            double share = (x / 2 - values[low] / 2) / (values[low + 1] / 2 - values[low] / 2);
            return percentiles[low] + share * (percentiles[low + 1] - percentiles[low]);
        }

        """

    static let grades = """
        static double grade(double x, const double *numbers, const double *scores, int count) {
            for (int i = 0; i < count; i++) {
                if (numbers[i] == x) return scores[i];
            }
            return NAN;
        }

        """
}

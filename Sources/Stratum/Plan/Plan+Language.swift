import Segmentation

extension Plan {
    /// A language that the program has words of, for names that a plan leaves to it.
    ///
    /// What other programs look for stays as it is: headings, keys of JSON, flags and the words of plans.
    public enum Language: String, CaseIterable, Sendable {
        /// English.
        case english = "en"
        /// Simplified Chinese.
        case chinese = "zh"
    }
}

extension Plan.Language {
    /// Names of tiers, where the plan has none: the classic four, and the layers outside the ranking.
    struct TierWords {
        let classic: [String]
        let inactive: String
        let potential: String
        let negative: String
        let badDebt: String
        /// Customers who cannot be ranked.
        let unranked: String
    }

    var tiers: TierWords {
        switch self {
        case .english:
            TierWords(
                classic: ["top", "major", "medium", "small"], inactive: "inactive", potential: "potential",
                negative: "loss-making", badDebt: "bad debt", unranked: "unranked")
        case .chinese:
            TierWords(
                classic: ["顶级客户", "重要客户", "中型客户", "小型客户"], inactive: "不活跃客户", potential: "潜在客户",
                negative: "亏损客户", badDebt: "呆账客户", unranked: "未分层")
        }
    }

    /// Words for features and figures that are high or low.
    var degrees: SegmentWords {
        switch self {
        case .english: .english
        case .chinese: SegmentWords(high: "高", middle: "中", low: "低", average: "平均", separator: "、")
        }
    }

    /// The title of the matrix's cells where classifications have theirs.
    var cell: String { self == .chinese ? "矩阵单元" : "cell" }

    /// Customers who lack a figure of the matrix.
    var unplaced: String { self == .chinese ? "未归类" : "unplaced" }

    /// What stands for no policy.
    var none: String { self == .chinese ? "无" : "none" }

    /// The answers of a column of yes and no.
    var yesAndNo: [String] { self == .chinese ? ["是", "否"] : ["yes", "no"] }
}

extension Plan {
    /// Gives names in the plan's language to what has one and is not given any in the text.
    mutating func nameWhatIsUnnamed(in node: PlanNode) {
        // What is made in English it is made with.
        guard language != .english else { return }
        let words = language.tiers
        let named = node["tiers"]
        if named == nil || named?.isMap == true && named?["tiers"] == nil {
            for (place, name) in words.classic.enumerated() where tiers.tiers.indices.contains(place) {
                tiers.tiers[place].name = name
            }
        }
        if named?["inactive"]?["name"] == nil { tiers.inactive?.name = words.inactive }
        if named?["potential"]?["name"] == nil { tiers.potential?.name = words.potential }
        if named?["negative"]?["name"] == nil { tiers.negative?.name = words.negative }
        if named?["badDebt"]?["name"] == nil { tiers.badDebt?.name = words.badDebt }
        guard var matrix else { return }
        if node["matrix"]?["unplaced"] == nil { matrix.unplaced = language.unplaced }
        matrix.x.name(language.degrees)
        matrix.y.name(language.degrees)
        // More classes than that are refused.
        if max(matrix.x.classCount, matrix.y.classCount) <= 5 {
            matrix.cells = matrix.cells ?? matrix.madeCells(language.degrees)
        }
        self.matrix = matrix
    }
}

extension Plan.Axis {
    fileprivate mutating func name(_ words: SegmentWords) {
        names = names ?? (classCount == 2 ? [words.low, words.high] : nil)
        names = names ?? (classCount == 3 ? [words.low, words.middle, words.high] : nil)
    }
}

extension Plan.Matrix {
    /// Names of the cells made of those of the classes: "high economic, low potential".
    fileprivate func madeCells(_ words: SegmentWords) -> [[String]] {
        y.classNames.map { row in
            x.classNames.map { column in
                [words.phrase(column, x.by), words.phrase(row, y.by)].joined(separator: words.separator)
            }
        }
    }
}

extension PlanNode {
    fileprivate var isMap: Bool { if case .map = content { true } else { false } }

    /// The value of a key; nil where there is none.
    fileprivate subscript(_ key: String) -> PlanNode? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }
}

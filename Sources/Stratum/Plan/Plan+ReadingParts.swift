extension Plan.Tiers {
    init(_ reader: PlanReader) throws(PlanError) {
        if reader.isList {
            self.init(try Self.tiers(reader))
            return
        }
        let fields = try reader.fields(["by", "method", "ties", "tiers", "inactive", "potential"] + Self.layerKeys)
        self.init(try fields["tiers"].map(Self.tiers) ?? Self.classic.tiers)
        if let reader = fields["by"] { by = try Plan.RankedBy(reader) }
        if let reader = fields["method"] { method = try reader.word(Plan.Method.self) }
        if let reader = fields["ties"] { ties = try Plan.TieRule(reader) }
        if let fields = try fields["inactive"]?.fields(["name", "column", "beyond"]) {
            inactive = Plan.Inactive(
                column: try fields.required("column").text(), beyond: try fields.required("beyond").number())
            if let reader = fields["name"] { inactive!.name = try reader.text() }
        }
        try readLayers(fields)
        if let fields = try fields["potential"]?.fields(["name", "column", "atMost"]) {
            potential = Plan.Potential(column: try fields.required("column").text())
            if let reader = fields["name"] { potential!.name = try reader.text() }
            if let reader = fields["atMost"] { potential!.atMost = try reader.number() }
        }
    }

    private static func tiers(_ reader: PlanReader) throws(PlanError) -> [Plan.Tier] {
        try reader.elements().map { reader throws(PlanError) in try Plan.Tier(reader) }
    }
}

extension Plan.Tier {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        if reader.isScalar {
            self.init(try reader.text(), .rest)
            return
        }
        let fields = try reader.fields(["name", "share", "atLeast", "cumulativeShare"])
        var extents: [Extent] = []
        if let reader = fields["share"] { extents.append(.share(try reader.number(allowsPercent: true))) }
        if let reader = fields["atLeast"] { extents.append(.atLeast(try reader.number())) }
        if let reader = fields["cumulativeShare"] {
            extents.append(.cumulativeShare(try reader.number(allowsPercent: true)))
        }
        guard extents.count <= 1 else {
            throw PlanError(
                .conflict, at: reader.keyPath, reader.node.position, problem: "a tier begins in two places",
                remedy: "keep one of share, atLeast and cumulativeShare")
        }
        self.init(try fields.required("name").text(), extents.first ?? .rest)
    }
}

extension Plan.RankedBy {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        if reader.isScalar {
            let word = try reader.text()
            self = word == "score" ? .score : .column(word)
        } else {
            self = .column(try reader.fields(["column"]).required("column").text())
        }
    }
}

extension Plan.TieRule {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        guard reader.isScalar else {
            self = .split(key: try reader.fields(["split"]).required("split").text())
            return
        }
        switch try reader.text() {
        case "upward": self = .upward
        case "downward": self = .downward
        case let word: throw reader.unknownWord(word, known: ["upward", "downward", "{split: a column}"])
        }
    }
}

extension Plan.Output {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["columns", "decimals"])
        self.init()
        if let readers = try fields["columns"]?.elements() {
            columns = try readers.map { reader throws(PlanError) in try reader.word(Plan.OutputColumn.self) }
        }
        if let reader = fields["decimals"] { decimals = try reader.count(atLeast: 0) }
    }
}

extension Plan.Limits {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["maxRejects"])
        self.init()
        guard let reader = fields["maxRejects"] else { return }
        if !reader.isScalar {
            maxRejects = .share(try reader.fields(["share"]).required("share").number(allowsPercent: true))
        } else if try reader.text().utf8.last == UInt8(ascii: "%") {
            maxRejects = .share(try reader.number(allowsPercent: true))
        } else {
            maxRejects = .count(try reader.count(atLeast: 0))
        }
    }
}

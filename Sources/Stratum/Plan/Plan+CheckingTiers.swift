import Reports

extension Plan {
    /// Refuses tiers that cannot be cut.
    func checkTiers() throws(PlanError) {
        let list = tiers.tiers
        if list.isEmpty { throw invalid("tiers.tiers", "the list is empty", remedy: "name a tier") }
        if list.count > 250 {
            throw invalid("tiers.tiers", "\(list.count) tiers", remedy: "at most 250 are laid out")
        }
        var names = list.enumerated().map { (path: "\(tierPath($0)).name", name: $1.name) }
        if let inactive = tiers.inactive {
            names.append(("tiers.inactive.name", inactive.name))
            try checkName(inactive.column, at: "tiers.inactive.column")
            try checkFinite(inactive.beyond, at: "tiers.inactive.beyond")
        }
        if let potential = tiers.potential {
            names.append(("tiers.potential.name", potential.name))
            try checkName(potential.column, at: "tiers.potential.column")
            try checkFinite(potential.atMost, at: "tiers.potential.atMost")
        }
        if let negative = tiers.negative { names.append(("tiers.negative.name", negative.name)) }
        if let badDebt = tiers.badDebt { names.append(("tiers.badDebt.name", badDebt.name)) }
        for (path, name) in names { try checkName(name, at: path) }
        try checkUnique(names.map(\.name), what: "tier") { names[$0].path }
        if case .column(let column) = tiers.by { try checkName(column, at: "tiers.by") }
        if case .split(let key) = tiers.ties { try checkName(key, at: "tiers.ties.split") }
        try checkMethod()
        try checkTierLayers()
        switch tierMethod {
        case .shares: try checkShares()
        case .cumulativeShare: try checkCumulativeShares()
        case .bands, .cutoffs: try checkBounds()
        case .naturalBreaks: break
        case .hybrid: try checkHybrid()
        }
    }

    /// How the tiers are cut: as stated, or as the fields of the tiers say.
    var tierMethod: Method {
        if let method = tiers.method { return method }
        if isHybrid { return .hybrid }
        for tier in tiers.tiers {
            switch tier.extent {
            case .share: return .shares
            case .cumulativeShare: return .cumulativeShare
            case .atLeast: return tiers.by == .score ? .cutoffs : .bands
            case .rest: continue
            }
        }
        return .shares
    }

    /// Whether some tiers are bands and others shares.
    private var isHybrid: Bool {
        tiers.tiers.contains { if case .atLeast = $0.extent { true } else { false } }
            && tiers.tiers.contains { if case .share = $0.extent { true } else { false } }
    }

    /// Every tier but the last must begin where the method wants it.
    private func checkMethod() throws(PlanError) {
        let method = tierMethod
        switch (method, tiers.by) {
        case (.cutoffs, .column):
            throw PlanError(
                .conflict, at: "tiers.method", nil, problem: "cut-offs are scores, but tiers.by is a column",
                remedy: "use method: bands, or by: score")
        case (.bands, .score):
            throw PlanError(
                .conflict, at: "tiers.method", nil, problem: "bands need a column, but tiers.by is the score",
                remedy: "use method: cutoffs, or name a column under 'by'")
        default: break
        }
        for (index, tier) in tiers.tiers.enumerated() {
            switch (tier.extent, method) {
            case (.share, .shares), (.cumulativeShare, .cumulativeShare), (.atLeast, .bands), (.atLeast, .cutoffs):
                continue
            case (.share, .hybrid), (.atLeast, .hybrid), (.rest, .naturalBreaks): continue
            case (.rest, _) where index == tiers.tiers.count - 1: continue
            case (_, .naturalBreaks):
                throw PlanError(
                    .conflict, at: tierPath(index), nil,
                    problem: "tier '\(tier.name)' says where it begins, but natural breaks are found",
                    remedy: "give the tiers' names only, or choose another method")
            default:
                let key =
                    method == .shares
                    ? "share"
                    : method == .cumulativeShare
                        ? "cumulativeShare" : method == .hybrid ? "share or atLeast" : "atLeast"
                throw PlanError(
                    .conflict, at: tierPath(index), nil,
                    problem: "tier '\(tier.name)' does not say its \(key), but the method is \(method.rawValue)",
                    remedy: "give each tier '\(key)'; only the last may go without, as the rest")
            }
        }
    }

    private func checkShares() throws(PlanError) {
        var sum = 0.0
        for (index, tier) in tiers.tiers.enumerated() {
            guard case .share(let share) = tier.extent else { continue }
            // An empty last tier is what the rest of shares that sum to 1 is.
            if share != 0 || index == 0 || index < tiers.tiers.count - 1 {
                try checkFraction(share, at: "\(tierPath(index)).share")
            }
            sum += share
        }
        let hasRest = tiers.tiers.last?.extent == .rest
        // Shares are written with a few decimals; a billionth is far below one customer in any population.
        if hasRest ? sum > 1 + 1e-9 : abs(sum - 1) > 1e-9 {
            throw invalid(
                "tiers.tiers", "the shares sum to \(significantText(sum * 100, digits: 9)) %",
                remedy: "make them sum to 100 %, or leave out the share of the last tier")
        }
    }

    private func checkCumulativeShares() throws(PlanError) {
        var last = 0.0
        for (index, tier) in tiers.tiers.enumerated() {
            guard case .cumulativeShare(let share) = tier.extent else { continue }
            try checkFraction(share, at: "\(tierPath(index)).cumulativeShare")
            if share <= last, !(share == 1 && last == 1 && index == tiers.tiers.count - 1) {
                throw invalid(
                    "\(tierPath(index)).cumulativeShare", "not above the \(percentText(last)) of the tier before",
                    remedy: "cumulative shares rise from tier to tier, such as 80%, 95%, 100%")
            }
            last = share
        }
        if tiers.tiers.last?.extent != .rest, last < 1 {
            throw invalid(
                "\(tierPath(tiers.tiers.count - 1)).cumulativeShare", "the last tier ends at \(percentText(last))",
                remedy: "let it end at 100%, or leave out its cumulativeShare")
        }
    }

    private func checkBounds() throws(PlanError) {
        var last = Double.infinity
        for (index, tier) in tiers.tiers.enumerated() {
            guard case .atLeast(let bound) = tier.extent else { continue }
            try checkFinite(bound, at: "\(tierPath(index)).atLeast")
            if bound >= last {
                throw invalid(
                    "\(tierPath(index)).atLeast", "\(shortestText(bound)) is not below the tier before",
                    remedy: "list the tiers from the best to the least")
            }
            last = bound
        }
        if tiers.tiers.last?.extent != .rest {
            throw invalid(
                tierPath(tiers.tiers.count - 1), "customers below \(shortestText(last)) are in no tier",
                remedy: "add a last tier without atLeast for the rest")
        }
    }

    private func checkFraction(_ share: Double, at path: String) throws(PlanError) {
        if !(share > 0 && share <= 1) {
            throw invalid(
                path, "a share of \(significantText(share * 100, digits: 9)) %",
                remedy: "give a share above 0 and up to 1, or a percentage such as 15%")
        }
    }

    private func tierPath(_ index: Int) -> String { "tiers.tiers[\(index)]" }
}

import Reports
import Rules
import Tiers

/// How many customers got which name, and who is on the work list; the same for any order of the parts.
struct LabelTally: Sendable {
    /// For each classification and then the matrix.
    var classes: [TierTally]
    /// By policy, customers without one last.
    var policies = TierTally()
    var workList: WorkLists?

    init(_ plan: ResolvedPlan) {
        let count = plan.labels.classifications.count + (plan.plan.matrix == nil ? 0 : 1)
        classes = Array(repeating: TierTally(), count: count)
        workList = plan.plan.workList.map { WorkLists(capacity: $0.capacity) }
    }

    mutating func combine(_ other: LabelTally) {
        for place in classes.indices { classes[place].combine(other.classes[place]) }
        policies.combine(other.policies)
        if let list = other.workList { workList?.combine(list) }
    }
}

extension LabelTally {
    /// A table for each classification and for the matrix.
    func reports(of model: Model) -> [ClassReport] {
        let plan = model.plan
        return zip(plan.nameColumns, classes).map { column, tally in
            let name = column.kind == .cell ? plan.plan.language.cell : plan.labels.classifications[column.place].name
            var report = ClassReport(title: name, names: column.texts, tally, valueTitle: plan.plan.value)
            if column.kind == .cell, let cuts = model.matrix, let matrix = plan.plan.matrix {
                report.details = [
                    .init("x", ["by": .text(matrix.x.by), "cuts": .list(cuts.x.map { .number($0) })]),
                    .init("y", ["by": .text(matrix.y.by), "cuts": .list(cuts.y.map { .number($0) })]),
                ]
            } else {
                report.details = plan.labels.classifications[column.place].details
            }
            return report
        }
    }

    /// The policies with their customers and contacts; nil without policies.
    func policyReport(of plan: ResolvedPlan) -> ClassReport? {
        guard !plan.plan.policies.isEmpty else { return nil }
        var report = ClassReport(
            title: "action", names: plan.plan.policies.map(\.action) + [plan.plan.language.none], policies,
            valueTitle: plan.plan.value)
        for place in report.rows.indices {
            let each = place < plan.plan.policies.count ? plan.plan.policies[place].contacts : 0
            // A million contacts for each of as many customers as fit in memory stay below 2^63.
            report.rows[place].contacts = report.rows[place].customerCount * each
        }
        return report
    }

    /// The members of the summary.
    func results(of model: Model) -> [JSONValue.Member] {
        let plan = model.plan
        let reports = reports(of: model)
        let classReports = reports.prefix(plan.labels.classifications.count)
        var members: [JSONValue.Member] = []
        if !classReports.isEmpty { members.append(.init("classes", .list(classReports.map(\.json)))) }
        if plan.plan.matrix != nil, let report = reports.last { members.append(.init("matrix", report.json)) }
        if let report = policyReport(of: plan) {
            let contacts = report.rows.reduce(0) { $0 + ($1.contacts ?? 0) }
            members.append(.init("policies", ["contacts": .integer(contacts), "table": report.json]))
        }
        if let workList, let asked = plan.plan.workList {
            var facts: [JSONValue.Member] = [
                .init("capacity", .integer(asked.capacity)), .init("candidates", .integer(workList.candidateCount)),
                .init("customers", .integer(workList.count)),
            ]
            if let per = asked.per {
                let names = model.labelKinds.first { $0.name.utf8.elementsEqual(per.utf8) }?.names ?? []
                let rows = zip(names, workList.lists).filter { $1.candidateCount > 0 }.map { names, list -> JSONValue in
                    [
                        "name": .text(names.first ?? ""), "candidates": .integer(list.candidateCount),
                        "customers": .integer(list.count),
                    ]
                }
                facts += [.init("per", .text(per)), .init("lists", .list(rows))]
            }
            members.append(.init("work_list", .object(facts)))
        }
        return members
    }

    /// A sentence on who is on the work list; nil without one.
    func workListNote(of plan: ResolvedPlan) -> String? {
        guard let workList, let asked = plan.plan.workList else { return nil }
        let (count, candidates) = (groupedText(workList.count), groupedText(workList.candidateCount))
        let order = asked.order == .descending ? "highest" : "lowest"
        let limit = asked.per.map { ", \(groupedText(asked.capacity)) for each \($0) at most" } ?? ""
        return "Work list: \(count) of the \(candidates) customers whom a policy allows contacts, by \(asked.rankBy), "
            + "\(order) first\(limit)."
    }

    /// What a reader should know: names that nobody got.
    func warnings(of model: Model) -> [String] {
        reports(of: model).prefix(model.plan.labels.classifications.count).compactMap { report in
            let names = report.unusedNames
            return names.isEmpty
                ? nil : "\(report.title): no customer is \(names.map { "'\($0)'" }.joined(separator: ", "))"
        }
    }
}

extension ClassReport {
    fileprivate init(title: String, names: [String], _ tally: TierTally, valueTitle: String?) {
        let total = tally.total
        self.init(
            title: title,
            rows: names.enumerated().map { code, name in
                let figures = tally.figures(of: UInt8(code))
                return Row(name: name, customerCount: figures.customerCount, value: figures.value)
            },
            customerCount: total.customerCount, value: total.value, valueTitle: valueTitle)
    }
}

extension LabelPlan.Classification {
    /// What the check of the rules has found, for the summary.
    fileprivate var details: [JSONValue.Member] {
        let names = rules.rules.map { JSONValue.text($0.name) }
        return [
            .init("unreachable", .list(coverage.unreachableRules.map { names[$0] })),
            .init(
                "overlaps",
                .list(
                    coverage.overlaps.map {
                        [
                            "first": names[$0.winner], "also": names[$0.loser], "where": .text($0.region.text),
                            "example": .text($0.region.exampleText),
                        ]
                    })),
        ]
    }
}

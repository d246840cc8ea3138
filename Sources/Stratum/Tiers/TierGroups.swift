import Tables
import Tiers
import VectorMath

extension CustomerGroups {
    /// The groups of a population: what its customers have in a column of labels.
    ///
    /// - Throws: `EngineError` of kind `tooManyGroups`.
    init(_ population: Population, labelColumn: Int, named name: String, workers: Workers) throws(EngineError) {
        let batches = population.table.batches
        var known: Set<[UInt8]> = []
        for batch in batches {
            let labels = batch.labels[labelColumn]
            known.formUnion(labels.texts.dropFirst())
            if labels.isOverfull || known.count > CustomerGroups.limit { throw Self.tooMany(name) }
        }
        let texts = known.sorted { $0.lexicographicallyPrecedes($1) }
        let places = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($1, UInt16($0)) })
        let offsets = population.table.rowOffsets
        let codes: [UInt16] = filled(count: population.table.rowCount) { codes in
            // SAFETY: batches have rows of their own, so the parts are disjoint.
            nonisolated(unsafe) let codes = codes
            workers.forEach(chunkCount: batches.count) { batch in
                let labels = batches[batch].labels[labelColumn]
                let local = labels.texts.map { places[$0] ?? CustomerGroups.none }
                for (row, code) in labels.codes.enumerated() { codes[offsets[batch] + row] = local[Int(code)] }
            }
        }
        self.init(codes: codes, names: texts.map { String(decoding: $0, as: UTF8.self) })
    }

    /// The error for a column that is none of groups.
    static func tooMany(_ name: String) -> EngineError {
        EngineError(
            .tooManyGroups, at: "column \(name)",
            "more than \(CustomerGroups.limit) different texts, too many for groups",
            remedy: "name a column with few texts under tiers.perGroup, such as a region")
    }
}

extension ResolvedPlan {
    /// Refuses cut-offs of a model whose tiers are others.
    func checkFrozen(_ model: Model) throws(EngineError) {
        func refuse(_ problem: String) -> EngineError {
            EngineError(
                .otherTiers, at: "frozen tiers", problem,
                remedy: "give a model of a plan with the same tiers, or let the cut-offs float")
        }
        let (old, new) = (model.tiers.names, tiers.names)
        guard old.elementsEqual(new, by: { $0.utf8.elementsEqual($1.utf8) }) else {
            throw refuse("the model's tiers are \(old.joined(separator: ", ")), not \(new.joined(separator: ", "))")
        }
        guard model.plan.plan.tiers.by == plan.tiers.by else {
            throw refuse("the model ranks customers by something else")
        }
        guard model.plan.plan.tiers.perGroup == plan.tiers.perGroup else {
            throw refuse("the model's groups are others")
        }
    }
}

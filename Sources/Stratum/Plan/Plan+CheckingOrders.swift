import LifetimeValue

extension Plan {
    /// Refuses order columns that cannot be meant, and customers' columns that no order log gives.
    func checkOrders(_ derived: DerivedColumns) throws(PlanError) {
        guard let orders = input.orders else { return }
        for column in orders.logColumns { try checkName(column, at: "input") }
        switch (orders.columns.amount, orders.columns.price) {
        case (nil, nil):
            throw PlanError(
                .missingKey, at: "input", nil, problem: "the order lines have no amount",
                remedy: "add 'amount: …', or 'price: …' and 'quantity: …'")
        case (_?, _?):
            throw PlanError(
                .conflict, at: "input.price", nil, problem: "the lines have an amount and a price",
                remedy: "drop one of the two: with a price the amount is price times quantity")
        case (nil, _?) where orders.columns.quantity == nil:
            throw PlanError(
                .missingKey, at: "input", nil, problem: "a price without a quantity",
                remedy: "add 'quantity: …': the amount is price times quantity")
        default: break
        }
        if orders.columns.windowCount > 1000 {
            throw invalid("input.windows.count", "\(orders.columns.windowCount) windows", remedy: "give 0 to 1000")
        }
        if !(1...36_500).contains(orders.columns.windowDayCount) {
            throw invalid("input.windows.days", "\(orders.columns.windowDayCount) days", remedy: "give 1 to 36500")
        }
        if orders.columns.refundMark != nil, orders.columns.refundWords.contains(where: \.isEmpty) {
            throw invalid("input.refunds.words", "an empty word", remedy: "name what stands there for a refund")
        }
        try orders.lifetime?.check()
        if let rfm = orders.rfm { try check(rfm) }
        try checkCustomerColumns(orders, derived)
    }

    private func checkCustomerColumns(_ orders: Orders, _ derived: DerivedColumns) throws(PlanError) {
        if tiers.perGroup != nil {
            throw invalid("tiers.perGroup", "an order log gives no groups of customers", remedy: "drop the key")
        }
        let known = orders.customerColumns
        let read = customerColumns.flatMap(derived.fileColumns)
        for column in read where !known.contains(where: { $0.utf8.elementsEqual(column.utf8) }) {
            let remedy =
                if Lifetime.columnNames.contains(column) {
                    "add 'lifetime: mbgNBD' to the input"
                } else if RFM.columnNames.contains(column) {
                    "add 'rfm: 5' to the input"
                } else if let nearest = nearestName(to: column, among: known) {
                    "did you mean '\(nearest)'?"
                } else {
                    "customers have \(known.joined(separator: ", "))"
                }
            throw invalid("dimensions", "an order log gives no column '\(column)'", remedy: remedy)
        }
        for (index, dimension) in dimensions.enumerated() {
            for (place, indicator) in dimension.indicators.enumerated()
            where indicator.admissible != AdmissibleRange() {
                throw invalid(
                    "dimensions[\(index)].indicators[\(place)].admissible",
                    "limits reject records, and a customer of an order log is none",
                    remedy: "drop the limits; a range of the normalization clips values")
            }
        }
    }
}

extension Plan.Lifetime {
    fileprivate func check() throws(PlanError) {
        func invalid(_ key: String, _ problem: String, remedy: String) -> PlanError {
            PlanError(.invalidValue, at: "input.lifetime.\(key)", nil, problem: problem, remedy: remedy)
        }
        if case .family(.bgBB) = model {
            throw invalid(
                "model", "BG/BB counts opportunities, and order lines have days", remedy: "choose another model")
        }
        if case .family(.mbgCNBD(let k)) = model, !(2...12).contains(k) {
            throw invalid("model", "k is \(k)", remedy: "give 2 to 12")
        }
        if case .family(.bgCNBD(let k)) = model, !(2...12).contains(k) {
            throw invalid("model", "k is \(k)", remedy: "give 2 to 12")
        }
        if !(horizon.value > 0) { throw invalid("horizon", "it is 0", remedy: "give a time such as '52 weeks'") }
        if !(margin > 0 && margin <= 1) {
            throw invalid("margin", "a margin outside 0 % to 100 %", remedy: "give a share of the spend such as 30%")
        }
        do {
            _ = try discounting()
        } catch {
            let key = if case .invalidParameter("rate") = error.kind { "discountRate" } else { "horizon" }
            throw invalid(key, error.problem, remedy: error.remedy)
        }
    }
}

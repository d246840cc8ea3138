extension NumberScale {
    /// Most decimals that a number of an export is taken for; amounts with more are kept as binary64.
    static let decimalLimit = 9

    /// The least scale that holds every number of a field of the chunks: decimals where all numbers are decimals that
    /// fit 63 bits, else bits of binary64 numbers.
    static func common(of chunks: [OrderPart.Chunk], field: Int) throws -> NumberScale {
        var decimals = 0
        for chunk in chunks {
            if case .decimals(let count) = chunk.scales[field] { decimals = max(decimals, count) }
        }
        return try withUnsafeTemporaryAllocation(of: Int64.self, capacity: OpenChunk.rowCapacity) { room in
            guard let cells = room.baseAddress else { return .bits }
            func areAll(_ isGood: (NumberScale, Int64) -> Bool, inChunks isAsked: (NumberScale) -> Bool) throws -> Bool
            {
                for chunk in chunks where isAsked(chunk.scales[field]) {
                    try chunk.columns[field + 1].decode(0..<chunk.rowCount, into: cells)
                    for row in 0..<chunk.rowCount where !isGood(chunk.scales[field], cells[row]) { return false }
                }
                return true
            }
            let areDecimals = try areAll { scale, cell in
                guard let number = exactDecimal(scale.value(cell)) else { return false }
                decimals = max(decimals, number.decimals)
                return true
            } inChunks: {
                $0 == .bits
            }
            guard areDecimals else { return .bits }
            func fits(_ decimals: Int) throws -> Bool {
                try areAll {
                    $0.cell($1, decimals: decimals) != nil
                } inChunks: {
                    $0 != .decimals(decimals)
                }
            }
            if try fits(decimals) { return .decimals(decimals) }
            // Zeros at the end of decimals, which some chunks may have and others not, are to decide nothing.
            while decimals > 0 {
                decimals -= 1
                if try fits(decimals) { return .decimals(decimals) }
            }
            return .bits
        }
    }

    /// Turns cells of this scale into cells of another that holds them.
    func convert(_ cells: UnsafeMutablePointer<Int64>, _ count: Int, to scale: NumberScale) {
        for row in 0..<count {
            switch scale {
            case .bits: cells[row] = Int64(bitPattern: value(cells[row]).bitPattern)
            case .decimals(let decimals): cells[row] = cell(cells[row], decimals: decimals) ?? 0
            }
        }
    }

    /// A cell of this scale in units of 10^-decimals; nil if it is none or does not fit.
    func cell(_ cell: Int64, decimals: Int) -> Int64? {
        let number: (units: Int64, decimals: Int)
        switch self {
        case .decimals(let count): number = (cell, count)
        case .bits:
            guard let exact = Self.exactDecimal(Double(bitPattern: UInt64(bitPattern: cell))) else { return nil }
            number = exact
        }
        guard decimals >= number.decimals else {
            let (units, rest) = number.units.quotientAndRemainder(
                dividingBy: integerPowersOfTen[number.decimals - decimals])
            return rest == 0 ? units : nil
        }
        let (scaled, overflow) = number.units.multipliedReportingOverflow(
            by: integerPowersOfTen[decimals - number.decimals])
        return overflow || scaled == .min ? nil : scaled
    }

    /// The decimal of at most nine decimals and 53 bits that reads as `value`, if there is one: the number that was
    /// written, since two such decimals of 15 digits never read the same.
    static func exactDecimal(_ value: Double) -> (units: Int64, decimals: Int)? {
        let finest = value * powersOfTen[decimalLimit]
        // Below 2^51 the product is off by less than a half, so that all nine decimals find it or none does.
        if finest.magnitude < 0x1p51, finest.rounded() / powersOfTen[decimalLimit] != value { return nil }
        for decimals in 0...decimalLimit {
            let units = (value * powersOfTen[decimals]).rounded()
            guard units.magnitude < 0x1p53 else { return nil }
            if units / powersOfTen[decimals] == value { return (Int64(units), decimals) }
        }
        return nil
    }
}

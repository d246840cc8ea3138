internal import CKernels
public import VectorMath

/// Rows of one chunk of parallel work: large enough to hide its start, small enough for the second-nearest cache.
let chunkRowCount = 65_536

extension TierCutoffs {
    /// The codes of many customers.
    ///
    /// - Parameters:
    ///   - values: what customers are ranked by, NaN where missing.
    ///   - standings: where each stands, as many as values; nil if all are active.
    ///   - groups: the group of each, as many as values; nil for the cut-offs of all.
    /// - Complexity: O(n x number of tiers), spread over the workers.
    public func assign(
        _ values: [Double], standings: [Standing]? = nil, groups: CustomerGroups? = nil, workers: Workers
    ) -> [UInt8] {
        checkEqualCount(values, standings)
        let bounds = groups.map { TierBounds(self, groups: $0.names.map { Array($0.utf8) }) }
        return [UInt8](unsafeUninitializedCapacity: values.count) { codes, initializedCount in
            let chunkCount = (values.count + chunkRowCount - 1) / chunkRowCount
            // SAFETY: each chunk writes its own rows of `codes`, and `forEach` returns after all have.
            nonisolated(unsafe) let codes = codes
            workers.forEach(chunkCount: chunkCount) { chunk in
                let rows = chunk * chunkRowCount..<min(values.count, (chunk + 1) * chunkRowCount)
                values.withUnsafeBufferPointer { values in
                    let values = UnsafeBufferPointer(rebasing: values[rows])
                    let codes = UnsafeMutableBufferPointer(rebasing: codes[rows])
                    if let bounds, let groups {
                        groups.codes[rows].withUnsafeBufferPointer { bounds.assign(values, groups: $0, into: codes) }
                    } else {
                        assign(values, into: codes)
                    }
                }
                if let standings {
                    for row in rows where standings[row] != .active {
                        codes[row] = tier(of: values[row], standing: standings[row])
                    }
                }
            }
            initializedCount = values.count
        }
    }

    /// The tiers of values, each as `tier(of:)` has it.
    ///
    /// - Complexity: O(values x tiers)
    public func tiers(of values: [Double]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: values.count) { codes, initializedCount in
            // SAFETY: `assign` writes a code for each value.
            values.withUnsafeBufferPointer {
                assign($0, into: UnsafeMutableBufferPointer(rebasing: codes[..<$0.count]))
            }
            initializedCount = values.count
        }
    }

    /// The codes of active customers, for one block of a stream.
    ///
    /// - Parameter codes: as many as values; need not be initialized.
    public func assign(_ values: UnsafeBufferPointer<Double>, into codes: UnsafeMutableBufferPointer<UInt8>) {
        precondition(values.count == codes.count, "\(values.count) values, room for \(codes.count) codes")
        guard let start = values.baseAddress, let room = codes.baseAddress else { return }
        let bounds = lowerBounds.map { $0 ?? .infinity }
        // SAFETY: there are as many codes as values, by the check above.
        stratum_tier_codes(start, values.count, bounds, bounds.count, Self.unrankedCode, room)
    }
}

func checkEqualCount(_ values: [Double], _ standings: [Standing]?) {
    if let standings {
        precondition(standings.count == values.count, "\(standings.count) standings for \(values.count) values")
    }
}

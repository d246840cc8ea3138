// A key is the difference in tenths of a point times 65,536, plus a rank that falls with the indicator's place: the
// largest keys are the largest differences as they are written, equal ones in the plan's order. What must change
// together: `reason(_:slot:row:)` here and CKernels/reasons.c.

internal import CKernels

/// What sets each customer of a block apart: the indicators whose contributions lie farthest above and below those of
/// the mean customer. Made once by each worker, used for many blocks.
///
/// A difference is stated in tenths of a point, and one that rounds to 0 is no reason. A missing value without a score
/// is none either: its weight has gone to the other indicators.
public final class ReasonSelection {
    /// The largest number of reasons of one kind.
    public static let limit = 20

    /// Reasons above the mean, at most.
    public let upCount: Int
    /// Reasons below the mean, at most.
    public let downCount: Int

    /// The mean contribution of each indicator.
    private let means: [Double]
    private let upSlots: UnsafeMutableBufferPointer<Int32>
    private let downSlots: UnsafeMutableBufferPointer<Int32>
    private let upKeys: UnsafeMutableBufferPointer<Int32>
    private let downKeys: UnsafeMutableBufferPointer<Int32>

    /// Room for the reasons of a block's rows.
    ///
    /// - Parameters:
    ///   - means: the mean contribution of each indicator in points, in the order of the indicators; 65,536 at most.
    ///   - upCount: reasons above the mean for each customer, 0...20.
    ///   - downCount: reasons below it, 0...20.
    public init(means: [Double], upCount: Int, downCount: Int) {
        precondition(means.count <= 65_536, "\(means.count) indicators, reasons tell 65,536 apart")
        precondition(
            (0...Self.limit).contains(upCount) && (0...Self.limit).contains(downCount),
            "\(upCount) and \(downCount) reasons, 0...\(Self.limit) can be had")
        self.means = means
        self.upCount = upCount
        self.downCount = downCount
        func room(_ slotCount: Int) -> UnsafeMutableBufferPointer<Int32> {
            let room = UnsafeMutableBufferPointer<Int32>.allocate(capacity: max(1, slotCount) * ScoreBlock.rowCapacity)
            room.initialize(repeating: 0)
            return room
        }
        upSlots = room(upCount)
        downSlots = room(downCount)
        upKeys = room(1)
        downKeys = room(1)
    }

    deinit {
        // SAFETY: each was allocated in `init` and is freed here only.
        for room in [upSlots, downSlots, upKeys, downKeys] { room.deallocate() }
    }

    /// Finds the reasons of the first `rowCount` rows of a block that was scored with contributions.
    ///
    /// - Complexity: O(rows x indicators x reasons), by whole vectors.
    public func select(from block: ScoreBlock, rowCount: Int) {
        precondition(rowCount <= ScoreBlock.rowCapacity, "\(rowCount) rows in a block of \(ScoreBlock.rowCapacity)")
        precondition(block.indicatorCount == means.count, "\(means.count) means, \(block.indicatorCount) indicators")
        upSlots.update(repeating: 0)
        downSlots.update(repeating: 0)
        let stride = ScoreBlock.rowCapacity
        // SAFETY: columns of the block and of the keys have `rowCapacity` elements, slots `rowCapacity` for each of
        // their count, and the loops go to `rowCount`.
        let (up, down) = (upKeys.baseAddress!, downKeys.baseAddress!)
        for (indicator, mean) in means.enumerated() {
            stratum_reason_keys(
                block.contributions(ofIndicator: indicator).baseAddress!,
                block.values(ofIndicator: indicator).baseAddress!, rowCount, mean, Int32(65_535 - indicator), up, down)
            if upCount > 0 { stratum_insert_keys(up, rowCount, upSlots.baseAddress!, upCount, stride) }
            if downCount > 0 { stratum_insert_keys(down, rowCount, downSlots.baseAddress!, downCount, stride) }
        }
    }

    /// The reasons of a row above the mean, largest difference first, equal ones in the order of the indicators.
    public func reasonsUp(ofRow row: Int) -> [Reason] { (0..<upCount).compactMap { Self.reason(upSlots, $0, row) } }

    /// The reasons of a row below the mean, likewise.
    public func reasonsDown(ofRow row: Int) -> [Reason] {
        (0..<downCount).compactMap { Self.reason(downSlots, $0, row) }
    }

    /// The keys of the reasons above the mean, column-major with `ScoreBlock.rowCapacity` rows a slot.
    public var upReasonKeys: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(upSlots) }

    /// The keys of the reasons below the mean, likewise.
    public var downReasonKeys: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(downSlots) }

    private static func reason(_ slots: UnsafeMutableBufferPointer<Int32>, _ slot: Int, _ row: Int) -> Reason? {
        Reason(key: slots[slot * ScoreBlock.rowCapacity + row])
    }
}

/// One indicator that sets a customer apart.
public struct Reason: Equatable, Sendable {
    /// The indicator, by its place among all.
    public var indicator: Int
    /// How far its contribution lies from that of the mean customer, in tenths of a point, 1...1000.
    public var tenths: Int

    /// What a key says; nil for one that is no reason.
    @inline(__always)
    public init?(key: Int32) {
        guard key >= 65_536 else { return nil }
        indicator = 65_535 - Int(key & 65_535)
        tenths = Int(key >> 16)
    }
}

/// The loops of CKernels/scoring.c, one row at a time.
enum KernelTwin {
    static func decode<Cell: FixedWidthInteger>(_ cell: Cell, divisor: Double) -> Double {
        cell == .min ? .nan : Double(cell) / divisor
    }

    static func ramp(_ x: Double, origin: Double, slope: Double, fill: Double) -> Double {
        x.isNaN ? fill : clipped((x - origin) * slope)
    }

    static func bend(
        _ x: Double, knot: Double, height: Double, below: Double, above: Double, fill: Double
    ) -> Double {
        x.isNaN ? fill : clipped(height + (x - knot) * (x - knot < 0 ? below : above))
    }

    static func finish(_ score: Double, present: Double, full: Double) -> Double {
        let scaled = present == full ? score : score / present
        return scaled > 100 ? 100 : scaled
    }

    private static func clipped(_ y: Double) -> Double {
        let raised = y > 0 ? y : 0
        return raised < 1 ? raised : 1
    }
}

import RealModule

/// Nodes and weights of Gauss-Legendre quadrature on 0...1 (DLMF 3.5.v), computed once by Newton's method.
struct GaussLegendre: Sendable {
    let nodes: [Double]
    let weights: [Double]

    static let short = GaussLegendre(count: 12)
    static let long = GaussLegendre(count: 24)

    init(count n: Int) {
        var nodes: [Double] = []
        var weights: [Double] = []
        for i in 0..<n {
            var x = -Double.cos(Double.pi * (Double(i) + 0.75) / (Double(n) + 0.5))
            var slope = 1.0
            for _ in 0..<8 {
                var (p, previous) = (1.0, 0.0)
                for k in 1...n {
                    (p, previous) = ((Double(2 * k - 1) * x * p - Double(k - 1) * previous) / Double(k), p)
                }
                slope = Double(n) * (x * p - previous) / (x * x - 1)
                x -= p / slope
            }
            nodes.append(0.5 * (1 + x))
            weights.append(1 / ((1 - x * x) * slope * slope))
        }
        self.nodes = nodes
        self.weights = weights
    }
}

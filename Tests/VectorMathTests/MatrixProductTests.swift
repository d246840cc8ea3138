import TestSupport
import Testing
import VectorMath

/// Whole numbers, so that fast and slow are equal to the last bit.
struct MatrixProductTests {
    @Test(arguments: 0..<20)
    func productsAreThoseOfThreeLoops(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let (rows, inner, columns) = (
            generator.integer(in: 0...40), generator.integer(in: 0...20), generator.integer(in: 0...10)
        )
        let a = (0..<rows * inner).map { _ in Double(generator.integer(in: -9...9)) }
        let b = (0..<inner * columns).map { _ in Double(generator.integer(in: -9...9)) }
        var result = [Double](repeating: .nan, count: rows * columns)
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                result.withUnsafeMutableBufferPointer {
                    MatrixProduct.multiply(a, b, into: $0, rowCount: rows, innerCount: inner, columnCount: columns)
                }
            }
        }
        for column in 0..<columns {
            for row in 0..<rows {
                let expected = (0..<inner).reduce(0.0) { $0 + a[$1 * rows + row] * b[column * inner + $1] }
                #expect(result[column * rows + row] == expected)
            }
        }
    }

    @Test(arguments: 0..<20)
    func gramsAddSumsOfProductsToBothTriangles(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let (rows, columns) = (generator.integer(in: 0...50), generator.integer(in: 1...12))
        let a = (0..<rows * columns).map { _ in Double(generator.integer(in: -9...9)) }
        var sums = [Double](repeating: 1, count: columns * columns)
        for _ in 0..<2 {
            a.withUnsafeBufferPointer { a in
                sums.withUnsafeMutableBufferPointer {
                    MatrixProduct.addGram(of: a, to: $0, rowCount: rows, columnCount: columns)
                }
            }
        }
        for i in 0..<columns {
            for j in 0..<columns {
                let product = (0..<rows).reduce(0.0) { $0 + a[i * rows + $1] * a[j * rows + $1] }
                #expect(sums[i * columns + j] == 1 + 2 * product)
            }
        }
    }
}

/// The thread counts for which all results have to be the same bytes.
///
/// Seeds are arguments of the test, `@Test(arguments: 0..<50) func nameIsAClaim(seed: Int)`: a failure then names its
/// seed and can be run alone.
public let everyThreadCount = [1, 2, 7]

/// The bits of each value: comparing these, unlike values, tells 0 from -0 and finds equal NaNs equal.
public func bits(_ values: some Sequence<Double>) -> [UInt64] {
    values.map(\.bitPattern)
}

import Segmentation
import Testing

/// The example of the README's section "The library", as it stands there; what it prints is asked instead.
struct LibraryExampleTests {
    @Test func kMeansIsUsableAlone() throws {
        let revenue = [120.0, 80, 95, 2_400, 2_150, 2_600]
        let orders = [2.0, 1, 2, 31, 25, 28]
        let matrix = try FeatureMatrix(
            columns: [revenue, orders],
            scalings: [
                .standard(mean: 1_240.8, standardDeviation: 1_149.6), .standard(mean: 14.8, standardDeviation: 13.3),
            ])
        let parameters = KMeansParameters(clusterCount: 2, restartCount: 4, seed: 1)
        var observed = 0
        let result = try KMeans(parameters).fit(matrix) { iteration in
            observed += 1
            #expect(iteration.inertia >= 0 && iteration.movedCount + iteration.skippedCount <= 6)
        }
        #expect(observed >= 4)
        #expect(result.sizes == [3, 3])
        #expect(Set(result.assignments[..<3]).count == 1 && result.assignments[0] != result.assignments[5])
    }
}

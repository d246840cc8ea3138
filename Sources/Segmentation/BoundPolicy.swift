/// Decides for each pass whether it keeps bounds. It sees only counts and moves, which are the same for any number of
/// threads, so its choice is too; and it changes no result, only the time.
struct BoundPolicy: Sendable {
    /// Whether bounds are kept for groups of centroids, else for all of them together.
    let isGrouped: Bool
    /// Whether the next pass keeps bounds.
    private(set) var isOn: Bool

    private let isAutomatic: Bool
    /// Bounds are tried when the drift of an iteration is below this; none: a share of the spread.
    private var driftLimit: Double?

    /// Clusters times features from which on groups win. On a million rows, whole runs beside one bound a tile: with 12
    /// features 28 % slower for 128 clusters, 21 % for 256; with 64 features 5 % slower for 64, 5 % faster for 128, and
    /// for 256 late passes took a third.
    static let groupedSize = 8_192
    /// Keeping bounds makes a pass up to a quarter slower, so less than this must be left to do.
    private static let usefulShare = 0.75

    init(_ algorithm: KMeansAlgorithm, clusterCount: Int, featureCount: Int) {
        isAutomatic = algorithm == .automatic
        isOn = algorithm == .hamerly || algorithm == .yinyang
        let isLarge = clusterCount * featureCount >= Self.groupedSize
        isGrouped = algorithm == .yinyang || (isAutomatic && isLarge)
    }

    /// Notes how a pass went: the share of the work that it did (none: nothing could be left out yet), by how much a
    /// gap may narrow until the next, and the root of the mean squared distance to the centroids.
    mutating func note(shareDone: Double?, drift: Double, spread: Double) {
        guard isAutomatic else { return }
        if !isOn {
            // Drift that is a large part of what separates rows from other centroids leaves nothing to skip.
            isOn = drift <= driftLimit ?? (isGrouped ? 0.2 : 0.05) * spread
        } else if let shareDone, shareDone > Self.usefulShare {
            isOn = false
            driftLimit = drift / 2
        }
    }
}

import ArgumentParser
import Segmentation
import Stratum

/// How segments are found: what overrules the plan's part, or stands for it.
struct SegmentOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Columns to group by, with commas between; then no plan is given.", valueName: "a,b,c"))
    var features: String?

    @Option(help: ArgumentHelp("The column with the customer's id. (default: customer_id)", valueName: "column"))
    var id: String?

    @Option(
        help: ArgumentHelp(
            "The number of segments, or a range of which the best is taken: 6 or 2...12.", valueName: "count"))
    var k: CountsArgument?

    @Option(
        help: """
            What the best of a range is: silhouette (simplified), calinski-harabasz, davies-bouldin, knee or gap. \
            (default: silhouette)
            """)
    var criterion: CriterionArgument?

    @Option(help: ArgumentHelp("Of a range: the gap statistic against so many reference sets.", valueName: "count"))
    var gapReferences: Int?

    @Option(
        help: ArgumentHelp(
            "Of a range: the full silhouette of so many customers. (default: of all, up to 4096 of them)",
            valueName: "count"))
    var silhouetteSample: Int?

    @Option(help: "Distances in z-scores (z), robust z-scores (robust) or as the figures are (none). (default: z)")
    var scaling: ScalingArgument?

    @Option(help: ArgumentHelp("A column that says how much each customer counts.", valueName: "column"))
    var weight: String?

    @Option(
        help: ArgumentHelp(
            "The column whose sums the profiles state, and by whose falling mean segments are numbered. "
                + "(default: the plan's, or the first feature)", valueName: "column"))
    var value: String?

    @Option(help: "First centers: greedy (greedy k-means++), plus-plus, parallel (k-means||) or random.")
    var seeding: SeedingArgument?

    @Option(help: "How nearest centers are found; it never shows in the result.")
    var algorithm: AlgorithmArgument?

    @Option(help: ArgumentHelp("Starts, of which the best is kept.", valueName: "count"))
    var restarts: Int?

    @Option(help: ArgumentHelp("Rest when the centers move less than this; 0: when no customer moves.", valueName: "x"))
    var tolerance: Double?

    @Option(help: ArgumentHelp("Iterations of a start at most.", valueName: "count"))
    var iterations: Int?

    @Option(
        help: ArgumentHelp(
            "Dissolve segments under this share of the customers, such as 2%.", valueName: "share"))
    var minimumShare: ShareArgument?

    @Option(
        help: ArgumentHelp(
            "A model of an earlier night: segments start from its centers and keep their numbers and names.",
            valueName: "model"),
        completion: .file())
    var previous: String?

    /// The names in `--features`.
    var featureNames: [String]? {
        features.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    /// The options that were given, by name.
    var given: [String] {
        let all: [(String, Bool)] = [
            ("--features", features != nil), ("--id", id != nil), ("--k", k != nil),
            ("--criterion", criterion != nil), ("--gap-references", gapReferences != nil),
            ("--silhouette-sample", silhouetteSample != nil), ("--scaling", scaling != nil),
            ("--weight", weight != nil), ("--value", value != nil), ("--seeding", seeding != nil),
            ("--algorithm", algorithm != nil), ("--restarts", restarts != nil), ("--tolerance", tolerance != nil),
            ("--iterations", iterations != nil), ("--minimum-share", minimumShare != nil),
            ("--previous", previous != nil),
        ]
        return all.filter(\.1).map(\.0)
    }

    mutating func validate() throws {
        if let features, featureNames?.contains("") == true {
            throw ValidationError("--features has an empty name in \"\(features)\".")
        }
        if let range = k?.counts, range.count == 1,
            let option = given.first(where: { ["--criterion", "--gap-references", "--silhouette-sample"].contains($0) })
        {
            throw ValidationError("\(option) chooses among several numbers of segments; give a range, --k 2...12.")
        }
        if let tolerance, !(tolerance >= 0 && tolerance.isFinite) {
            throw ValidationError("--tolerance is \(tolerance); give 0 or a little more, such as 0.0001.")
        }
        for (name, count) in [
            ("--restarts", restarts), ("--iterations", iterations), ("--gap-references", gapReferences),
        ] {
            if let count, count < 1 { throw ValidationError("\(name) is \(count); give 1 or more.") }
        }
        if let silhouetteSample, silhouetteSample < 2 {
            throw ValidationError("--silhouette-sample is \(silhouetteSample); give 2 or more.")
        }
    }

    /// Writes what was given into the plan; a number of segments takes the place of all that the plan says of it.
    func apply(to plan: inout Plan) {
        if let value { plan.value = value }
        if k != nil, plan.segments == nil { plan.segments = Plan.Segments(count: 1) }
        guard var segments = plan.segments else { return }
        if let k {
            segments.counts = k.counts
            segments.names = segments.names.filter { $0.key <= k.counts.upperBound }
            (segments.criterion, segments.gapReferences, segments.silhouetteSample) = (.silhouette, 0, 0)
        }
        if let criterion { segments.criterion = criterion.criterion }
        if let gapReferences { segments.gapReferences = gapReferences }
        if let silhouetteSample { segments.silhouetteSample = silhouetteSample }
        if let scaling { segments.features = scaling.features }
        if let weight { segments.weight = weight }
        if let seeding { segments.seeding = seeding.seeding }
        if let algorithm { segments.algorithm = algorithm.algorithm }
        if let restarts { segments.restarts = restarts }
        if let tolerance { segments.tolerance = tolerance }
        if let iterations { segments.iterationLimit = iterations }
        if let minimumShare { segments.minimumShare = minimumShare.share }
        plan.segments = segments
    }
}

/// Why a model file was refused.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of refusal.
    public enum Kind: String, Sendable {
        /// Something else than a model.
        case notAModel
        /// Something else than a lifetime model, where one is needed.
        case notALifetimeModel
        /// A model of a later format.
        case newerVersion
        /// A model of an earlier format, which is not read any more.
        case olderVersion
        /// The file ends too early.
        case cut
        /// Bytes follow the model.
        case trailingBytes
        /// Bytes are not those that were written.
        case altered
        /// The bytes are as they were written, but do not make sense together.
        case inconsistent
        /// A sound model without the segments that are asked of it.
        case noSegments
        /// A sound model without the mean contributions that reasons compare with.
        case noMeans
    }

    /// The kind of refusal.
    public let kind: Kind
    /// What is wrong.
    public let problem: String
    /// Where in the file, in bytes from its beginning, if it can be told.
    public let byteOffset: Int?

    init(_ kind: Kind, _ problem: String, at byteOffset: Int? = nil) {
        self.kind = kind
        self.problem = problem
        self.byteOffset = byteOffset
    }

    /// Problem, place, remedy in one line.
    public var description: String {
        let place = byteOffset.map { " (byte \($0))" } ?? ""
        return "model: \(problem)\(place); \(remedy)"
    }

    /// What helps.
    public var remedy: String {
        switch kind {
        case .notAModel: "give a file that 'stratum fit' or 'stratum run' wrote"
        case .notALifetimeModel: "give a file that 'stratum lifetime fit' wrote"
        case .noSegments: "fit it with a plan that has segments, or give a file that 'stratum segment --model' wrote"
        case .noMeans: "fit again with this release, or leave reasons out"
        case .newerVersion: "use the release that wrote it, or fit again with this one"
        case .olderVersion: "fit again with this release"
        case .cut, .trailingBytes, .altered, .inconsistent:
            "copy the file again from where it was written, or fit again"
        }
    }
}

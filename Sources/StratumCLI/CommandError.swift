import Foundation

/// What went wrong in the command itself: a status, and a text of problem, place and remedy.
struct CommandError: Error, Equatable, CustomStringConvertible {
    var status: ExitStatus
    var problem: String
    var place: String
    var remedy: String

    var description: String { "\(problem) (\(place)); \(remedy)" }

    /// A file that could not be read or written, by the system's word for why.
    static func file(_ path: String, doing action: String, errorNumber: Int32, remedy: String) -> CommandError {
        CommandError(
            status: .io, problem: "cannot \(action): \(String(cString: strerror(errorNumber)))", place: path,
            remedy: remedy)
    }
}

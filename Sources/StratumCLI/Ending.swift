import ArgumentParser
import Foundation
import Stratum
import TableIO

/// How a process ends that has nothing more to do: a status, and a text for standard error.
struct Ending: Equatable {
    let status: ExitStatus
    /// What is said; nil when nothing needs to be.
    let text: String?

    init(_ status: ExitStatus, _ text: String?) {
        self.status = status
        self.text = text
    }

    init(of error: any Error) {
        if let error = error as? CommandError {
            self.init(error.status, "\(error)")
        } else if let status = engineStatus(of: error) {
            self.init(status, status == .closedPipe ? nil : "\(error)")
        } else {
            self.init(ofParsing: error)
        }
    }

    /// What the argument parser has to say: help and version, or a usage error with the usage below it. Any other
    /// error came from the system.
    private init(ofParsing error: any Error) {
        let message = StratumCommand.fullMessage(for: error)
        switch StratumCommand.exitCode(for: error) {
        case .success: self.init(.done, message)
        case .validationFailure:
            self.init(.usage, message.hasPrefix("Error: ") ? String(message.dropFirst("Error: ".count)) : message)
        default: self.init(.io, "\(error)")
        }
    }

    /// Says the text: help and version are data, all else are complaints.
    func tell() {
        guard let text else { return }
        if status == .done {
            try? StandardOutput.write(text + "\n")
        } else {
            // The lines are ours, what stands in them may be anybody's.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            StandardError.write("stratum: \(lines.map { TerminalText.escaped($0.utf8) }.joined(separator: "\n"))\n")
        }
    }
}

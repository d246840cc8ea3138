import ArgumentParser
import Foundation
import Stratum
import TableIO

/// How a process ends that did not end well: a status, and a text for standard error.
struct Ending {
    let status: ExitStatus
    /// What is said; nil when nothing needs to be.
    let text: String?
    /// Help and version are answers, not complaints: they go to standard output.
    var isAnswer = false

    init(of error: any Error) {
        switch error {
        case is ClosedPipe:
            (status, text) = (.closedPipe, nil)
        case let error as TableIOError where error.category == .closedPipe:
            (status, text) = (.closedPipe, nil)
        case let error as CommandError:
            (status, text) = (error.status, "\(error)")
        case let error where engineStatus(of: error) != nil:
            (status, text) = (engineStatus(of: error) ?? .io, "\(error)")
        default:
            self.init(ofParsing: error)
        }
    }

    /// What the argument parser has to say: help, version, or a usage error with the usage below it.
    private init(ofParsing error: any Error) {
        let message = StratumCommand.fullMessage(for: error)
        if StratumCommand.exitCode(for: error) == .success {
            (status, text, isAnswer) = (.done, message, true)
        } else {
            let complaint = message.hasPrefix("Error: ") ? String(message.dropFirst("Error: ".count)) : message
            (status, text) = (.usage, complaint)
        }
    }

    /// Says the text where it belongs.
    func tell() {
        guard let text else { return }
        if isAnswer {
            try? StandardOutput.write(text + "\n")
        } else {
            StandardError.write("stratum: \(printable(text))\n")
        }
    }
}

import ArgumentParser
import Foundation

/// The command `stratum`: parse, run, say what went wrong, leave with the status that says so too.
@main
struct Main {
    static func main() {
        Signals.install()
        do {
            var command = try StratumCommand.parseAsRoot()
            try command.run()
            exit(ExitStatus.done.rawValue)
        } catch {
            let ending = Ending(of: error)
            ending.tell()
            exit(ending.status.rawValue)
        }
    }
}

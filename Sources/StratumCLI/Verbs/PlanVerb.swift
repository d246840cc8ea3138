import ArgumentParser
import Stratum

/// `stratum plan`: a complete plan to start from.
struct PlanVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Print a complete sample plan, with every setting explained.",
        discussion: """
            The plan fits the data of 'stratum generate'; change names, weights and tiers to fit your own.

            Example:

              stratum plan > my.yaml
            """)

    func run() throws { try StandardOutput.write(Plan.sample) }
}

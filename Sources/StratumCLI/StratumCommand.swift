import ArgumentParser

/// The root of the command; each verb is a file of its own under Verbs.
struct StratumCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stratum",
        abstract: "Scores, tiers and segments of millions of customers from one export.",
        discussion: """
            From an export and a plan to a pyramid of customers:

              stratum generate --customers 100000 -o customers.csv
              stratum plan > plan.yaml
              stratum run plan.yaml customers.csv -o out

            A file name of - is standard input or output. Data goes to standard output, all else to standard error.

            Exit status: 0 done; 2 usage or plan; 3 input data; 4 reading or writing; 5 model or schema; 6 resource \
            limit; 7 a monitored limit was passed; 128 + n ended by signal n.
            """,
        version: toolVersion,
        subcommands: [
            RunVerb.self, FitVerb.self, ScoreVerb.self, ExplainVerb.self, ExportVerb.self, SegmentVerb.self,
            IndicatorsVerb.self, RFMVerb.self, LifetimeVerb.self, WeightsVerb.self, InspectVerb.self, BenchVerb.self,
            PlanVerb.self, GenerateVerb.self,
        ])
}

import ArgumentParser

/// An order log, and where its lines may go.
struct OrderFiles: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The order log, in one file or several: CSV, plain or in gz or zst; a folder, a quoted pattern; - is standard input.",
            valueName: "input"),
        completion: .file())
    var inputs: [String]

    @Option(
        help: ArgumentHelp(
            "Where lines go when half of --mem-limit is in use. (default: TMPDIR, else /var/tmp)", valueName: "folder"),
        completion: .directory)
    var spillFolder: String?
}

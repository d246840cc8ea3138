import Testing

/// `stratum indicators` as a user runs it.
struct IndicatorsVerbTests {
    private static func folder() throws -> Folder {
        let folder = try Folder()
        let log = "who,when,paid\nb,31/1/2024,5\na,2/2/2024,7.5\nb,1/2/2024,-1\n"
        try folder.write(Array(log.utf8), to: "orders.csv")
        return folder
    }

    @Test func linesBecomeCustomers() throws {
        let folder = try Self.folder()
        let options = "--id who --date when --amount paid --date-format day-first --as-of 2024-02-03"
        let outcome = try Tool.shell("stratum indicators \(options) orders.csv -o - --mem-limit 1M; exit 0", in: folder)
        // One mebibyte is less than the program itself takes.
        #expect(outcome.errors.contains("the memory limit does not suffice"), "\(outcome.errors)")
        let whole = try Tool.shell("stratum indicators \(options) orders.csv -o - --mem-limit 1G", in: folder)
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(
            whole.text.split(separator: "\n").dropFirst() == [
                "a,1,1,7.5,1,7.5,1,,,0,0,0", "b,3,1,4,3,4,1,,,1,1,0.5",
            ])
    }

    @Test(arguments: [
        ("--date-format dmy", "--date-format"), ("--as-of 2024-02-30", "--as-of"), ("--windows 1001", "--windows"),
        ("--utc-offset 8", "--utc-offset"), ("--refund-value x", "--refund-column"),
    ])
    func anOptionThatCannotBeMeantIsNamed(options: String, name: String) throws {
        let outcome = try Tool.shell(
            "stratum indicators --id who --date when --amount paid \(options) orders.csv -o out.csv",
            in: try Self.folder())
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(name), "\(outcome.errors)")
    }

    @Test func aDateThatCouldBeTwoIsRefusedWithARemedy() throws {
        let folder = try Self.folder()
        let outcome = try Tool.shell(
            "stratum indicators --id who --date when --amount paid orders.csv -o out.csv", in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("--date-format day-first or month-first"), "\(outcome.errors)")
        #expect(try !folder.names().contains("out.csv"))
    }
}

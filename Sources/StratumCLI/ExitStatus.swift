/// What the process ends with; schedulers read it, so a number never changes its meaning.
enum ExitStatus: Int32 {
    case done = 0
    /// The arguments or the plan.
    case usage = 2
    /// The input data: no header, a missing column, too many rejects.
    case input = 3
    /// Reading or writing a file failed.
    case io = 4
    /// The model file, or an input that does not fit it.
    case model = 5
    /// A limit on memory or size was reached.
    case resource = 6
    /// A monitored limit was passed.
    case limit = 7
    /// The reader of our output went away; what a shell reports for a process that SIGPIPE ended.
    case closedPipe = 141
}

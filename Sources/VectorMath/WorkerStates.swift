/// One mutable state for each worker, so that scratch memory is neither shared nor allocated anew.
package struct WorkerStates<State: Sendable>: Sendable {
    /// SAFETY: unchecked, since only the worker of a box's index opens it, and a worker has one job at a time.
    private final class Box: @unchecked Sendable {
        var state: State
        init(_ state: State) { self.state = state }
    }

    private let boxes: [Box]

    /// States for the workers 0 ..< `states.count`.
    package init(_ states: [State]) { boxes = states.map { Box($0) } }

    /// Runs `body` with the state of `worker`, which no other call may be using.
    package func withState<Result>(of worker: Int, _ body: (inout State) throws -> Result) rethrows -> Result {
        try body(&boxes[worker].state)
    }
}

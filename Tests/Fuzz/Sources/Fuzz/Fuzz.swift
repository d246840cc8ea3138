import Foundation
import Synchronization

// libFuzzer has the `main`; it calls these two.

private let targets: [(name: String, run: @Sendable ([UInt8]) -> Int32)] = [
    ("csv", runCSV), ("number", runNumber), ("plan", runPlan), ("model", runModel),
]
private let chosen = Mutex(0)

/// Takes the name of the target, which is the first argument, from the arguments; the others are libFuzzer's.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    let words = (1..<Int(count.pointee)).map { String(cString: arguments.pointee[$0]!) }
    if words.count == 2, words[0] == "seeds" {
        do { try writeSeeds(words[1]) } catch { fatalError("\(error)") }
        exit(0)
    }
    guard let place = targets.firstIndex(where: { $0.name == words.first }) else {
        fatalError("usage: Fuzz \(targets.map(\.name).joined(separator: "|")) [arguments of libFuzzer] [corpus]")
    }
    chosen.withLock { $0 = place }
    arguments.pointee[1] = arguments.pointee[0]
    arguments.pointee += 1
    count.pointee -= 1
    return 0
}

/// Runs the chosen target once.
@_cdecl("LLVMFuzzerTestOneInput")
public func run(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    targets[chosen.withLock { $0 }].run(Array(UnsafeBufferPointer(start: start, count: count)))
}

/// Ends the process, which libFuzzer takes for a finding and saves the input.
func expect(_ holds: Bool, _ claim: @autoclosure () -> String) {
    if !holds { fatalError(claim()) }
}

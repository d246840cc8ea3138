import Synchronization

/// Elements that come one call at a time from any thread, in order.
final class Collected<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])

    func append(_ element: Element) { list.withLock { $0.append(element) } }

    var elements: [Element] { list.withLock { $0 } }
}

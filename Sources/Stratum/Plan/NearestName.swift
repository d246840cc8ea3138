/// The name that a misspelled one was most likely meant to be, nil when none is near.
///
/// Near is an edit distance (insertions, deletions, substitutions and swaps of neighbors, upper and lower case alike) of
/// at most a third of the longer name, and at least one. Equally near names: the first.
///
/// - Complexity: O(the product of the names' lengths) for each candidate
package func nearestName(to name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    var nearest: (name: String, distance: Int)?
    for candidate in candidates {
        let scalars = Array(candidate.lowercased().unicodeScalars)
        let limit = max(1, max(wanted.count, scalars.count) / 3)
        guard abs(wanted.count - scalars.count) <= limit else { continue }
        let distance = editDistance(wanted, scalars)
        // A name of one or two letters is near to any other; only a spelling with other capitals counts then.
        let reach = min(wanted.count, scalars.count) <= 2 ? 0 : limit
        if distance <= reach, distance < nearest?.distance ?? .max { nearest = (candidate, distance) }
    }
    return nearest?.name
}

/// The optimal string alignment distance.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var current = [i + 1]
        for j in 0..<b.count {
            var distance = min(last[j + 1] + 1, current[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { distance = min(distance, beforeLast[j - 1] + 1) }
            current.append(distance)
        }
        beforeLast = last
        last = current
    }
    return last[b.count]
}

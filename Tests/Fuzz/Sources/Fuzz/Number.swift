import CFuzzer
@testable import TableIO

/// The number parse against a plain reading of its grammar and the C library's conversion.
func runNumber(_ input: [UInt8]) -> Int32 {
    let number = input.withUnsafeBufferPointer { NumberText.parse($0, nullWords: []) }
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let text = Array(Array(input.drop(while: isBlank)).reversed().drop(while: isBlank).reversed())
    guard !text.isEmpty else {
        expect(number == .missing, "\(number) for blanks")
        return 0
    }
    guard followsGrammar(text) else {
        guard case .rejected(let reason) = number else { fatalError("\(number) for what is no number") }
        expect(reason == .invalidNumber || reason == .nonFinite, "\(reason)")
        return 0
    }
    var expected = 0.0
    let taken = (text + [0]).withUnsafeBufferPointer { bytes in
        bytes.withMemoryRebound(to: CChar.self) { fuzz_strtod($0.baseAddress, &expected) }
    }
    expect(taken == text.count, "strtod takes \(taken) bytes of \(text.count)")
    guard expected.isFinite else {
        expect(number == .rejected(.outOfRange), "\(number) beyond the range")
        return 0
    }
    let value = NumberTextTests.value(number)
    expect(value.map { $0 == expected } ?? false, "\(number), strtod has \(expected)")
    return 0
}

/// `[+-]?(d+(.d*)?|.d+)([eE][+-]?d+)?`, one character class at a time.
private func followsGrammar(_ text: [UInt8]) -> Bool {
    var rest = text[...]
    func digits() -> Int {
        let count = rest.prefix { (0x30...0x39).contains($0) }.count
        rest = rest.dropFirst(count)
        return count
    }
    func sign() { if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() } }
    sign()
    var count = digits()
    if rest.first == 0x2E {
        rest = rest.dropFirst()
        count += digits()
    }
    guard count > 0 else { return false }
    if rest.first == 0x65 || rest.first == 0x45 {
        rest = rest.dropFirst()
        sign()
        guard digits() > 0 else { return false }
    }
    return rest.isEmpty
}

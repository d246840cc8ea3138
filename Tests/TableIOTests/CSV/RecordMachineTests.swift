import Testing

@testable import TableIO

struct RecordMachineTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var outcome: RecordMachine.Outcome
        var ends: [Int]
        var isFinal = true
        var testDescription: String { text.debugDescription }
    }

    static let cases: [Case] = [
        Case(text: "a,b\n", outcome: .record(next: 4, lineCount: 1), ends: [1, 3]),
        Case(text: "a,b\r\nc", outcome: .record(next: 5, lineCount: 1), ends: [1, 3]),
        Case(text: "a,b\rc", outcome: .record(next: 4, lineCount: 1), ends: [1, 3]),
        Case(text: "a,b", outcome: .record(next: 3, lineCount: 1), ends: [1, 3]),
        Case(text: "a,b", outcome: .incomplete, ends: [1, 3], isFinal: false),
        Case(text: ",\n", outcome: .record(next: 2, lineCount: 1), ends: [0, 1]),
        Case(text: "\n", outcome: .empty(next: 1), ends: [0]),
        Case(text: "\r\n", outcome: .empty(next: 2), ends: [0]),
        Case(text: "\"a,\"\"\",b\n", outcome: .record(next: 9, lineCount: 1), ends: [6, 8]),
        Case(text: "\"a\nb\",c\n", outcome: .record(next: 8, lineCount: 2), ends: [5, 7]),
        Case(text: "\"a\r\nb\",c\n", outcome: .record(next: 9, lineCount: 2), ends: [6, 8]),
        Case(text: "a\"b,c\n", outcome: .record(next: 6, lineCount: 1), ends: [3, 5]),
        Case(text: "\"a\"x,b\n", outcome: .rejected(.malformedQuote, end: 6, next: 7), ends: []),
        Case(text: "\"a\nb\"x\n", outcome: .rejected(.malformedQuote, end: 2, next: 3), ends: []),
        Case(text: "a\n", outcome: .rejected(.tooFewFields, end: 1, next: 2), ends: [1]),
        Case(text: "a,b,c\n", outcome: .rejected(.tooManyFields, end: 5, next: 6), ends: [1, 3]),
        Case(text: "a,\0\n", outcome: .rejected(.nulByte, end: 3, next: 4), ends: [1, 3]),
        Case(text: "a,\"b", outcome: .openQuote, ends: [1]),
        Case(text: "a,\"b", outcome: .incomplete, ends: [1], isFinal: false),
        Case(text: "a,\"b\"", outcome: .incomplete, ends: [1], isFinal: false),
        Case(text: "a,\"b\"", outcome: .record(next: 5, lineCount: 1), ends: [1, 5]),
        Case(text: "a,12345678901\n", outcome: .rejected(.fieldTooLong, end: 13, next: 14), ends: [1]),
        Case(text: "a,\"1234567890\n1\n\"", outcome: .rejected(.fieldTooLong, end: 13, next: 14), ends: [1]),
    ]

    @Test(arguments: cases)
    func findsFieldsByTheRules(_ one: Case) {
        var machine = RecordMachine(delimiter: UInt8(ascii: ","), columnCount: 2, fieldByteLimit: 10)
        let outcome = Array(one.text.utf8).withUnsafeBufferPointer {
            machine.scan($0, from: 0, isFinal: one.isFinal)
        }
        #expect(outcome == one.outcome)
        #expect(machine.ends == one.ends)
    }

    @Test func aHeaderMayHaveAnyNumberOfFields() {
        var machine = RecordMachine(delimiter: UInt8(ascii: ";"), columnCount: nil, fieldByteLimit: 10)
        let outcome = Array("a;b;c,d\n".utf8).withUnsafeBufferPointer { machine.scan($0, from: 0, isFinal: true) }
        #expect(outcome == .record(next: 8, lineCount: 1))
        #expect(machine.ends == [1, 3, 7])
    }
}

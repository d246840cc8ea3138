import Stratum
import TableIO

/// A plan is refused with an error or read, and one that was read is the same after it is written and read again.
func runPlan(_ input: [UInt8]) -> Int32 {
    do {
        let plan = try Plan(json: input)
        let again = try Plan(json: plan.json.encoded(indented: true))
        expect(again == plan, "a plan that changes when written and read")
        let resolved = try plan.resolved()
        let twice = try Plan(json: resolved.json.encoded(indented: false)).resolved()
        expect(twice.json == resolved.json, "a resolved plan that changes when resolved again")
    } catch {
        // Typed: nothing but a `PlanError` comes here.
        return 0
    }
    return 0
}

/// A model is refused with an error or decoded, and one that was decoded is the same after it is encoded and decoded.
///
/// The input is the body; it gets the header and the checksum that a model has, else nothing would come past them. An
/// input that starts as a model's file does is taken as it is.
func runModel(_ input: [UInt8]) -> Int32 {
    do {
        let isWhole = input.starts(with: Array("{\"format\"".utf8))
        let model = try Model.decode(isWhole ? input : modelFile(body: input))
        let bytes = try model.encode()
        let again = try Model.decode(bytes)
        expect(try again.encode() == bytes, "a model that changes when written and read")
    } catch is ModelError {
        return 0
    } catch {
        fatalError("\(error)")
    }
    return 0
}

private func modelFile(body: [UInt8]) -> [UInt8] {
    var checksum = XXH3()
    body.withUnsafeBytes { checksum.update($0) }
    let digits = XXH3.text(checksum.value)
    let header =
        "{\"format\":\"stratum model\",\"version\":1,\"body_bytes\":\(body.count),\"checksum\":\"xxh3:\(digits)\",\"body\":\n"
    return Array(header.utf8) + body + Array("\n}\n".utf8)
}

import Stratum

/// The model in a file.
///
/// - Throws: `CommandError` with the file's name and status `io` or `model`.
func storedModel(_ path: String) throws -> Model {
    do {
        return try Model.decode(try fileBytes(path, limit: EngineCall.modelByteLimit))
    } catch let error as ModelError {
        let place = error.byteOffset.map { "\(path), byte \($0)" } ?? path
        throw CommandError(status: .model, problem: error.problem, place: place, remedy: error.remedy)
    }
}

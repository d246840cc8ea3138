import Foundation
import TableIO

/// Standard output for what is not a table: summaries, plans, help.
enum StandardOutput {
    /// - Throws: `TableIOError`, of category `closedPipe` when the reader went away.
    static func write(_ bytes: [UInt8]) throws {
        let transaction = OutputTransaction(isSynced: false)
        try transaction.create("-").append(bytes)
        try transaction.commit()
    }

    static func write(_ text: String) throws { try write(Array(text.utf8)) }
}

/// Standard error; when it cannot be written there is nobody to tell.
enum StandardError {
    static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}

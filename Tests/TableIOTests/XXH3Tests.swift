import TableIO
import Testing

struct XXH3Tests {
    static func checksum(_ bytes: [UInt8], pieceSize: Int = .max) -> UInt64 {
        var hash = XXH3()
        bytes.withUnsafeBytes { bytes in
            var position = 0
            while position < bytes.count {
                let end = position + min(pieceSize, bytes.count - position)
                hash.update(UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
                position = end
            }
        }
        return hash.value
    }

    /// The value of the empty input is that of the XXH3 specification's sanity table.
    @Test func theEmptyInputHasThePublishedValue() {
        #expect(XXH3.text(Self.checksum([])) == "2d06800538d394c2")
    }

    @Test func piecesDoNotMatter() {
        let bytes = sampleText(byteCount: 5000)
        let whole = Self.checksum(bytes)
        for size in [1, 7, 64, 240, 241, 1024] { #expect(Self.checksum(bytes, pieceSize: size) == whole) }
        #expect(Self.checksum(Array(bytes.dropLast())) != whole)
    }

    @Test func aTextHasSixteenDigits() {
        #expect(XXH3.text(0xAB) == "00000000000000ab")
        #expect(XXH3.text(.max) == "ffffffffffffffff")
    }
}

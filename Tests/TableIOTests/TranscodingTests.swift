import Foundation
import Glibc
import Testing
import VectorMath

@testable import TableIO

/// Text in UTF-16 and GB18030.
struct TranscodingTests {
    /// `text` in another encoding, by iconv.
    static func encoded(_ text: String, _ name: String) throws -> [UInt8] {
        let descriptor = try #require(iconv_open(name, "UTF-8"))
        defer { iconv_close(descriptor) }
        var source = Array(text.utf8).map { CChar(bitPattern: $0) }
        var room = [CChar](repeating: 0, count: 4 * source.count + 16)
        var (left, roomLeft) = (source.count, room.count)
        let roomCount = room.count
        let status = source.withUnsafeMutableBufferPointer { source in
            room.withUnsafeMutableBufferPointer { room in
                var (next, roomNext) = (source.baseAddress, room.baseAddress)
                return iconv(descriptor, &next, &left, &roomNext, &roomLeft)
            }
        }
        try #require(status != -1 && left == 0)
        return room.prefix(roomCount - roomLeft).map { UInt8(bitPattern: $0) }
    }

    static let chinese = "id,a,b,备注\n客户一,1.5,2,\"北京，朝阳\n区\"\n客户二,x,3,上海\n𠮷野家,7,8,镕€é\n\"客户\"\"三\",4,,\r\n"

    static func format(_ encoding: TextEncoding?) -> CSVFormat {
        var format = CSVFormat()
        format.encoding = encoding
        return format
    }

    @Test(arguments: [TextEncoding.utf8, .utf16LittleEndian, .utf16BigEndian, .gb18030])
    func aTextIsReadAlikeInEveryEncoding(_ encoding: TextEncoding) throws {
        let bytes = try Self.encoded(Self.chinese, encoding.systemName)
        let expected = try CSVReaderTests.reference(Self.chinese)
        #expect(expected.ids.count == 3)
        for block in 1...64 {
            for threads in [1, 2, 7] {
                let source = try threads == 2 ? pulled(bytes, pieceSize: 3) : InputSource(bytes: bytes, name: "memory")
                let result = try CSVReaderTests.reading(
                    source, block: block, threads: threads, keep: threads != 2, format: Self.format(encoding))
                #expect(result == expected, "block \(block), \(threads) threads")
                #expect(result.inputs.map(\.encoding) == [encoding])
                #expect(result.inputs.map(\.undecodableCount) == [0])
            }
        }
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE], TextEncoding.utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
            ([0xEF, 0xBB, 0xBF], .utf8),
        ] as [([UInt8], TextEncoding)])
    func aByteOrderMarkTellsTheEncoding(mark: [UInt8], encoding: TextEncoding) throws {
        let folder = TemporaryFolder()
        let bytes = mark + (try Self.encoded(Self.chinese, encoding.systemName))
        let path = folder.path + "/in.csv"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let expected = try CSVReaderTests.reference(Self.chinese)
        for asked in [nil, encoding] {
            for block in [1, 7, 64, 1 << 16] {
                for source in [try InputSource(path: path), try pulled(bytes, pieceSize: 1)] {
                    let result = try CSVReaderTests.reading(
                        source, block: block, threads: 2, format: Self.format(asked))
                    #expect(result.ids == expected.ids)
                    #expect(result.rejects.map(\.line) == expected.rejects.map { reject in reject.line })
                    var hash = XXH3()
                    bytes.withUnsafeBytes { hash.update($0) }
                    #expect(result.inputs[0].checksum == hash.value, "the checksum is that of the stored bytes")
                }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5, 64, 1000])
    func piecesOfAnySizeAreConvertedAlike(_ size: Int) throws {
        let text = String(repeating: Self.chinese, count: 20)
        for encoding in [TextEncoding.utf16LittleEndian, .gb18030] {
            for byteCount in [8, 9, 10, 11, 17, 64] {
                let source = MemoryStream(try Self.encoded(text, encoding.systemName))
                let stream = try TranscodingStream(encoding, path: "memory", offset: 0, byteCount: byteCount) {
                    room throws(TableIOError) in try source.read(into: room)
                }
                var bytes: [UInt8] = []
                var piece = [UInt8](repeating: 0, count: size)
                while true {
                    let count = try piece.withUnsafeMutableBytes { try stream.read(into: $0) }
                    bytes += piece.prefix(count)
                    if count < size { break }
                }
                #expect(String(decoding: bytes, as: UTF8.self) == text)
            }
        }
    }

    @Test func brokenGB18030CostsItsOwnRecordAndTellsWhere() throws {
        var bytes = try Self.encoded("id,a,b\n客户一,1,2\n", "GB18030")
        let broken = bytes.count
        // A lead byte before a line end: the line end must survive.
        bytes += [0x81, 0x0A] + Array("k,1,2\n".utf8) + [0xFF] + Array(",1,2\n".utf8)
        bytes += try Self.encoded("客户二,3,4\n", "GB18030") + [0x84, 0x31]
        for block in 1...40 {
            let result = try CSVReaderTests.reading(
                InputSource(bytes: bytes, name: "memory"), block: block, threads: 2, format: Self.format(.gb18030))
            #expect(result.ids == ["客户一", "k", "客户二"].map { Array($0.utf8) })
            #expect(result.rejects.map(\.line) == [3, 5, 7])
            #expect(result.rejects.map(\.reason) == [.tooFewFields, .invalidUTF8, .tooFewFields])
            #expect(result.inputs[0].firstUndecodableOffset == broken)
            #expect(result.inputs[0].undecodableCount == 3)
        }
    }

    @Test func brokenUTF16CostsItsOwnRecord() throws {
        let low = try Self.encoded("id,a,b\n1,2,3\n", "UTF-16LE")
        let bytes = [0xFF, 0xFE] + low + [0x00, 0xD8] + (try Self.encoded(",1,2\nz,4,5\n", "UTF-16LE")) + [0x41]
        let result = try CSVReaderTests.reading(InputSource(bytes: bytes, name: "memory"), block: 16, threads: 2)
        #expect(result.ids == ["1", "z"].map { Array($0.utf8) })
        #expect(result.rejects.map(\.line) == [3, 5])
        #expect(result.inputs[0].firstUndecodableOffset == 2 + low.count)
    }

    @Test func gb18030IsProposedForAHeaderThatIsNotUTF8() throws {
        let bytes = try Self.encoded("编号,消费\n1,2\n", "GB18030")
        #expect {
            _ = try CSVReader(source: InputSource(bytes: bytes, name: "memory"), identifier: "编号", columns: [])
        } throws: {
            ($0 as? TableIOError)?.kind == .unsupportedEncoding && "\($0)".contains("--encoding gb18030")
        }
    }

    @Test func gb18030IsProposedForRecordsThatAreNotUTF8() throws {
        let bytes = try Self.encoded("id,a\n北京,1\n上海,2\n", "GB18030")
        let reader = try CSVReader(source: InputSource(bytes: bytes, name: "memory"), identifier: "id", columns: nil)
        #expect { _ = try reader.readTable(workers: Workers(threadCount: 1)) } throws: {
            ($0 as? TableIOError)?.kind == .tooManyRejects && "\($0)".contains("try --encoding gb18030")
        }
    }

    @Test func bytesThatAreNoGB18030AreNotTakenForIt() throws {
        let bytes = Array("id,a\n".utf8) + [0xFF] + Array(",1\n".utf8)
        let reader = try CSVReader(source: InputSource(bytes: bytes, name: "memory"), identifier: "id", columns: nil)
        #expect { _ = try reader.readTable(workers: Workers(threadCount: 1)) } throws: {
            !"\($0)".contains("gb18030")
        }
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0, 0, 0x69, 0, 0, 0], nil), ([0xFF, 0xFE, 0x69, 0], TextEncoding.utf8),
            ([0xFE, 0xFF, 0, 0x69], .utf16LittleEndian), ([0xEF, 0xBB, 0xBF, 0x69], .gb18030),
        ] as [([UInt8], TextEncoding?)])
    func marksThatContradictAreRefused(bytes: [UInt8], asked: TextEncoding?) throws {
        #expect {
            _ = try CSVReader(
                source: InputSource(bytes: bytes, name: "memory"), format: Self.format(asked), identifier: nil,
                columns: nil)
        } throws: { ($0 as? TableIOError)?.kind == .unsupportedEncoding }
    }
}

import Reports
import Segmentation
import TableIO
import Testing
import VectorMath

@testable import Stratum

struct BenchmarkRowsTests {
    @Test(arguments: GeneratedRows.Distribution.allCases)
    func fewerGeneratedRowsAreTheFirstOfMore(_ distribution: GeneratedRows.Distribution) throws {
        func matrix(_ count: Int, threads: Int) throws -> FeatureMatrix {
            try BenchmarkRows(
                GeneratedRows(rowCount: count, columnCount: 5, distribution: distribution, seed: 4),
                workers: Workers(threadCount: threads)
            ).matrix
        }
        let (more, fewer) = (try matrix(40_000, threads: 7), try matrix(20_001, threads: 1))
        let workers = Workers(threadCount: 1)
        #expect(try more.firstRows(20_001).bitSum(workers: workers) == fewer.bitSum(workers: workers))
        for row in [0, 16_384, 20_000] { #expect(more.row(row) == fewer.row(row)) }
    }

    @Test func clusteredRowsHaveTheClustersThatTheyWereMadeFrom() throws {
        let rows = try BenchmarkRows(
            GeneratedRows(rowCount: 20_000, columnCount: 12, centerCount: 4), workers: Workers(threadCount: 1))
        let result = try KMeans(KMeansParameters(clusterCount: 4)).fit(rows.matrix, workers: Workers(threadCount: 1))
        // Each row has 12 squares of mean 1.2 x 1.2 around its center.
        #expect(abs(result.inertia / (20_000 * 12 * 1.44) - 1) < 0.02)
        #expect(result.sizes.allSatisfy { abs($0 - 5_000) < 300 })
    }

    @Test func countsBelowOneAreRefused() {
        for generated in [
            GeneratedRows(rowCount: 0, columnCount: 1), GeneratedRows(rowCount: 1, columnCount: 0),
            GeneratedRows(rowCount: 1, columnCount: 1, centerCount: 0),
        ] {
            #expect(throws: BenchmarkError.self) {
                try BenchmarkRows(generated, workers: Workers(threadCount: 1))
            }
        }
    }

    // MARK: numpy

    /// The bytes of a file of `numpy.save`, version 1, padded to 64 bytes as numpy does.
    private func numpy(_ dictionary: String, _ values: [UInt8], version: UInt8 = 1) -> [UInt8] {
        let lengthByteCount = version == 1 ? 2 : 4
        var header = Array(dictionary.utf8)
        while (8 + lengthByteCount + header.count) % 64 != 63 { header.append(0x20) }
        header.append(0x0A)
        let length = (0..<lengthByteCount).map { UInt8(header.count >> (8 * $0) & 255) }
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + values
    }

    private func floats(_ values: [Float]) -> [UInt8] {
        values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) } }
    }

    private func read(_ bytes: [UInt8]) throws -> FeatureMatrix {
        try NumpyFile(source: InputSource(bytes: bytes, name: "a.npy")).matrix()
    }

    @Test func arraysOfNumpyAreTakenAsTheyAre() throws {
        let values: [Float] = [1, -2, 3.5, 4, 5, 1e-9]
        let single = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"
        for version: UInt8 in [1, 2] {
            let matrix = try read(numpy(single, floats(values), version: version))
            #expect((0..<3).flatMap { matrix.row($0) } == values)
        }
        let doubles = values.flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: Double(value).bitPattern >> (8 * UInt64($0))) }
        }
        let matrix = try read(numpy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", doubles))
        #expect((0..<2).flatMap { matrix.row($0) } == values)
    }

    @Test func rowsOfManyBlocksAreInOrder() throws {
        let rowCount = 200_000
        let values = (0..<rowCount * 2).map { Float($0) }
        let matrix = try read(
            numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (\(rowCount), 2), }", floats(values)))
        for row in [0, 131_071, 131_072, rowCount - 1] {
            #expect(matrix.row(row) == [Float(2 * row), Float(2 * row + 1)])
        }
    }

    @Test func whatIsNoMatrixIsRefusedWithItsReason() throws {
        let four = floats([1, 2, 3, 4])
        func header(_ type: String = "<f4", _ order: String = "False", _ shape: String = "(2, 2)") -> String {
            "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
        }
        for (bytes, problem) in [
            (Array("id,a\n1,2\n".utf8), "not a file of numpy.save"), ([], "not a file of numpy.save"),
            (Array(numpy(header(), four).prefix(40)), "ends inside its header"),
            (numpy(header("<i8"), four), "values of type <i8"), (numpy(header(">f4"), four), "values of type >f4"),
            (numpy(header("<f4", "True"), four), "columns one after the other"),
            (numpy(header("<f4", "False", "(4,)"), four), "a shape of [4]"),
            (numpy(header("<f4", "False", "(0, 4)"), four), "a shape of [0, 4]"),
            (numpy(header("<f4", "False", "(2, -2)"), four), "a shape of"),
            (numpy(header(), Array(four.dropLast())), "ends after 1 of 2 rows"),
            (numpy(header(), four + [0]), "bytes follow"),
            (numpy(header(), floats([1, .nan, 3, 4])), "not finite"),
            (numpy(header(), floats([1, .infinity, 3, 4])), "not finite"),
        ] {
            let error = #expect(throws: BenchmarkError.self) { try read(bytes) }
            #expect(
                error?.kind == .badMatrix && error?.problem.contains(problem) == true, "\(String(describing: error))")
        }
    }

    @Test func machineFiguresAreReadFromWhatLinuxTells() {
        #expect(BenchmarkMachine.byteCount(ofCache: "48K") == 48 << 10)
        #expect(BenchmarkMachine.byteCount(ofCache: "2M") == 2 << 20)
        #expect(BenchmarkMachine.byteCount(ofCache: "512") == 512)
        #expect(BenchmarkMachine.vectorBitCount(flags: "fpu sse2") == 128)
        #expect(BenchmarkMachine.vectorBitCount(flags: "bmi2 fma avx2") == 256)
        #expect(BenchmarkMachine.vectorBitCount(flags: "avx2 avx512f avx512bw avx512cd avx512dq avx512vl") == 512)
    }
}

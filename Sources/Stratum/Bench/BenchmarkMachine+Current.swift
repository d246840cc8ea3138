import Glibc
public import Reports
import TableIO
import VectorMath

extension BenchmarkMachine {
    /// This machine, by what the system tells without rights; what it does not tell is `unknown` or 0.
    public static var current: BenchmarkMachine {
        let processor = fields(ofFile: "/proc/cpuinfo", separator: ":")
        let memory = fields(ofFile: "/proc/meminfo", separator: ":")["MemTotal"] ?? ""
        let release = fields(ofFile: "/etc/os-release", separator: "=")["PRETTY_NAME"] ?? "Linux"
        let kernel = line(ofFile: "/proc/sys/kernel/osrelease")
        return BenchmarkMachine(
            processor: processor["model name"] ?? "unknown processor",
            coreCount: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), caches: caches,
            memoryByteCount: leadingNumber(memory) * 1024,
            vectorBitCount: vectorBitCount(flags: processor["flags"] ?? ""),
            system: kernel.isEmpty ? release : "\(release), kernel \(kernel)",
            libraries: [Library(MatrixLibrary.name, MatrixLibrary.version)])
    }

    /// The vectors that the C loops choose: x86-64-v4, x86-64-v3, or those of every processor.
    static func vectorBitCount(flags: String) -> Int {
        let flags = Set(flags.split(separator: " "))
        if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]) { return 512 }
        return flags.isSuperset(of: ["avx2", "fma", "bmi2"]) ? 256 : 128
    }

    private static var caches: [Cache] {
        var caches: [Cache] = []
        for index in 0..<8 {
            let folder = "/sys/devices/system/cpu/cpu0/cache/index\(index)/"
            let (level, kind) = (line(ofFile: folder + "level"), line(ofFile: folder + "type"))
            guard !level.isEmpty, kind != "Instruction" else { continue }
            caches.append(
                Cache(
                    "L\(level)\(kind == "Data" ? "d" : "")",
                    byteCount: byteCount(ofCache: line(ofFile: folder + "size"))))
        }
        return caches
    }

    /// `48K`, `2M` or plain bytes.
    static func byteCount(ofCache text: String) -> Int {
        let shift = text.hasSuffix("K") ? 10 : text.hasSuffix("M") ? 20 : 0
        return leadingNumber(text) << shift
    }

    private static func leadingNumber(_ text: String) -> Int {
        // 15 digits leave room for the shift.
        Int(text.prefix { $0.isASCII && $0.isNumber }.prefix(15)) ?? 0
    }

    private static func line(ofFile path: String) -> String {
        text(ofFile: path).split(separator: "\n").first.map(String.init) ?? ""
    }

    /// The first value of each name in a file of `name: value` lines, blanks and quotes around both dropped.
    private static func fields(ofFile path: String, separator: Character) -> [String: String] {
        func trimmed(_ text: Substring) -> String {
            let isEdge: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\"" }
            return String(text.drop(while: isEdge).reversed().drop(while: isEdge).reversed())
        }
        var fields: [String: String] = [:]
        for line in text(ofFile: path).split(separator: "\n") {
            let parts = line.split(separator: separator, maxSplits: 1)
            guard parts.count == 2, fields[trimmed(parts[0])] == nil else { continue }
            fields[trimmed(parts[0])] = trimmed(parts[1])
        }
        return fields
    }

    /// The beginning of a small file, made fit for a terminal; empty if it cannot be read.
    private static func text(ofFile path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count < 1 << 16 {
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

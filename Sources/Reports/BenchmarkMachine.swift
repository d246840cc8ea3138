/// A machine as far as it decides times. It has no name of a host or a user.
public struct BenchmarkMachine: Decodable, Equatable, Sendable {
    /// A cache that a core reads through.
    public struct Cache: Decodable, Equatable, Sendable {
        /// Its name, such as `L1d`.
        public var name: String
        /// Its size in bytes.
        public var byteCount: Int

        /// A cache.
        public init(_ name: String, byteCount: Int) {
            self.name = name
            self.byteCount = byteCount
        }

        private enum CodingKeys: String, CodingKey {
            case name
            case byteCount = "bytes"
        }
    }

    /// A library or tool that took part, and its version.
    public struct Library: Decodable, Equatable, Sendable {
        /// The name.
        public var name: String
        /// The version.
        public var version: String

        /// A library.
        public init(_ name: String, _ version: String) {
            self.name = name
            self.version = version
        }
    }

    /// The processor's model.
    public var processor: String
    /// Processors that are online.
    public var coreCount: Int
    /// The caches of the first core, the smallest first.
    public var caches: [Cache]
    /// Memory in bytes.
    public var memoryByteCount: Int
    /// Bits of the widest vectors that the loops use here: 128, 256 or 512.
    public var vectorBitCount: Int
    /// The operating system and its kernel.
    public var system: String
    /// Libraries that take part.
    public var libraries: [Library]

    /// A machine.
    public init(
        processor: String, coreCount: Int, caches: [Cache], memoryByteCount: Int, vectorBitCount: Int, system: String,
        libraries: [Library]
    ) {
        self.processor = processor
        self.coreCount = coreCount
        self.caches = caches
        self.memoryByteCount = memoryByteCount
        self.vectorBitCount = vectorBitCount
        self.system = system
        self.libraries = libraries
    }

    // The keys of `BenchmarkReport+JSON.swift`.
    private enum CodingKeys: String, CodingKey {
        case processor, caches, system, libraries
        case coreCount = "cores"
        case memoryByteCount = "memory_bytes"
        case vectorBitCount = "vector_bits"
    }
}

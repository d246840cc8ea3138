import Foundation

/// The inputs that a user names: files, folders, patterns and `-`, in the order given, each expanded in its place.
///
/// A folder stands for the files in it, by name in byte order; folders inside are not entered. Left out, and told, are
/// names that begin with `.` or `_` and those with an ending of `endingsThatAreNoData`. A pattern (`*`, `?`, `[a-z]`),
/// quoted so that the shell leaves it alone, stands for the files it matches, by path in byte order.
struct InputPaths: Equatable {
    /// The files, and `-` at most once.
    private(set) var paths: [String] = []
    /// Files of folders that were left out because of their names.
    private(set) var leftOut: [String] = []

    /// Endings of notes, checksums, plans, models, logs and unfinished copies; letter case does not count.
    static let endingsThatAreNoData = [
        ".md", ".json", ".yaml", ".yml", ".log", ".md5", ".sha1", ".sha256", ".sha512", ".asc", ".sig", ".tmp", ".part",
        ".bak", "~",
    ]

    /// - Parameter taken: other file names of the call, of which `-` means standard input too.
    /// - Throws: `CommandError` of status `usage` if standard input is named more than once, `io` for a folder that
    ///   cannot be read or has no data, and for a pattern that matches nothing.
    init(_ names: [String], besides taken: [String] = []) throws {
        if (names + taken).count(where: { $0 == "-" }) > 1 {
            throw CommandError(
                status: .usage, problem: "standard input is named more than once", place: "-",
                remedy: "it can be read once; name files for the rest")
        }
        for name in names {
            switch Self.shape(of: name) {
            case S_IFDIR where name != "-": try append(folder: name)
            case nil where name != "-" && name.utf8.contains(where: { "*?[".utf8.contains($0) }):
                try append(pattern: name)
            default: paths.append(name)
            }
        }
        if paths.count > 500 { Self.raiseFileLimit() }
    }

    /// Lets the process have as many files open as the system bears: all inputs are open at once, so that what is wrong
    /// with any of them is told before the first record is read.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private mutating func append(folder: String) throws {
        guard let listing = opendir(folder) else {
            throw CommandError.file(
                folder, doing: "read the folder", errorNumber: errno, remedy: "check who may read it")
        }
        defer { closedir(listing) }
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        var found: [String] = []
        while let entry = readdir(listing) {
            // SAFETY: the system ends a name with a NUL inside its array.
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            let path = prefix + name
            guard Self.shape(of: path) == S_IFREG else { continue }
            if Self.isData(name) { found.append(path) } else { leftOut.append(path) }
        }
        guard !found.isEmpty else {
            throw CommandError(
                status: .io, problem: "no data in the folder", place: folder,
                remedy: "folders inside are not entered; name files, or a pattern such as '\(prefix)*.csv'")
        }
        paths += Self.sorted(found)
        leftOut = Self.sorted(leftOut)
    }

    private mutating func append(pattern: String) throws {
        var matches = glob_t()
        defer { globfree(&matches) }
        let status = glob(pattern, GLOB_NOSORT, nil, &matches)
        var found: [String] = []
        // SAFETY: `glob` made room for `gl_pathc` paths, which live until `globfree`.
        if status == 0, let names = matches.gl_pathv {
            for index in 0..<Int(matches.gl_pathc) {
                if let name = names[index] { found.append(String(cString: name)) }
            }
        }
        found = found.filter { Self.shape(of: $0) != S_IFDIR }
        guard !found.isEmpty else {
            throw CommandError(
                status: .io, problem: "no file matches the pattern", place: pattern,
                remedy: "check the folder, and quote the pattern so that the shell leaves it alone")
        }
        paths += Self.sorted(found)
    }

    /// Whether a folder's file of this name is read.
    static func isData(_ name: String) -> Bool {
        if name.utf8.first == UInt8(ascii: ".") || name.utf8.first == UInt8(ascii: "_") { return false }
        let lowered = Array(name.utf8).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return !endingsThatAreNoData.contains { lowered.count > $0.utf8.count && lowered.ends(with: $0.utf8) }
    }

    private static func sorted(_ paths: [String]) -> [String] {
        paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The kind of file that a path leads to, nil if there is none.
    private static func shape(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}

extension Array<UInt8> {
    fileprivate func ends(with other: some BidirectionalCollection<UInt8>) -> Bool {
        suffix(other.count).elementsEqual(other)
    }
}

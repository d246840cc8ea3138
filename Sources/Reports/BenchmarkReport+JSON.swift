// Writing and reading belong together: what is written under a key here is read by `BenchmarkReport+Decodable.swift`.
// Figures that follow from others (medians, rates) are written for readers and not read back.

extension BenchmarkReport {
    /// The version of the file's form.
    public static let formatVersion = 1
    /// What a file of results says it is.
    public static let format = "stratum benchmark"

    /// The report as an object: machine, settings, then a cell for each combination with all its runs.
    public var json: JSONValue {
        [
            "format": .text(Self.format), "version": .integer(Self.formatVersion), "engine": .text(engineVersion),
            "machine": machine.json, "settings": settings.json, "cells": .list(cells.map(\.json)),
            "disagreements": .list(disagreements.map { .text($0) }),
        ]
    }
}

extension BenchmarkMachine {
    fileprivate var json: JSONValue {
        [
            "processor": .text(processor), "cores": .integer(coreCount),
            "caches": .list(caches.map { ["name": .text($0.name), "bytes": .integer($0.byteCount)] }),
            "memory_bytes": .integer(memoryByteCount), "vector_bits": .integer(vectorBitCount),
            "system": .text(system),
            "libraries": .list(libraries.map { ["name": .text($0.name), "version": .text($0.version)] }),
        ]
    }
}

extension BenchmarkSettings {
    fileprivate var json: JSONValue {
        [
            "data": .text(dataName), "columns": .integer(columnCount), "tolerance": .number(tolerance),
            "iteration_limit": .integer(iterationLimit),
            // A text, since readers of JSON keep 53 bits of a number.
            "seed": .text(String(seed)), "repeats": .integer(repeatCount), "warmups": .integer(warmupCount),
        ]
    }
}

extension BenchmarkCell {
    fileprivate var json: JSONValue {
        [
            "rows": .integer(key.rowCount), "k": .integer(key.clusterCount), "seeding": .text(key.seeding),
            "algorithm": .text(key.algorithm), "threads": .integer(key.threadCount),
            "matrix_bytes": .integer(matrixByteCount), "data_checksum": .text(dataChecksum),
            "seconds": [
                "total": total.json, "seeding": seeding?.json ?? .null, "fit": fit.json, "iteration": iteration.json,
                "read": read.json,
            ],
            "rows_per_second": .number(rowsPerSecond), "gigabytes_per_second": .number(rate),
            "read_gigabytes_per_second": .number(readRate), "iterations": .integer(iterationCount),
            "converged": .bool(converged), "skipped_share": .number(skippedShare), "inertia": .number(inertia),
            "silhouette": .optional(silhouette),
        ]
    }
}

extension BenchmarkTimes {
    fileprivate var json: JSONValue {
        [
            "median": .number(median), "minimum": .number(minimum), "maximum": .number(maximum),
            "median_deviation": .number(medianDeviation), "runs": .list(runs.map { .number($0) }),
        ]
    }
}

import Reports
import Testing

struct RunSummaryTests {
    @Test func fileIsReadingOrderJSON() {
        let summary = RunSummary(
            engineVersion: "0.1.0", verb: "run",
            rows: .init(
                read: 10, accepted: 8, rejected: 2, rejectReasons: [.init("too_few_fields", 1), .init("nul_byte", 1)]),
            missing: [.init("nps", 3)], warnings: ["\"nps\" is the same for everyone"],
            inputs: [.init(path: "客户.csv", byteCount: 512, checksum: "xxh3:0123456789abcdef", isComplete: true)],
            outputs: [
                .init(path: "out/scores.csv", byteCount: 99, checksum: "xxh3:00000000000000ff"),
                .init(path: "out/tiers.csv", byteCount: 9, checksum: "xxh3:00000000000000fe", sha256: "ab"),
            ],
            stages: [.init("read", seconds: 0.25), .init("score", seconds: 1)],
            results: [.init("tiers", ["rows": .list([])])], plan: ["version": .integer(1)])
        #expect(
            String(decoding: summary.jsonFile, as: UTF8.self) == #"""
                {
                  "format": "stratum summary",
                  "version": 1,
                  "engine": "0.1.0",
                  "verb": "run",
                  "exit_reason": "done",
                  "rows": {
                    "read": 10,
                    "accepted": 8,
                    "rejected": 2,
                    "reject_reasons": {
                      "too_few_fields": 1,
                      "nul_byte": 1
                    }
                  },
                  "missing": {
                    "nps": 3
                  },
                  "warnings": ["\"nps\" is the same for everyone"],
                  "inputs": [
                    {
                      "path": "客户.csv",
                      "bytes": 512,
                      "checksum": "xxh3:0123456789abcdef",
                      "complete": true
                    }
                  ],
                  "outputs": [
                    {
                      "path": "out/scores.csv",
                      "bytes": 99,
                      "checksum": "xxh3:00000000000000ff"
                    },
                    {
                      "path": "out/tiers.csv",
                      "bytes": 9,
                      "checksum": "xxh3:00000000000000fe",
                      "sha256": "ab"
                    }
                  ],
                  "tiers": {
                    "rows": []
                  },
                  "seconds": {
                    "read": 0.25,
                    "score": 1
                  },
                  "plan": {
                    "version": 1
                  }
                }

                """#)
    }

    @Test func emptySummaryIsComplete() {
        let json = RunSummary(engineVersion: "0", verb: "fit", exitReason: "no rows").json
        for key in ["rows", "missing", "warnings", "inputs", "outputs", "seconds", "plan"] { #expect(json[key] != nil) }
        #expect(json["exit_reason"] == "no rows" && json["plan"] == .null)
    }
}

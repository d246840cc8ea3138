import Reports
import Testing

struct JSONValueTests {
    private let value: JSONValue = [
        "b": .list([.integer(1), .number(0.5), .null]), "a": ["text": "he said \"\\\"\n\u{1}客户", "none": .list([])],
        "rows": .list([["x": .bool(true)], ["x": .number(.infinity)]]),
    ]

    @Test func compactForm() {
        #expect(
            String(decoding: value.encoded(indented: false), as: UTF8.self)
                == #"{"b":[1,0.5,null],"a":{"text":"he said \"\\\"\n\u0001客户","none":[]},"rows":[{"x":true},{"x":null}]}"#
        )
    }

    @Test func indentedForm() {
        #expect(
            String(decoding: value.encoded(indented: true), as: UTF8.self) == #"""
                {
                  "b": [1, 0.5, null],
                  "a": {
                    "text": "he said \"\\\"\n\u0001客户",
                    "none": []
                  },
                  "rows": [
                    {
                      "x": true
                    },
                    {
                      "x": null
                    }
                  ]
                }
                """#)
    }

    @Test func sortedKeysAreInByteOrder() {
        let sorted = (["é": .null, "z": ["b": .null, "a": .null], "Z": .null] as JSONValue).sorted
        #expect(
            String(decoding: sorted.encoded(indented: false), as: UTF8.self)
                == #"{"Z":null,"z":{"a":null,"b":null},"é":null}"#)
    }
}

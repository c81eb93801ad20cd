import FileFormats
import Foundation
import Records
import Testing

struct JSONTextTests {
    /// Keys in order, and 1.0 is not 1: Python's readers tell them apart.
    @Test func writesWhatPythonReads() {
        let value = JSONValue.object([
            "b": .number(1), "a": .integer(1), "small": .number(1e-6), "none": .array([]),
            "list": .array([.bool(true), .null, .object(["k": .string("a\"\n")])]),
        ])
        #expect(
            JSONText.pretty(value) == """
                {
                  "a": 1,
                  "b": 1.0,
                  "list": [
                    true,
                    null,
                    {
                      "k": "a\\"\\n"
                    }
                  ],
                  "none": [],
                  "small": 1e-06
                }

                """)
    }

    /// What was read is written so that it reads as the same value.
    @Test func comesBackTheSame() throws {
        let value = JSONValue.object([
            "ü/\u{1}\\": .array([.number(0.1), .number(-2), .number(1e300), .integer(.min)]),
            "empty": .object([:]), "nothing": .number(.infinity),
        ])
        var expected = value.object ?? [:]
        expected["nothing"] = .null
        let read = try Array(JSONText.pretty(value).utf8).withUnsafeBytes { bytes in
            try JSONDocument.parse(bytes, file: "written")
        }
        #expect(read == .object(expected))
    }
}

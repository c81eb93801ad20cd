import Foundation
import Records
import Testing

/// How JSON is written: files and hashes of earlier versions depend on it.
struct JSONEncoderTests {
    private let value: JSONValue = .object([
        "b": .string("a/b"), "a": .array([.integer(1), .null]),
    ])

    private func text(_ encoder: JSONEncoder) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test func keysAreSortedAndPathsReadable() throws {
        #expect(try text(.line) == #"{"a":[1,null],"b":"a/b"}"#)
        #expect(try text(.escapingSlashes) == #"{"a":[1,null],"b":"a\/b"}"#)
        let pretty = """
            {
              "a" : [
                1,
                null
              ],
              "b" : "a/b"
            }
            """
        #expect(try text(.pretty) == pretty)
    }

    /// Settings of one are not those of the next.
    @Test func eachIsNew() throws {
        JSONEncoder.line.outputFormatting = []
        #expect(JSONEncoder.line.outputFormatting == [.sortedKeys, .withoutEscapingSlashes])
    }
}

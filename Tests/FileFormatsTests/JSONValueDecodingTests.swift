import FileFormats
import Foundation
import Records
import Testing

/// Values read from JSON that is parsed already, beside `JSONDecoder` on its text.
struct JSONValueDecodingTests {
    private enum Word: String, Codable { case one, two }

    private struct Part: Codable, Equatable {
        var name: String
        var word: Word?
        var counts: [Int]
        var ratio: Double
        var small: UInt8
    }

    private struct Whole: Codable, Equatable {
        var parts: [Part]
        var byName: [String: Bool]
        var byNumber: [Int: Float]
        var nested: [[Int?]]
        var anything: JSONValue
        var missing: String?
    }

    private func value(_ text: String) throws -> JSONValue {
        try Data(text.utf8).withUnsafeBytes { try JSONDocument.parse($0, file: "test") }
    }

    private static let part =
        #"{"name": "é\n", "word": "two", "counts": [1, -2, 3.0], "ratio": 2, "small": 255}"#

    private static let whole = """
        {"parts": [\(part)], "byName": {"a": true}, "byNumber": {"7": 0.5},
         "nested": [[1, null], []], "anything": {"x": [null, 1.5, "y"]}, "missing": null}
        """

    @Test func valuesAreThoseOfJSONDecoder() throws {
        let expected = try JSONDecoder().decode(Whole.self, from: Data(Self.whole.utf8))
        let read = try value(Self.whole).decoded(as: Whole.self)
        #expect(read == expected)
        #expect(read.parts.first?.counts == [1, -2, 3])
        #expect(read.nested == [[1, nil], []])
        #expect(try value("[1, 2]").decoded(as: Set<Int>.self) == [1, 2])
        #expect(try value("null").decoded(as: Int?.self) == nil)
        #expect(try value("\"two\"").decoded(as: Word.self) == .two)
        #expect(try value("9223372036854775808").decoded(as: UInt64.self) == 1 << 63)
    }

    /// What `JSONDecoder` refuses is refused, at the same place where it names one: of a number that
    /// does not fit it names none.
    @Test(arguments: [
        ("\"name\": \"é\\n\"", "\"name\": 1", "parts.Index 0.name"),
        ("\"name\": \"é\\n\"", "\"name\": null", "parts.Index 0.name"),
        ("\"name\": \"é\\n\", ", "", "parts.Index 0"),
        ("-2", "true", "parts.Index 0.counts.Index 1"),
        ("3.0", "3.5", "parts.Index 0.counts.Index 2"), ("255", "256", "parts.Index 0.small"),
        ("255", "-1", "parts.Index 0.small"), ("\"two\"", "\"three\"", "parts.Index 0.word"),
        ("{\"a\": true}", "[]", "byName"), ("{\"a\": true}", "{\"a\": 1}", "byName.a"),
        ("[[1, null], []]", "[[1], 2]", "nested.Index 1"),
    ])
    func deviationsAreNamed(part: String, other: String, place: String) throws {
        let text = Self.whole.replacing(part, with: other)
        #expect(text != Self.whole)
        let own = #expect(throws: DecodingError.self) {
            try value(text).decoded(as: Whole.self)
        }
        #expect(own.map(Self.place) == place)
        let theirs = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Whole.self, from: Data(text.utf8))
        }
        #expect(["", place].contains(theirs.map(Self.place)))
    }

    private static func place(_ error: DecodingError) -> String {
        let context: DecodingError.Context? =
            switch error {
            case .keyNotFound(_, let context), .typeMismatch(_, let context),
                .valueNotFound(_, let context), .dataCorrupted(let context):
                context
            @unknown default: nil
            }
        return context?.codingPath.map(\.stringValue).joined(separator: ".") ?? ""
    }
}

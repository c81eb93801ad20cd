import Records
import Testing

@testable import Web

struct SchemaTests {
    private let schema = Schema.object([
        .required("name", .text(1...3)), .optional("count", .integer(0...9)),
        .optional("tags", .list(.choice(["a", "b"]), count: 0...2)),
        .optional("axes", .map(.object([.optional("harm", .integer(1...5))]), atMost: 2)),
    ])

    private func fault(_ value: JSONValue) -> String? {
        do {
            try schema.check(value)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func acceptsWhatFits() {
        #expect(fault(.object(["name": .string("abc")])) == nil)
        #expect(fault(.object(["name": .string("abc"), "count": .null])) == nil)
        #expect(fault(.object(["name": .string("é"), "count": .number(3)])) == nil)
        #expect(fault(.object(["name": .string("x"), "tags": .array([.string("b")])])) == nil)
    }

    @Test func namesWhatDoesNot() {
        #expect(fault(.array([])) == "The body must be an object.")
        #expect(fault(.object([:])) == "\"name\" is missing.")
        #expect(fault(.object(["name": .null])) == "\"name\" must be a text.")
        #expect(
            fault(.object(["name": .string("abcd")])) == "\"name\" must have 1 to 3 characters.")
        #expect(
            fault(.object(["name": .string("a"), "count": .number(1.5)]))
                == "\"count\" must be a whole number from 0 to 9.")
        #expect(
            fault(.object(["name": .string("a"), "tags": .array([.string("a"), .string("z")])]))
                == "\"tags[1]\" must be one of a, b.")
        #expect(
            fault(
                .object([
                    "name": .string("a"), "axes": .object(["7": .object(["harm": .integer(6)])]),
                ])) == "\"axes.7.harm\" must be a whole number from 1 to 5.")
    }

    @Test func refusesUnknownKeysAndProposesTheNearest() {
        #expect(
            fault(.object(["name": .string("a"), "cuont": .integer(1)]))
                == "\"cuont\" is not known here; \"count\" may be meant.")
    }

    @Test func refusesNullCharacters() {
        #expect(
            fault(.object(["name": .string("a\0")])) == "\"name\" must not hold a null character.")
    }

    @Test func describesItself() {
        let json = schema.openAPI
        #expect(json["additionalProperties"] == .bool(false))
        #expect(json["required"] == .array([.string("name")]))
        #expect(json["properties"]?["name"]?["maxLength"] == .integer(3))
        #expect(json["properties"]?["count"]?["anyOf"]?.array?.count == 2)
    }
}

import FileFormats
import Foundation
import Records
import TestSupport
import Testing

struct JSONDocumentTests {
    private func parse(_ text: String) throws(FormatError) -> JSONValue {
        try parse(Array(text.utf8))
    }

    private func parse(_ bytes: [UInt8]) throws(FormatError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { (bytes) throws(FormatError) in
            try JSONDocument.parse(UnsafeRawBufferPointer(bytes), file: "file")
        }
    }

    @Test func values() throws {
        #expect(try parse(" null ") == .null)
        #expect(try parse("[true,false]") == .array([.bool(true), .bool(false)]))
        #expect(try parse("{}") == .object([:]))
        #expect(try parse("[ ]") == .array([]))
        #expect(
            try parse("{\"a\" : [1, {\"b\":\"c\"}] }")
                == .object(["a": .array([.integer(1), .object(["b": .string("c")])])])
        )
        #expect(try parse([0xEF, 0xBB, 0xBF, 0x31]) == .integer(1))
    }

    @Test func numbers() throws {
        #expect(try parse("-12") == .integer(-12))
        #expect(try parse("0") == .integer(0))
        #expect(try parse("9223372036854775807") == .integer(.max))
        #expect(try parse("9223372036854775808") == .number(9_223_372_036_854_775_808))
        #expect(try parse("1.0") == .number(1))
        #expect(try parse("-2.5e-3") == .number(-0.0025))
        #expect(try parse("1E+2") == .number(100))
        for text in ["01", "-", "1.", ".5", "+1", "1e", "1e999", "NaN", "Infinity", "0x1", "-01"] {
            #expect(throws: FormatError.self, "\(text)") { try parse(text) }
        }
    }

    @Test func strings() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{c}\n\r\t"))
        #expect(try parse(#""a\u00e4\u20ACz""#) == .string("aä€z"))
        #expect(try parse(#""\ud83e\ude7a""#) == .string("🩺"))
        #expect(try parse(#""🩺 ä""#) == .string("🩺 ä"))
        #expect(try parse(#""\u0000""#) == .string("\0"))
        for text in [#""\ud83e""#, #""\ude7a""#, #""\ud83ea""#, #""\x""#, #""\u12g4""#, "\"a\nb\""]
        {
            #expect(throws: FormatError.self, "\(text)") { try parse(text) }
        }
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
            #expect(throws: FormatError.self) { try parse([0x22] + bytes + [0x22]) }
        }
    }

    @Test func faultsHavePlacesButNoText() throws {
        let expected = FormatError(
            file: "file",
            item: "line 2",
            reason: "column 7: ',' or '}' is expected"
        )
        #expect(throws: expected) { try parse("{\n \"a\":1 secret\n}".replacing("1 ", with: "1")) }
        #expect(throws: FormatError.self) { try parse("[1,]") }
        #expect(throws: FormatError.self) { try parse("{\"a\":1,}") }
        #expect(throws: FormatError.self) { try parse("{\"a\":1,\"a\":2}") }
        #expect(throws: FormatError.self) { try parse("tru") }
        #expect(throws: FormatError.self) { try parse("") }
        #expect(throws: FormatError.self) { try parse("1 2") }
        #expect(throws: FormatError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
    }

    @Test func agreesWithFoundation() throws {
        let url = TestFiles.fixtures.appending(
            path: "formats/sharded/model.safetensors.index.json"
        )
        let expected = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: url))
        #expect(try JSONDocument.read(url) == expected)
    }
}

import Foundation
import Records
import Testing

@testable import Datasets

@Suite("Rows as they stand in their files")
struct RowTextTests {
    private func line(_ text: String, _ columns: [String: JSONValue] = [:]) throws -> String {
        String(decoding: try RowText(Data(text.utf8)).line(replacing: columns), as: UTF8.self)
    }

    @Test("only line breaks and indentation go")
    func verbatim() throws {
        let row = #"{"b" :1.50, "a": "x\n  \u00e9\"}", "c":[ {"d": null} ]}"#
        #expect(try line(row) == row)
        #expect(try line("{\n  \"a\": 1,\r\n\t\"b\": [\n 2 ]\n}") == #"{"a": 1,"b": [2 ]}"#)
    }

    @Test("columns are replaced, the rest stays letter by letter")
    func replacement() throws {
        let row = #"{ "a":"1,\"}", "image" : "x\\y" ,"n":-1.0e2,"o":{"image":"z"},"t":true}"#
        #expect(
            try line(row, ["image": .string("../é/\"q\""), "t": .array([.integer(1)])])
                == #"{ "a":"1,\"}", "image" : "../é/\"q\"" ,"n":-1.0e2,"o":{"image":"z"},"t":[1]}"#)
        #expect(try line(#"{"im\u0061ge": 1}"#, ["image": .integer(2)]) == #"{"im\u0061ge": 2}"#)
        #expect(try line("{}", ["image": .integer(2)]) == "{}")
        #expect(
            try line("{\n \"a\":\n  [1,\n 2],\n \"b\": 3\n}", ["b": .null])
                == #"{"a":[1,2],"b": null}"#)
    }
}

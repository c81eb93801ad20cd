import FileFormats
import Foundation
import Records
import TestSupport
import Testing

struct JSONLinesTests {
    struct Row: Codable, Equatable {
        var id: Int
        var text: String
    }

    let url: URL

    init() throws {
        url = try TestFiles.scratchFolder().appending(path: "rows.jsonl")
    }

    private func read(_ text: String) throws -> (records: [JSONRecord], problems: [FormatError]) {
        try read(Data(text.utf8))
    }

    private func read(_ data: Data) throws -> (records: [JSONRecord], problems: [FormatError]) {
        try data.write(to: url)
        return try JSONLines(url: url).readAll()
    }

    @Test func readsLines() throws {
        let (records, problems) = try read("{\"id\":1}\n\n  {\"id\":2}\r\n{\"id\":3}\n\n \r\n")
        #expect(problems.isEmpty)
        #expect(records.map(\.line) == [1, 3, 4])
        #expect(records.map { $0.value["id"]?.integer } == [1, 2, 3])
    }

    @Test func acceptsAByteOrderMarkAndNoLastLineFeed() throws {
        let (records, problems) = try read(Data([0xEF, 0xBB, 0xBF]) + Data("{\"a\":1}\n2".utf8))
        #expect(problems.isEmpty)
        #expect(records.map(\.value) == [.object(["a": .integer(1)]), .integer(2)])
    }

    @Test func reportsEveryMalformedLineAndGoesOn() throws {
        var data = Data("{\"a\":1}\n{\"secret\n{\"b\":2} tail\n".utf8)
        data += Data([0x22, 0xFF, 0x22, 0x0A]) + Data("3\n".utf8)
        let (records, problems) = try read(data)
        #expect(records.map(\.line) == [1, 5])
        #expect(problems.map(\.item) == ["line 2", "line 3", "line 4"])
        #expect(
            problems.map(\.reason) == [
                "column 9: the text ends too early", "column 9: more text behind the value",
                "column 2: a string is not valid UTF-8",
            ]
        )
        #expect(problems.allSatisfy { $0.file == url.path })
        #expect(!problems.contains { $0.description.contains("secret") })
    }

    @Test(arguments: ["", "\n\n", "[]", "[ ]\n", "\u{FEFF}"])
    func reportsFilesWithoutRecords(_ text: String) throws {
        let (records, problems) = try read(text)
        #expect(records.isEmpty)
        #expect(problems == [FormatError(file: url.path, reason: "has no records")])
    }

    @Test func readsArrays() throws {
        let (records, problems) = try read("[\n {\"id\":1},\n {\"id\":\n2}, {\"id\":3}\n]\n")
        #expect(problems.isEmpty)
        #expect(records.map(\.line) == [2, 3, 4])
        #expect(records.map { $0.value["id"]?.integer } == [1, 2, 3])
        #expect(records.map { String(decoding: $0.data, as: UTF8.self) }[2] == "{\"id\":3}")
    }

    @Test func reportsWhereArraysBreak() throws {
        var (records, problems) = try read("[1,\n2\n3]")
        #expect(records.count == 2)
        #expect(
            problems.map(\.description) == ["\(url.path): line 3: column 1: ',' or ']' is expected"]
        )
        (records, problems) = try read("[1,]")
        #expect(problems.map(\.item) == ["line 1"])
        (records, problems) = try read("[1]\n[2]")
        #expect(records.count == 1)
        #expect(problems.map(\.reason) == ["column 1: more text behind the value"])
    }

    @Test(arguments: ["{\"a\":\"ü\"}\n{\"b\":[1,2.5,null]}\n", "[{\"a\":\"ü\"},\n{\"b\":[]}]"])
    func truncatedEverywhere(_ text: String) throws {
        let data = Data(text.utf8)
        let (complete, _) = try read(data)
        for count in data.indices {
            let (records, problems) = try read(data[..<count])
            let isWhole = records.map(\.value) == complete.map(\.value)
            // Nothing is made up, and what is missing is reported, except at the end of a line.
            #expect(zip(records, complete).allSatisfy { $0.value == $1.value })
            let endsWithARecord = text.hasPrefix("{") && records.count == 1
            #expect(isWhole || !problems.isEmpty || endsWithARecord, "cut at \(count)")
        }
    }

    @Test func decodesRows() throws {
        let (records, _) = try read(
            "{\"id\":1,\"text\":\"a\"}\n{\"id\":1}\n{\"id\":\"x\",\"text\":\"\"}"
        )
        #expect(try records[0].decode(Row.self) == Row(id: 1, text: "a"))
        #expect(
            throws: FormatError(file: url.path, item: "line 2", reason: "\"text\" is missing")
        ) { try records[1].decode(Row.self) }
        #expect(
            throws: FormatError(
                file: url.path,
                item: "line 3",
                reason: "\"id\" is not of type Int"
            )
        ) { try records[2].decode(Row.self) }
    }

    @Test func writesWhatItReads() throws {
        let rows = [Row(id: 1, text: "zwei\nZeilen / ü"), Row(id: 2, text: "\"")]
        try JSONLines.write(rows, to: url)
        let text = try String(contentsOf: url, encoding: .utf8)
        #expect(text.split(separator: "\n").first == #"{"id":1,"text":"zwei\nZeilen / ü"}"#)
        #expect(try JSONLines(url: url).readAll().records.map { try $0.decode(Row.self) } == rows)
    }

    @Test func writesNothingOnFailure() throws {
        try JSONLines.write([1, 2], to: url)
        #expect(throws: FormatError.self) { try JSONLines.write([1, Double.nan], to: url) }
        #expect(try String(contentsOf: url, encoding: .utf8) == "1\n2\n")
    }
}

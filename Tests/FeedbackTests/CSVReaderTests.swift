import Testing

@testable import Feedback

struct CSVReaderTests {
    private func read(_ text: String) -> [Result<CSVReader.Row, RowProblem>] {
        var reader = CSVReader(text.utf8)
        var rows: [Result<CSVReader.Row, RowProblem>] = []
        while let row = reader.next() { rows.append(row) }
        return rows
    }

    private func fields(_ text: String) throws -> [[String]] {
        try read(text).map { try $0.get().fields }
    }

    @Test func quotedFieldsHoldCommasQuotesAndLineEnds() throws {
        let rows = try fields("a,\"b,c\",\"d \"\"e\"\"\"\r\n\"f\r\ng\",,h\n")
        #expect(rows == [["a", "b,c", "d \"e\""], ["f\r\ng", "", "h"]])
    }

    @Test func linesAreCountedThroughQuotedFields() throws {
        let rows = try read("a,b\n\"1\n2\n3\",x\n\ny,z").map { try $0.get().line }
        // The second row begins on line 2 and ends on 4; line 5 is blank.
        #expect(rows == [1, 2, 6])
    }

    @Test func acceptsByteOrderMarkAndMissingLastLineEnd() throws {
        #expect(try fields("\u{FEFF}é,b") == [["é", "b"]])
    }

    @Test func nothingIsNoRow() {
        #expect(read("").isEmpty)
        #expect(read("\n\r\n").isEmpty)
    }

    @Test(arguments: [
        ("a,b\"c\nd,e", "a quote inside a field that is not quoted"),
        ("\"a\"b,c\nd,e", "text behind the closing quote of a field"),
    ])
    func goesOnBehindAMalformedRow(text: String, reason: String) throws {
        let rows = read(text)
        #expect(rows.count == 2)
        #expect(rows.first == .failure(RowProblem(line: 1, reason: reason)))
        #expect(try rows.last?.get().fields == ["d", "e"])
    }

    @Test func aQuotedFieldMustEnd() {
        let problem = RowProblem(line: 2, reason: "a quoted field does not end")
        #expect(read("a\n\"b\nc").last == .failure(problem))
    }

    @Test func refusesWhatIsNotUTF8() {
        var reader = CSVReader([0x61, 0x2C, 0xFF, 0x0A])
        #expect(reader.next() == .failure(RowProblem(line: 1, reason: "is not UTF-8")))
    }
}

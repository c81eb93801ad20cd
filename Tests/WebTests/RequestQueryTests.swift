import Testing

@testable import Web

struct RequestQueryTests {
    private let fields: [Schema.Field] = [
        .optional("query", .text(0...20)), .optional("limit", .integer(1...200)),
        .optional("beta", .number(0.1...1)),
    ]

    @Test func decodesAsFormsDo() throws {
        let query = try RequestQuery(
            "query=chest+pain%20%26%C3%A9&limit=5&beta=0.5", fields: fields)
        #expect(query.text("query") == "chest pain &é")
        #expect(query.integer("limit") == 5)
        #expect(query.number("beta") == 0.5)
        #expect(query.integer("offset") == nil)
    }

    @Test(arguments: ["limit=0", "limit=x", "limit=1e400", "other=1", "beta=nan", "query=%00"])
    func refusesWhatDoesNotFit(text: String) {
        #expect(throws: APIError.self) { try RequestQuery(text, fields: fields) }
    }

    @Test(arguments: ["query=%ff", "query=%zz", "limit=1&limit=2"])
    func refusesWhatCannotBeRead(text: String) {
        do {
            _ = try RequestQuery(text, fields: fields)
            Issue.record("was accepted")
        } catch {
            #expect(error.status == .badRequest)
        }
    }
}

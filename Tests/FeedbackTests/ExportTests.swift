import Foundation
import Records
import Testing

@testable import Feedback

struct ExportTests {
    private func world(_ kind: StoreKind, answers: [String]) async throws -> World {
        let world = try await World(kind)
        let (_, traces) = try await world.sample(answers, of: nil)
        for trace in traces {
            _ = try await world.store.records.record(
                traceID: trace.id, preferredResponse: trace.text + "!", kind: .edit,
                by: world.ann)
        }
        return world
    }

    @Test(arguments: StoreKind.allCases)
    func recordsAsJSONLines(kind: StoreKind) async throws {
        let world = try await world(kind, answers: ["line\nbreak"])
        let data = try await world.store.exports.feedbackJSONL(actor: world.ann)
        #expect(
            String(decoding: data, as: UTF8.self)
                == #"{"feedback_type":"edit","generated_response":"line\nbreak","iteration":0,"#
                + #""preferred_response":"line\nbreak!","prompt":"What is asthma?","#
                + #""timestamp":"2026-11-21T12:00:00.000Z"}"# + "\n")
        let entry = try await world.store.audit.page(limit: 1).first
        #expect(entry?.action == "export")
        #expect(entry?.account == world.ann)
        #expect(entry?.detail == .object(["rows": .integer(1)]))
    }

    @Test func noCellOfATableIsAFormula() async throws {
        let world = try await world(.memory, answers: ["=1+1", "a \"b\", c", "-x"])
        let data = try await world.store.exports.feedbackCSV(actor: world.ann)
        let text = String(decoding: data, as: UTF8.self)
        let lines = text.split(separator: "\r\n").map(String.init)
        let start = #""2026-11-21T12:00:00.000Z","0","What is asthma?","#
        #expect(
            lines == [
                "\"timestamp\",\"iteration\",\"prompt\",\"generated_response\","
                    + "\"preferred_response\",\"feedback_type\"",
                start + #""'=1+1","'=1+1!","edit""#,
                start + #""a ""b"", c","a ""b"", c!","edit""#,
                start + #""'-x","'-x!","edit""#,
            ])
    }

    @Test(arguments: ["=1", "+1", "-1", "@A1", "\tA", "\rA"])
    func everyStartOfAFormulaIsDefused(text: String) {
        #expect(CSVWriter.text([[text]]) == "\"'" + text + "\"\r\n")
    }

    @Test(arguments: ["1=1", "a", "", "'"])
    func otherCellsStay(text: String) {
        #expect(CSVWriter.text([[text]]) == "\"" + text + "\"\r\n")
    }

    @Test(arguments: StoreKind.allCases)
    func pairsAreConversations(kind: StoreKind) async throws {
        let world = try await World(kind)
        let (sampling, _) = try await world.sample(["one", "two"], of: nil)
        try await world.rank(sampling.id, by: world.ann, [2, 1])
        let data = try await world.store.exports.preferencesJSONL(actor: world.ann)
        #expect(
            String(decoding: data, as: UTF8.self)
                == #"{"agreement":1,"chosen":[{"content":"two","role":"assistant"}],"#
                + #""held_out":false,"prompt":[{"content":"What is asthma?","role":"user"}],"#
                + #""raters":1,"rejected":[{"content":"one","role":"assistant"}]}"# + "\n")
    }
}

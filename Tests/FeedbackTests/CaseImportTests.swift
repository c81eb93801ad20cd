import Foundation
import Testing

@testable import Feedback

struct CaseImportTests {
    private func problems(
        _ text: String, _ format: CaseFileFormat, in store: FeedbackStore
    ) async throws -> [RowProblem] {
        do throws(FeedbackError) {
            _ = try await store.cases.importFile(Data(text.utf8), format: format, actor: nil)
            return []
        } catch {
            guard case .malformed(let problems) = error else { throw error }
            return problems
        }
    }

    @Test(arguments: StoreKind.allCases)
    func readsEveryShapeOfOptions(kind: StoreKind) async throws {
        let store = try kind.open()
        let text = """
            {"id":"q1","question":"One?","options":["Asthma","COPD"],"answer":"b"}
            {"id":"q2","question":"Two?","options":{"B":"COPD","A":"Asthma"},"answer":"Asthma"}

            {"id":3,"question":"Three?","options":[{"letter":"A","text":"Yes"},{"key":"B","value":"No"}],"answer":"A"}
            {"id":"q4","question":"Four?","A":"Yes","B":"No","answer":"B","diagnosis":"Gout"}
            {"id":"q5","question":"Five?","answer":"Gout","synonyms":["podagra"," "],"extra":1}
            """
        let count = try await store.cases.importFile(
            Data(text.utf8), format: .jsonl, actor: nil)
        #expect(count == 5)
        #expect(try await store.cases.find("q1").answer == "B")
        let second = try await store.cases.find("q2")
        #expect(second.answer == "A")
        #expect(second.options.map(\.text) == ["Asthma", "COPD"])
        #expect(try await store.cases.find("3").options.map(\.text) == ["Yes", "No"])
        #expect(try await store.cases.find("q4").diagnosis == "Gout")
        let open = try await store.cases.find("q5")
        #expect(open.options.isEmpty)
        #expect(open.synonyms == ["podagra"])
        #expect(open.source == .imported)
    }

    /// A case must not come in without the image that its row names elsewhere.
    @Test(arguments: [
        (#""image_path":"a.png""#, "image_path"), (#""img":"x""#, "img"),
        (#""media":{"path":"1"}"#, "media"), (#""scan":["CT/1.dcm"]"#, "scan"),
        (#""image":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeSECRET""#, "image"),
        (#""images":["data:image/png;base64,SECRET"]"#, "image"),
    ])
    func columnsThatSeemToHoldImages(column: String, name: String) async throws {
        let store = try StoreKind.allCases[0].open()
        let text = #"{"question":"One?","answer":"Gout",\#(column)}"#
        let found = try await problems(text, .jsonl, in: store)
        #expect(found.count == 1 && found[0].reason.contains(name))
        #expect(!found[0].reason.contains("SECRET") && !found[0].reason.contains("iVBOR"))
    }

    @Test(arguments: StoreKind.allCases)
    func readsTables(kind: StoreKind) async throws {
        let store = try kind.open()
        let text = """
            ID,Question,a,b,c,Answer,synonyms
            q1,"Fever, cough:
            which one?",Flu,"Cold, common",,B,
            q2,Open one?,,,,Gout,podagra; crystal arthritis
            """
        let count = try await store.cases.importFile(Data(text.utf8), format: .csv, actor: nil)
        #expect(count == 2)
        let first = try await store.cases.find("q1")
        #expect(first.question == "Fever, cough:\nwhich one?")
        #expect(first.options.map(\.text) == ["Flu", "Cold, common"])
        #expect(try await store.cases.find("q2").synonyms == ["podagra", "crystal arthritis"])
    }

    @Test(arguments: StoreKind.allCases)
    func reportsEveryMalformedLineAndKeepsNothing(kind: StoreKind) async throws {
        let store = try kind.open()
        let text = """
            {"id":"good","question":"One?","options":["Asthma","COPD"],"answer":"A"}
            {"question":"Two?"
            [1]
            {"answer":"A"}
            {"question":"Five?","options":["Asthma","COPD"],"answer":"C"}
            {"question":"Six?","options":["Asthma"],"answer":"A"}
            {"question":"Seven?","options":{"A":"Asthma","C":"COPD"},"answer":"A"}
            {"id":"a b","question":"Eight?","answer":"Gout"}
            {"question":"  ","answer":"Gout"}
            {"question":"Ten?","options":["Gout","Gout"],"answer":"A"}
            {"question":7,"answer":"Gout"}
            {"question":"Twelve\\u0000?","answer":"Gout"}
            """
        let problems = try await problems(text, .jsonl, in: store)
        #expect(problems.map(\.line) == Array(2...12))
        #expect(try await store.cases.count() == 0)
        #expect(!problems.map(\.reason).joined().contains("Gout"))
        #expect(try await store.audit.page().isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func reportsDuplicatesWithTheirPlace(kind: StoreKind) async throws {
        let store = try kind.open()
        _ = try await store.cases.add(
            CaseDraft(id: "old", question: "Old?", answer: "Gout"), actor: nil)
        let text = """
            question,answer,id
            New?,Gout,n1
            Old?,Gout,n2
            New?,Gout,n3
            Other?,Gout,n1
            """
        #expect(
            try await problems(text, .csv, in: store) == [
                RowProblem(line: 3, reason: "the same case is stored as old"),
                RowProblem(line: 4, reason: "the same case is on line 2"),
                RowProblem(line: 5, reason: "the same case is on line 2"),
            ])
        #expect(try await store.cases.count() == 1)
    }

    @Test func headersMustNameWhatIsNeededOnce() async throws {
        let store = try StoreKind.memory.open()
        #expect(
            try await problems("question,text\na,b", .csv, in: store).map(\.reason)
                == ["the header has no column \"answer\""])
        #expect(
            try await problems("question,answer,Answer\na,b,c", .csv, in: store).map(\.reason)
                == ["the header has a column twice"])
        #expect(
            try await problems("question,answer\na,b,c", .csv, in: store)
                == [RowProblem(line: 2, reason: "has 3 fields, the header 2")])
    }

    @Test(arguments: CaseFileFormat.allCases, ["", "\n\n"])
    func anEmptyFileIsAProblem(format: CaseFileFormat, text: String) async throws {
        let store = try StoreKind.memory.open()
        #expect(try await problems(text, format, in: store).count == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func theBankIsImportedOnce(kind: StoreKind) async throws {
        let store = try kind.open()
        #expect(try await store.cases.importBank(count: 30, seed: 7, actor: nil) == 30)
        #expect(try await store.cases.importBank(count: 40, seed: 7, actor: nil) == 10)
        let page = try await store.cases.page(limit: 100)
        #expect(page.cases.allSatisfy { $0.source == .bank })
        // One in five is held out; 40 cases give 8 on average, hardly ever none or half.
        #expect((1...19).contains(page.cases.count(where: \.heldOut)))
        await #expect(throws: FeedbackError.self) {
            try await store.cases.importBank(count: 0, seed: 7, actor: nil)
        }
    }
}

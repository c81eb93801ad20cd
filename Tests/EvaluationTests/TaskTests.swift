import Answers
import CaseBank
import Datasets
import Evaluation
import Foundation
import TestSupport
import Testing

struct TaskTests {
    private static let hasData = TestFiles.sharedData != nil

    /// A file with this text in a folder that is removed afterwards.
    private func withFile(_ text: String, _ body: (URL) throws -> Void) throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appending(path: "questions.json")
        try Data(text.utf8).write(to: url)
        try body(url)
    }

    private func problems(_ source: EvaluationTask.Source) -> [RecordProblem] {
        do {
            _ = try EvaluationTask.load(source)
            return []
        } catch .data(.unusable(let problems)) {
            return problems
        } catch {
            Issue.record(error)
            return []
        }
    }

    @Test(.enabled(if: hasData, "needs ../shared/data"))
    func pubmedqa() throws {
        let data = try #require(TestFiles.sharedData)
        let url = data.appending(path: "pubmedqa/validation.jsonl")
        let task = try EvaluationTask.load(.pubmedqa(url))
        #expect(task.items.count == 100 && task.frame == .tag && task.dataHash?.count == 64)
        // Counted with another program: 57 yes, 32 no, 11 maybe.
        #expect(task.items.count { $0.gold == "yes" } == 57)
        #expect(task.items.count { $0.gold == "no" } == 32)
        #expect(task.items[0].id == "15703931" && task.items[0].gold == "no")
        #expect(task.items.allSatisfy { $0.messages.count == 1 && $0.options.count == 3 })
    }

    @Test(.enabled(if: hasData, "needs ../shared/data"))
    func mirage() throws {
        let data = try #require(TestFiles.sharedData)
        let url = data.appending(path: "mirage/benchmark.json")
        let all = try EvaluationTask.load(.mirage(url, subset: nil))
        let sizes = Dictionary(grouping: all.items, by: \.group).mapValues(\.count)
        #expect(sizes == ["medmcqa": 4183, "bioasq": 618, "mmlu": 1089])
        let bioasq = try EvaluationTask.load(.mirage(url, subset: "bioasq"))
        #expect(bioasq.name == "mirage/bioasq" && bioasq.items.count == 618)
        let losartan = try #require(
            bioasq.items.first { $0.id == "bioasq/6402c910201352f04a00000c" }
        )
        #expect(losartan.gold == "B" && losartan.options.map(\.text) == ["yes", "no"])
        #expect(throws: TaskError.unknownSubset("x", known: ["bioasq", "medmcqa", "mmlu"])) {
            try EvaluationTask.load(.mirage(url, subset: "x"))
        }
    }

    @Test func mirageNamesBadQuestionsWithTheirLines() throws {
        let text = """
            {
             "anatomy": {
              "q1": {"question": "Q", "options": {"A": "a", "B": "b"}, "answer": "B"},
              "q2": {"question": "Q", "options": {"A": "a", "B": "b"}, "answer": "C"},
              "q3": {"options": {"A": "a", "B": "b"}, "answer": "A"},
              "q4": 7
             }
            }
            """
        try withFile(text) { url in
            let found = problems(.mirage(url, subset: "anatomy"))
            #expect(found.map(\.line) == [4, 5, 6])
            #expect(found.map(\.id) == ["anatomy/q2", "anatomy/q3", "anatomy/q4"])
            let kept = try EvaluationTask.load(.mirage(url, subset: nil), policy: .skip)
            #expect(kept.items.map(\.id) == ["anatomy/q1"] && kept.problems.count == 3)
        }
        try withFile("[1") { url in
            #expect(throws: TaskError.self) { try EvaluationTask.load(.mirage(url, subset: nil)) }
        }
    }

    @Test func multipleChoiceInItsSpellings() throws {
        let text = """
            {"id": "letter", "question": "Q?", "options": ["a", "b", "c"], "answer": "C"}
            {"id": "case", "question": "Q?", "options": ["x", "y"], "answer": "b"}
            {"id": "place", "question": "Q?", "options": ["a", "b", "c"], "answer": 1}
            {"id": "text", "question": "Q?", "options": {"A": "one", "B": "two"}, "answer": "two"}
            {"question": "Q?", "options": ["2", "1"], "answer": "1", "group": "numbers"}
            {"id": 6, "question": "Q?", "options": {"A": "B", "B": "A"}, "answer": "A"}
            """
        try withFile(text) { url in
            let task = try EvaluationTask.load(.multipleChoice(url))
            #expect(task.items.map(\.gold) == ["C", "B", "B", "B", "B", "A"])
            #expect(task.items.map(\.id) == ["letter", "case", "place", "text", "line-5", "6"])
            #expect(task.items[4].group == "numbers" && task.items[0].group == nil)
            #expect(
                task.items[1].messages[0].content
                    == "Q?\n\nA. x\nB. y\n\nChoose one option and end with \"Answer: <letter>\"."
            )
        }
    }

    @Test func everyBadRowIsReported() throws {
        let text = """
            {"question": "Q?", "options": ["a"], "answer": "A"}
            {"question": "Q?", "options": ["a", ""], "answer": "A"}
            {"question": "Q?", "options": ["a", "b"], "answer": 2}
            {"question": "Q?", "options": ["a", "a"], "answer": "secret"}
            {"question": "", "options": ["a", "b"], "answer": "A"}
            {"options": ["a", "b"], "answer": "A"}
            {"question": "Q?", "answer": "A"}
            {"question": "Q?", "options": ["a", "b"]}
            not JSON
            {"question": "Q?", "options": ["a", "b"], "answer": "A"}
            """
        try withFile(text) { url in
            let found = problems(.multipleChoice(url))
            #expect(found.map(\.line) == Array(1...9))
            #expect(found.allSatisfy { $0.description.hasPrefix("\(url.path):\($0.line): ") })
            #expect(!found.map(\.description).joined().contains("secret"))
        }
        let pubmedqa = """
            {"prompt": "Q?", "answer": "Yes "}
            {"prompt": "Q?", "answer": "perhaps"}
            {"prompt": [], "answer": "no"}
            {"answer": "no"}
            {"prompt": "Q?"}
            """
        try withFile(pubmedqa) { url in
            #expect(problems(.pubmedqa(url)).map(\.line) == [2, 3, 4, 5])
            let kept = try EvaluationTask.load(.pubmedqa(url), policy: .skip)
            #expect(kept.items.map(\.gold) == ["yes"])
        }
    }

    @Test func idsMustDiffer() throws {
        let row = #"{"id": "q", "question": "Q?", "options": ["a", "b"], "answer": "A"}"#
        try withFile("\(row)\n\(row)") { url in
            #expect(throws: TaskError.repeatedIDs(["q"])) {
                try EvaluationTask.load(.multipleChoice(url))
            }
        }
    }

    @Test func selections() throws {
        let rows = (0..<50).map {
            #"{"id": "\#($0)", "question": "Q?", "options": ["a", "b"], "answer": 0}"#
        }
        try withFile(rows.joined(separator: "\n")) { url in
            func ids(_ selection: ItemSelection) throws -> [Int] {
                try EvaluationTask.load(.multipleChoice(url), selection: selection).items
                    .compactMap { Int($0.id) }
            }
            #expect(try ids(.first(3)) == [0, 1, 2])
            #expect(try ids(.random(99, seed: 1)) == Array(0..<50))
            let drawn = try ids(.random(10, seed: 1))
            #expect(drawn.count == 10 && drawn == drawn.sorted() && Set(drawn).count == 10)
            #expect(try ids(.random(10, seed: 1)) == drawn)
            #expect(try ids(.random(10, seed: 2)) != drawn)
        }
    }

    @Test func caseBank() throws {
        let task = try EvaluationTask.load(.caseBank(.test, count: 12, seed: 3))
        #expect(task.items.count == 12 && task.dataHash == nil)
        #expect(task.items.allSatisfy { $0.options.count == 4 && $0.group != nil })
        let first = try #require(
            try CaseBank.bundled().generate(split: .test, count: 1, seed: 3).first
        )
        #expect(task.items[0].messages[0].content == first.prompt)
        #expect(task.items[0].gold == first.answer && task.items[0].id == first.id)
        // The reply that training teaches is parsed as the right answer, strictly too.
        for mode in AnswerParser.Mode.allCases {
            let parser = AnswerParser(options: task.items[0].options, mode: mode)
            #expect(parser.label(in: first.completion) == first.answer)
        }
        #expect(throws: TaskError.cases(.negativeCount(-1))) {
            try EvaluationTask.load(.caseBank(.test, count: -1, seed: 3))
        }
        #expect(throws: TaskError.noQuestions("casebank")) {
            try EvaluationTask.load(.caseBank(.test, count: 0, seed: 3))
        }
    }
}

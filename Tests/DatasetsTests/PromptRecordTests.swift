import CaseBank
import Datasets
import Foundation
import Records
import Testing

@Suite("Formats of prompts")
struct PromptRecordTests {
    private func record(_ json: String) throws -> PromptRecord { try PromptRecord(source(json)) }

    @Test("a prompt keeps the other columns")
    func prompt() throws {
        let row = try record(#"{"id": "q", "prompt": "P", "answer": "yes", "n": 2}"#)
        #expect(row.prompt == .text("P"))
        #expect(row.columns == ["answer": .string("yes"), "n": .integer(2)])
        #expect(row.id == "q")
    }

    @Test("the last turn of the assistant is the answer, not the prompt")
    func messages() throws {
        let row = try record(
            #"""
            {"messages": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "A"},
             {"role": "user", "content": "Q"}, {"role": "assistant", "content": "B"}]}
            """#)
        #expect(row.prompt == .messages([user("P"), assistant("A"), user("Q")]))
        #expect(row.columns == ["answer": .string("B")])
    }

    @Test("an answer that the record has is kept", arguments: ["answer", "solution", "gold"])
    func knownAnswer(column: String) throws {
        let row = try record(
            #"""
            {"messages": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "A"}],
             "\#(column)": "B", "options": {"A": "x", "B": "y"}}
            """#)
        #expect(row.prompt == .messages([user("P")]))
        let options = JSONValue.object(["A": .string("x"), "B": .string("y")])
        #expect(row.columns == [column: .string("B"), "options": options])
    }

    @Test func shareGPT() throws {
        let row = try record(
            #"""
            {"system": "S", "score": "7",
             "conversations": [{"from": "human", "value": "P"}, {"from": "gpt", "value": "A"}]}
            """#)
        #expect(row.prompt == .messages([Message(role: "system", content: "S"), user("P")]))
        #expect(row.columns == ["answer": .string("A"), "score": .string("7")])
    }

    @Test("what is asked is what a user says, and stays a column")
    func asked() throws {
        let problem = try record(#"{"problem": "P", "solution": "<answer> C </answer>"}"#)
        #expect(problem.prompt == .messages([user("P")]))
        #expect(
            problem.columns
                == ["problem": .string("P"), "solution": .string("<answer> C </answer>")])
        let question = try record(#"{"question": "Q", "answer": "A"}"#)
        #expect(question.prompt == .messages([user("Q")]))
        let request = try record(#"{"request": "R", "safe_response": "no"}"#)
        #expect(request.prompt == .messages([user("R")]))
        #expect(request.columns["safe_response"] == .string("no"))
        let alpaca = try record(#"{"instruction": "I", "input": "X", "output": "O"}"#)
        #expect(alpaca.prompt == .messages([user("I\n\nX")]))
        #expect(alpaca.columns["answer"] == .string("O"))
    }

    @Test("a question with options is worded as evaluations do")
    func options() throws {
        let row = try record(
            #"{"question": " Q ", "options": ["x", "y"], "answer": "y", "group": "g"}"#)
        let text = "Q\n\nA. x\nB. y\n\nChoose one option and end with \"Answer: <letter>\"."
        #expect(row.prompt == .messages([user(text)]))
        #expect(row.columns["options"] == .array([.string("x"), .string("y")]))
        #expect(row.columns["answer"] == .string("y"))
        #expect(try ChoiceQuestion(row.columns).gold == "B")
    }

    @Test(arguments: [
        (#"{"messages": [{"role": "assistant", "content": "A"}]}"#, RecordFault.noPrompt),
        (
            #"{"prompt": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "A"}]}"#,
            .wrongShape(column: "prompt", expected: "ended by what is to be answered")
        ),
        (
            #"{"question": "Q", "options": ["x", "y"], "answer": "z"}"#,
            .wrongShape(column: "answer", expected: "the label, text or place of an option")
        ),
        (#"{"problem": "P", "image": "a.png"}"#, .imagesNotFound(["a.png"])),
        (
            #"{"text": "T"}"#,
            .notAccepted(
                columns: ["text"],
                accepted: [
                    "prompt", "messages", "conversations", "problem", "question", "instruction",
                    "request",
                ])
        ),
    ])
    func faults(json: String, expected: RecordFault) throws {
        #expect(try fault(of: json, as: PromptRecord.self) == expected)
    }

    @Test(
        "cases of the bank can be asked in both forms",
        arguments: [CaseRecord.Form.messages, .prompt])
    func cases(form: CaseRecord.Form) throws {
        let items = try CaseBank.bundled().generate(split: .train, count: 20, seed: 3)
        for item in items {
            let line = try JSONEncoder().encode(CaseRecord(item, form: form))
            let row = try record(String(decoding: line, as: UTF8.self))
            let asked = form == .messages ? item.prompt : item.bareQuestion
            #expect(row.prompt == .messages([user(asked)]))
            #expect(row.columns["answer"] == .string(item.answer))
            #expect(row.columns["diagnosis"] == .string(item.diagnosis))
            #expect(row.columns["options"]?.object?[item.answer] == .string(item.diagnosis))
            #expect(row.columns["messages"] == nil && row.columns["prompt"] == nil)
        }
    }

    @Test("a bare question says nothing of the answer's form")
    func bareQuestion() throws {
        let item = try #require(
            CaseBank.bundled().generate(split: .train, count: 1, seed: 3).first)
        let last = try #require(item.options.last)
        #expect(item.bareQuestion.hasSuffix("\n\(last.letter). \(last.text)"))
        #expect(item.prompt.hasPrefix(item.bareQuestion + "\n\n"))
    }
}

import Datasets
import Foundation
import Records
import Testing

@Suite("Formats of supervised records")
struct RecordFormatTests {
    private func record(_ json: String) throws -> SupervisedRecord {
        try SupervisedRecord(source(json))
    }

    private func fault(_ json: String) throws -> RecordFault? {
        do {
            _ = try SupervisedRecord(source(json))
            return nil
        } catch let fault as RecordFault {
            return fault
        }
    }

    private func turn(_ role: String, _ content: String) -> Message {
        Message(role: role, content: content)
    }

    @Test func messages() throws {
        let record = try record(
            #"""
            {"id": "a", "messages": [{"role": "system", "content": "S"},
             {"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]}
            """#
        )
        #expect(record.id == "a")
        #expect(record.line == 7)
        #expect(
            record.body
                == .conversation([turn("system", "S"), turn("user", "Q"), turn("assistant", "A")])
        )
    }

    @Test("content given as text parts is joined")
    func contentParts() throws {
        let record = try record(
            #"""
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "Q"},
             {"type": "text", "text": "!"}]}, {"role": "assistant", "content": "A"}]}
            """#
        )
        #expect(record.body == .conversation([turn("user", "Q!"), turn("assistant", "A")]))
    }

    @Test func text() throws {
        #expect(try record(#"{"id": 3, "text": "T"}"#).body == .text("T"))
        #expect(try record(#"{"id": 3, "text": "T"}"#).id == "3")
        #expect(try record(#"{"text": "T"}"#).id == nil)
    }

    @Test func plainPromptCompletion() throws {
        let record = try record(#"{"prompt": "P", "completion": "C", "source": "x"}"#)
        #expect(record.body == .promptCompletion(prompt: .text("P"), completion: .text("C")))
    }

    @Test func conversationalPromptCompletion() throws {
        let record = try record(
            #"""
            {"prompt": [{"role": "user", "content": "P"}],
             "completion": [{"role": "assistant", "content": "C"}]}
            """#
        )
        #expect(
            record.body
                == .promptCompletion(
                    prompt: .messages([turn("user", "P")]),
                    completion: .messages([turn("assistant", "C")])
                )
        )
    }

    @Test func ultraMedical() throws {
        let record = try record(
            #"""
            {"id": "TextBookQA,1", "type": "TextBookQA", "conversations":
             [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}],
             "answer": "A", "score": "7"}
            """#
        )
        #expect(record.id == "TextBookQA,1")
        #expect(record.body == .conversation([turn("user", "Q"), turn("assistant", "A")]))
    }

    @Test func shareGPTWithSystemColumn() throws {
        let record = try record(
            #"""
            {"system": "S", "conversations":
             [{"from": "user", "value": "Q"}, {"from": "assistant", "value": "A"}]}
            """#
        )
        #expect(
            record.body
                == .conversation([turn("system", "S"), turn("user", "Q"), turn("assistant", "A")])
        )
    }

    @Test(arguments: [
        (#"{"instruction": "I", "input": "X", "output": "O"}"#, "I\n\nX"),
        (#"{"instruction": "I", "input": "", "output": "O"}"#, "I"),
        (#"{"instruction": "I", "output": "O", "history": []}"#, "I"),
        (#"{"instruction": "I", "input": null, "output": "O"}"#, "I"),
    ])
    func alpaca(json: String, question: String) throws {
        #expect(
            try record(json).body
                == .conversation([turn("user", question), turn("assistant", "O")])
        )
    }

    @Test func humanFeedback() throws {
        let record = try record(
            #"""
            {"timestamp": "2025-01-01T00:00:00", "iteration": 2, "prompt": "P",
             "generated_response": "bad", "preferred_response": "good",
             "feedback_type": "edited"}
            """#
        )
        #expect(record.body == .conversation([turn("user", "P"), turn("assistant", "good")]))
    }

    @Test("preference data is told apart and refused")
    func preferences() throws {
        let pair = #"{"prompt": "P", "chosen": "C", "rejected": "R"}"#
        #expect(try fault(pair) == .notSupervised(.preference))
        let ultraMedical = #"""
            {"prompt_id": "1", "label_type": "x", "prompt": "P",
             "chosen": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "C"}],
             "rejected": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "R"}]}
            """#
        #expect(try fault(ultraMedical) == .notSupervised(.preference))
        let labelled = #"{"prompt": "P", "completion": "C", "label": true}"#
        #expect(try fault(labelled) == .notSupervised(.labelledCompletion))
        let visual = #"{"conversations": [], "rejected_conversations": [], "image": "a.png"}"#
        #expect(try fault(visual) == .notSupervised(.conversationPreference))
        #expect(
            "\(RecordFault.notSupervised(.preference))"
                == "is preference data (chosen+rejected); sft does not read it"
        )
    }

    @Test("an unknown record names what it has and what is accepted, not what it says")
    func unknown() throws {
        let fault = try #require(try fault(#"{"query": "secret", "reply": "b"}"#))
        #expect(fault == .unknownFormat(columns: ["query", "reply"]))
        #expect("\(fault)".hasPrefix("has the columns query, reply, which fit no format"))
        #expect("\(fault)".contains("messages; text; prompt+completion"))
        #expect(!"\(fault)".contains("secret"))
    }

    @Test("a problem and a question are asked by the user, unless there is a conversation")
    func questions() throws {
        let problem = try record(#"{"problem": "P A)x, B)y", "solution": "<answer> B </answer>"}"#)
        let answer = assistant("<answer> B </answer>")
        #expect(problem.body == .conversation([user("P A)x, B)y"), answer]))
        let question = try record(#"{"qid": 4, "question": "Q", "answer": " two\t"}"#)
        #expect(question.body == .conversation([user("Q"), assistant("two")]))
        #expect(question.id == "4")
        let count = try record(#"{"question": "Q", "answer": 2}"#)
        #expect(count.body == .conversation([user("Q"), assistant("2")]))
        let both = #"{"text": "T", "problem": "P", "solution": "S", "question": "Q", "answer": 2}"#
        #expect(try record(both).body == .text("T"))
        #expect(
            try fault(#"{"question": "Q", "options": ["x", "y"], "answer": "x"}"#)
                == .unreadColumn("options"))
        #expect(try fault(#"{"question": "Q", "answer": " "}"#) == .empty(column: "answer"))
    }

    @Test("two formats at once are ambiguous; a column of null is none")
    func ambiguous() throws {
        let both = #"{"text": "T", "messages": []}"#
        #expect(try fault(both) == .ambiguousFormat([.messages, .text]))
        #expect(try record(#"{"text": "T", "messages": null}"#).body == .text("T"))
    }

    @Test(arguments: [
        (#"{"text": ""}"#, RecordFault.empty(column: "text")),
        (#"{"text": 5}"#, .wrongShape(column: "text", expected: "text")),
        (#"{"messages": []}"#, .empty(column: "messages")),
        (#"{"messages": "x"}"#, .wrongShape(column: "messages", expected: "a list of turns")),
        (
            #"{"messages": [{"content": "x"}]}"#,
            .wrongShape(
                column: "messages",
                expected: "a list of {role, content} or {from, value}"
            )
        ),
        (#"{"messages": [{"role": "user", "content": "Q"}]}"#, .noAssistantTurn),
        (#"{"messages": [{"role": "assistant", "content": ""}]}"#, .noAssistantTurn),
        (
            #"{"messages": [{"role": "assistant", "content": null}]}"#,
            .wrongShape(column: "messages", expected: "a list of turns whose content is text")
        ),
        (
            #"{"conversations": [{"from": "human", "value": "Q"}, {"from": "x", "value": "A"}]}"#,
            .unknownSpeaker(column: "conversations", turn: 2)
        ),
        (
            #"{"prompt": "P", "completion": [{"role": "assistant", "content": "C"}]}"#,
            .mixedPromptAndCompletion
        ),
        (
            #"{"prompt": [{"role": "user", "content": "P"}], "completion": [{"role": "user", "content": "R"}, {"role": "assistant", "content": "C"}]}"#,
            .wrongShape(column: "completion", expected: "begun by the assistant")
        ),
        (#"{"prompt": "", "completion": "C"}"#, .empty(column: "prompt")),
        (
            #"{"prompt": {}, "completion": "C"}"#,
            .wrongShape(column: "prompt", expected: "text or a list of messages")
        ),
        (#"{"instruction": "I", "output": ""}"#, .empty(column: "output")),
        (
            #"{"instruction": "I", "output": "O", "history": [["a", "b"]]}"#,
            .unreadColumn("history")
        ),
        (#"{"images": ["a.png"], "text": "T"}"#, .imagesNotFound(["a.png"])),
        (
            #"{"messages": [{"role": "user", "content": [{"type": "image"}]}, {"role": "assistant", "content": "A"}]}"#,
            .imagePlaces(1, images: 0)
        ),
    ])
    func faults(json: String, expected: RecordFault) throws {
        #expect(try fault(json) == expected)
    }

    @Test("score reads prompt and completion whatever else is there")
    func scoring() throws {
        let row = try PromptCompletionRecord(
            source(#"{"id": 1, "prompt": "P", "completion": "C", "label": false}"#)
        )
        #expect(
            row
                == PromptCompletionRecord(
                    id: "1",
                    line: 7,
                    prompt: .text("P"),
                    completion: .text("C")
                )
        )
        #expect(throws: RecordFault.missing(column: "completion")) {
            try PromptCompletionRecord(source(#"{"prompt": "P"}"#))
        }
    }
}

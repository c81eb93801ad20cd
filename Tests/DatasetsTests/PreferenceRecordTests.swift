import Datasets
import Records
import Testing

@Suite("Formats of preferences")
struct PreferenceRecordTests {
    private func record(_ json: String) throws -> PreferenceRecord {
        try PreferenceRecord(source(json))
    }

    private let expected = PreferenceRecord(
        id: "a", line: 7, prompt: .messages([user("P")]), chosen: .messages([assistant("C")]),
        rejected: .messages([assistant("R")]))

    @Test func plain() throws {
        let record = try record(
            #"{"prompt": "P", "chosen": "C", "rejected": "R", "margin": 2, "weight": 0.5}"#)
        #expect(
            record
                == PreferenceRecord(
                    id: nil, line: 7, prompt: .text("P"), chosen: .text("C"), rejected: .text("R"),
                    margin: 2, weight: 0.5))
    }

    @Test(
        "one conversation, in every way it is written",
        arguments: [
            #"""
            {"id": "a", "prompt": [{"role": "user", "content": "P"}],
             "chosen": [{"role": "assistant", "content": "C"}],
             "rejected": [{"role": "assistant", "content": "R"}]}
            """#,
            #"""
            {"id": "a",
             "chosen": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "C"}],
             "rejected": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "R"}]}
            """#,
            // UltraMedical-Preferences.
            #"""
            {"id": "a", "prompt_id": "1", "label_type": "x", "prompt": "P ",
             "chosen": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "C"}],
             "rejected": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "R"}]}
            """#,
            // A prompt that the answers repeat; columns of other formats are left alone.
            #"""
            {"id": "a", "prompt": [{"role": "user", "content": "P"}], "messages": [],
             "chosen": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "C"}],
             "rejected": [{"role": "assistant", "content": "R"}]}
            """#,
            #"""
            {"id": "a", "prompt": "P", "chosen": [{"role": "assistant", "content": "C"}],
             "rejected": [{"role": "assistant", "content": "R"}]}
            """#,
            // MMedPO without images.
            #"""
            {"id": "a",
             "conversations": [{"from": "human", "value": "P"}, {"from": "gpt", "value": " C"}],
             "rejected_conversations":
             [{"from": "human", "value": "P"}, {"from": "gpt", "value": " R"}]}
            """#,
        ])
    func conversational(json: String) throws {
        #expect(try record(json) == expected)
    }

    @Test("all turns that both share are the prompt, a system column first")
    func sharedTurns() throws {
        let record = try record(
            #"""
            {"system": "S", "conversations":
             [{"from": "human", "value": "P"}, {"from": "gpt", "value": "A"},
              {"from": "human", "value": "Q"}, {"from": "gpt", "value": "C"}],
             "rejected_conversations":
             [{"from": "human", "value": "P"}, {"from": "gpt", "value": "A"},
              {"from": "human", "value": "Q"}, {"from": "gpt", "value": "R"}]}
            """#)
        let system = Message(role: "system", content: "S")
        #expect(record.prompt == .messages([system, user("P"), assistant("A"), user("Q")]))
        #expect(record.chosen == .messages([assistant("C")]))
        #expect(record.rejected == .messages([assistant("R")]))
    }

    @Test(
        "plain text without a prompt is parted at a word",
        arguments: [
            ("The sky is blue.", "The sky is black.", "The sky is", " blue.", " black."),
            ("A: yes", "A: yes it is", "A:", " yes", " yes it is"),
            ("Q:\n\n1", "Q:\n\n2", "Q:\n", "\n1", "\n2"),
        ])
    func implicitPlain(
        chosen: String, rejected: String, prompt: String, better: String, worse: String
    ) throws {
        let columns = ["chosen": JSONValue.string(chosen), "rejected": .string(rejected)]
        let record = try PreferenceRecord(RecordSource(line: 1, columns: columns))
        #expect(record.prompt == .text(prompt))
        #expect(record.chosen == .text(better))
        #expect(record.rejected == .text(worse))
    }

    @Test(arguments: [
        (#"{"prompt": "P", "chosen": "C", "rejected": "C"}"#, RecordFault.identicalAnswers),
        (#"{"prompt": "P", "chosen": "C", "rejected": ""}"#, .empty(column: "rejected")),
        (#"{"prompt": "", "chosen": "C", "rejected": "R"}"#, .empty(column: "prompt")),
        (#"{"chosen": "yes", "rejected": "yesterday"}"#, .noPrompt),
        (
            #"{"chosen": [{"role": "assistant", "content": "C"}], "rejected": [{"role": "assistant", "content": "R"}]}"#,
            .noPrompt
        ),
        (
            #"{"chosen": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "C"}], "rejected": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "R"}]}"#,
            .promptsDiffer
        ),
        (
            #"{"prompt": "Q", "chosen": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "C"}], "rejected": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "R"}]}"#,
            .promptsDiffer
        ),
        (
            #"{"prompt": [{"role": "user", "content": "Q"}], "chosen": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "C"}], "rejected": [{"role": "assistant", "content": "R"}]}"#,
            .promptsDiffer
        ),
        (
            #"{"prompt": [{"role": "user", "content": "P"}], "chosen": "C", "rejected": "R"}"#,
            .mixedAnswers
        ),
        (
            #"{"prompt": "P", "chosen": "C", "rejected": [{"role": "assistant", "content": "R"}]}"#,
            .mixedAnswers
        ),
        (
            #"{"prompt": "P", "chosen": [{"role": "assistant", "content": "C"}], "rejected": [{"role": "assistant", "content": "R"}, {"role": "user", "content": "Q"}]}"#,
            .wrongShape(column: "rejected", expected: "one turn of the assistant")
        ),
        (
            #"{"chosen": [{"role": "user", "content": "P"}, {"role": "assistant", "content": "C"}], "rejected": [{"role": "user", "content": "P"}]}"#,
            .wrongShape(column: "rejected", expected: "one turn of the assistant")
        ),
        (
            #"{"prompt": "P", "chosen": [{"role": "assistant", "content": ""}], "rejected": [{"role": "assistant", "content": "R"}]}"#,
            .empty(column: "chosen")
        ),
        (
            #"{"prompt": "P", "chosen": "C", "rejected": "R", "margin": "2"}"#,
            .wrongShape(column: "margin", expected: "a number")
        ),
        (
            #"{"conversations": [], "rejected_conversations": [], "image": "a.png"}"#,
            .imagesNotFound(["a.png"])
        ),
        (
            #"{"prompt": "P", "chosen": "C", "rejected": "R", "weight": -1}"#,
            .wrongShape(column: "weight", expected: "a number from 0")
        ),
        (
            #"{"chosen": "C", "rejected": "R", "conversations": [], "rejected_conversations": []}"#,
            .ambiguousFormat([.preference, .conversationPreference])
        ),
        (
            #"{"prompt": "P", "chosen": "C"}"#,
            .notAccepted(
                columns: ["chosen", "prompt"],
                accepted: ["chosen+rejected", "conversations+rejected_conversations"])
        ),
    ])
    func faults(json: String, expected: RecordFault) throws {
        #expect(try fault(of: json, as: PreferenceRecord.self) == expected)
    }

    @Test("faults are told in words")
    func descriptions() {
        let faults: [(RecordFault, String)] = [
            (.identicalAnswers, "the chosen and the rejected answer are the same"),
            (.promptsDiffer, "the chosen and the rejected answer are not to the same prompt"),
            (.noPrompt, "there is no prompt: nothing comes before the answer"),
            (
                .notAccepted(columns: ["text"], accepted: ["a+b", "c"]),
                "has the columns text, which fit no format; accepted: a+b; c"
            ),
            (
                .identicalAnswersLeft(maxLength: 9),
                "the chosen and the rejected answer are the same when cut to 9 tokens"
            ),
        ]
        for (fault, text) in faults { #expect("\(fault)" == text) }
    }
}

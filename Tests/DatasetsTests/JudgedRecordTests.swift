import Datasets
import Records
import Testing

@Suite("Formats of judged answers")
struct JudgedRecordTests {
    @Test(arguments: [
        ("true", true), ("false", false), ("1", true), ("0", false), (#""true""#, true),
        (#""False""#, false),
    ])
    func labels(written: String, label: Bool) throws {
        let record = try JudgedRecord(
            source(#"{"id": 3, "prompt": "P", "completion": "C", "label": \#(written)}"#))
        let judgement = JudgedRecord.Judgement(completion: .text("C"), isDesirable: label)
        let expected = JudgedRecord(
            id: "3", line: 7, prompt: .text("P"), judgements: [judgement])
        #expect(record == expected)
    }

    @Test("a preference is two judgements")
    func preference() throws {
        let record = try JudgedRecord(
            source(#"{"id": "a", "prompt": "P", "chosen": "C", "rejected": "R"}"#))
        #expect(record.prompt == .text("P"))
        #expect(
            record.judgements == [
                .init(side: "chosen", completion: .text("C"), isDesirable: true),
                .init(side: "rejected", completion: .text("R"), isDesirable: false),
            ])
    }

    @Test func conversational() throws {
        let record = try JudgedRecord(
            source(
                #"""
                {"prompt": [{"role": "user", "content": "P"}],
                 "completion": [{"role": "assistant", "content": "C"}], "label": false}
                """#))
        #expect(record.prompt == .messages([user("P")]))
        #expect(record.judgements.map(\.completion) == [.messages([assistant("C")])])
    }

    @Test(arguments: [
        (
            #"{"prompt": "P", "completion": "C", "label": "good"}"#,
            RecordFault.wrongShape(column: "label", expected: "true or false")
        ),
        (
            #"{"prompt": "P", "completion": "C", "label": 2}"#,
            .wrongShape(column: "label", expected: "true or false")
        ),
        (
            #"{"prompt": "P", "completion": "C"}"#,
            .notAccepted(
                columns: ["completion", "prompt"],
                accepted: [
                    "prompt+completion+label", "chosen+rejected",
                    "conversations+rejected_conversations",
                ])
        ),
        (
            #"{"prompt": [{"role": "user", "content": "P"}], "completion": [{"role": "assistant", "content": "C"}, {"role": "assistant", "content": "D"}], "label": true}"#,
            .wrongShape(column: "completion", expected: "one turn of the assistant")
        ),
        (
            #"{"prompt": "P", "completion": "C", "label": true, "chosen": "C", "rejected": "R"}"#,
            .ambiguousFormat([.labelledCompletion, .preference])
        ),
        (#"{"prompt": "P", "chosen": "C", "rejected": "C"}"#, .identicalAnswers),
    ])
    func faults(json: String, expected: RecordFault) throws {
        #expect(try fault(of: json, as: JudgedRecord.self) == expected)
    }
}

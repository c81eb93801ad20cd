import Datasets
import Records
import Testing

@Suite("Judged answers to tokens")
struct JudgementTokenizerTests {
    private let encoding = ByteEncoding()

    @Test("both answers of a preference, with ids and one identity")
    func preference() throws {
        let tokenizer = JudgementTokenizer(encoding: encoding, maxLength: 99)
        let record = PreferenceRecord(
            id: "a", line: 2, prompt: .messages([user("P")]), chosen: .messages([assistant("C")]),
            rejected: .messages([assistant("R")]))
        let judgements = try tokenizer.examples(JudgedRecord(record))
        #expect(judgements.map(\.id) == ["a/chosen", "a/rejected"])
        #expect(judgements.map(\.isDesirable) == [true, false])
        #expect(judgements.map { encoding.decode($0.completion) } == ["C<end>", "R<end>"])
        #expect(Set(judgements.map(\.identity)) == [record.identity])
        let pair = try PairTokenizer(encoding: encoding, maxLength: 99).pair(record)
        #expect(judgements.map(\.prompt) == [pair.prompt, pair.prompt])
        #expect(judgements.map(\.completion) == [pair.chosen, pair.rejected])
    }

    @Test("of two answers one may be too long")
    func overlong() throws {
        let text = #"{"prompt": "P", "chosen": "C", "rejected": "too long"}"#
        try withFile(text) { url in
            let skipping = JudgementTokenizer(encoding: encoding, maxLength: 5, overlong: .skip)
            let file = try TokenizedFile(reading: url, tokenizer: skipping, policy: .stop)
            #expect(file.examples.map(\.id) == ["line 1/chosen"])
            #expect(file.problems.map(\.fault) == [.tooLong(tokens: 10, maxLength: 5)])
            let cutting = JudgementTokenizer(
                encoding: encoding, maxLength: 5, overlong: .truncate)
            let cut = try TokenizedFile(reading: url, tokenizer: cutting, policy: .stop)
            #expect(cut.examples.map { encoding.decode($0.completion) } == ["C<eot>", "too "])
        }
    }

    @Test func label() throws {
        let text = #"{"id": "a", "prompt": "P", "completion": "C", "label": 0}"#
        try withFile(text) { url in
            let tokenizer = JudgementTokenizer(encoding: encoding, maxLength: 5)
            let file = try TokenizedFile(reading: url, tokenizer: tokenizer, policy: .stop)
            #expect(file.examples.map(\.id) == ["a"])
            #expect(file.examples.map(\.isDesirable) == [false])
            #expect(file.statistics.longest == 3)
            #expect(file.statistics.labelled == 2)
        }
    }
}

import Datasets
import Records
import Testing

@Suite("Preferences to tokens")
struct PairTokenizerTests {
    private let encoding = ByteEncoding()

    private func tokenizer(
        _ maxLength: Int = 1_000, _ overlong: OverlongPolicy = .stop
    ) -> PairTokenizer {
        PairTokenizer(encoding: encoding, maxLength: maxLength, overlong: overlong)
    }

    private func record(
        _ prompt: Turns, _ chosen: Turns, _ rejected: Turns, margin: Double? = nil
    ) -> PreferenceRecord {
        PreferenceRecord(
            id: nil, line: 4, prompt: prompt, chosen: chosen, rejected: rejected, margin: margin)
    }

    @Test("a conversation ends with the end of the turn, the prompt with the header")
    func conversation() throws {
        let pair = try tokenizer().pair(
            record(
                .messages([user("P")]), .messages([assistant("C")]), .messages([assistant("RR")]),
                margin: 0.5))
        #expect(encoding.decode(pair.prompt) == "<start>user\nP<end>\n<start>assistant\n")
        #expect(encoding.decode(pair.chosen) == "C<end>")
        #expect(encoding.decode(pair.rejected) == "RR<end>")
        #expect(pair.margin == 0.5)
        #expect(pair.id == "line 4")
        // 9 tokens of the user's turn and 11 of the header, then 2 and 3.
        #expect(pair.tokenCount == 23)
        #expect(pair.labelCount == 3)
        #expect(pair.sharedTokenCount == 25)
    }

    @Test("plain text ends with the end of the text, once")
    func plain() throws {
        let dots = ByteEncoding(endOfText: Int32(UInt8(ascii: ".")), beginsText: true)
        let tokenizer = PairTokenizer(encoding: dots, maxLength: 99)
        let pair = try tokenizer.pair(record(.text("pq"), .text("x"), .text("y.")))
        #expect(encoding.decode(pair.prompt) == "<bot>pq")
        #expect(encoding.decode(pair.chosen) == "x.")
        #expect(encoding.decode(pair.rejected) == "y.")
    }

    @Test("cut pairs keep the beginning of both answers")
    func truncation() throws {
        let pair = try tokenizer().pair(record(.text("pq"), .text("abcd"), .text("abef")))
        #expect(pair.tokenCount == 7)
        #expect(try tokenizer(7).fitted(pair) == pair)
        #expect(throws: RecordFault.tooLong(tokens: 7, maxLength: 6)) {
            try tokenizer(6).fitted(pair)
        }
        let cut = try tokenizer(5, .truncate).fitted(pair)
        #expect(encoding.decode(cut.prompt) == "pq")
        #expect(encoding.decode(cut.chosen) == "abc")
        #expect(encoding.decode(cut.rejected) == "abe")
        #expect(throws: RecordFault.identicalAnswersLeft(maxLength: 4)) {
            try tokenizer(4, .truncate).fitted(pair)
        }
        #expect(throws: RecordFault.noLabelLeft(maxLength: 2)) {
            try tokenizer(2, .truncate).fitted(pair)
        }
    }

    @Test("what the template refuses, and prompts that begin otherwise")
    func faults() {
        let answers = (Turns.messages([assistant("C")]), Turns.messages([assistant("R")]))
        let refused = Message(role: "refused", content: "P")
        #expect(throws: RecordFault.template("no such role")) {
            try tokenizer().pair(record(.messages([refused]), answers.0, answers.1))
        }
        let changing = PairTokenizer(encoding: ByteEncoding(changesPrompts: true), maxLength: 99)
        #expect(throws: RecordFault.promptIsNoPrefix) {
            try changing.pair(record(.messages([user("P")]), answers.0, answers.1))
        }
        let dots = ByteEncoding(endOfText: Int32(UInt8(ascii: ".")))
        #expect(throws: RecordFault.identicalAnswers) {
            try PairTokenizer(encoding: dots, maxLength: 99)
                .pair(record(.text("P"), .text("C"), .text("C.")))
        }
    }

    @Test("all problems of a file are told, in the order of lines")
    func file() throws {
        let text = """
            {"id": "a", "prompt": "0123456789", "chosen": "C", "rejected": "R"}
            {"id": "b", "prompt": "P", "chosen": "C", "rejected": "C"}
            {"id": "c", "prompt": "P", "chosen": "C", "rejected": "R"}
            {"id": "d", "text": "T"}
            """
        try withFile(text) { url in
            let file = try TokenizedFile(reading: url, tokenizer: tokenizer(5), policy: .skip)
            #expect(file.examples.map(\.id) == ["c"])
            #expect(file.problems.map(\.line) == [1, 2, 4])
            #expect(file.problems[0].fault == .tooLong(tokens: 12, maxLength: 5))
            #expect(file.problems[1].fault == .identicalAnswers)
            #expect(file.statistics.records == 2)
            #expect(throws: DatasetError.unusable(file.problems)) {
                try TokenizedFile(reading: url, tokenizer: tokenizer(5), policy: .stop)
            }
        }
    }

    @Test("answers to one prompt stay on one side of a split")
    func split() throws {
        let pairs = try (0..<60).map { number in
            try tokenizer().pair(
                PreferenceRecord(
                    id: "\(number)", line: number, prompt: .text("prompt \(number % 20)"),
                    chosen: .text("good \(number)"), rejected: .text("bad \(number)")))
        }
        let split = try ValidationSplit(pairs, size: .count(9), seed: 1)
        #expect(split.validation.count == 9)
        #expect(Set(split.validation.map(\.prompt)).count == 3)
        #expect(Set(split.validation.map(\.prompt)).isDisjoint(with: split.training.map(\.prompt)))
    }
}

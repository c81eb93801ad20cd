import Datasets
import Records
import Testing

@Suite("Records to tokens and labels")
struct ExampleTokenizerTests {
    private let encoding = ByteEncoding()

    private func tokenizer(
        maxLength: Int = 1_000,
        overlong: OverlongPolicy = .stop
    ) -> ExampleTokenizer {
        ExampleTokenizer(encoding: encoding, maxLength: maxLength, overlong: overlong)
    }

    private func example(_ body: SupervisedRecord.Body) throws -> TokenizedExample {
        try tokenizer().example(SupervisedRecord(id: nil, line: 4, body: body))
    }

    private func turn(_ role: String, _ content: String) -> Message {
        Message(role: role, content: content)
    }

    @Test("a conversation trains the assistant's words and the ends of its turns")
    func conversation() throws {
        let example = try example(
            .conversation([
                turn("user", "Q"), turn("assistant", "A"), turn("user", "R"),
                turn("assistant", "B"),
            ])
        )
        #expect(
            encoding.decode(example.tokenIDs)
                == "<start>user\nQ<end>\n<start>assistant\nA<end>\n"
                + "<start>user\nR<end>\n<start>assistant\nB<end>\n"
        )
        // 9 tokens of the user's turn and 11 of `<start>assistant\n` stand before A; a pair of
        // turns has 9 + 14 = 23.
        #expect(example.labels.indices.filter { example.labels[$0] } == [20, 21, 43, 44])
        #expect(example.labelledText(encoding) == "A<end>B<end>")
        #expect(example.id == "line 4")
    }

    @Test("of text all is trained that something comes before")
    func text() throws {
        let example = try example(.text("abc"))
        #expect(encoding.decode(example.tokenIDs) == "abc<eot>")
        #expect(example.labels == [false, true, true, true])
        #expect(example.labelCount == 3)
    }

    @Test("text that ends itself is not ended again")
    func endedText() throws {
        let dots = ByteEncoding(endOfText: Int32(UInt8(ascii: ".")))
        let tokenizer = ExampleTokenizer(encoding: dots, maxLength: 99)
        for text in ["ab", "ab."] {
            let record = SupervisedRecord(id: nil, line: 1, body: .text(text))
            #expect(encoding.decode(try tokenizer.example(record).tokenIDs) == "ab.")
        }
    }

    @Test("text behind a beginning-of-text id is trained whole")
    func textWithBeginning() throws {
        let encoding = ByteEncoding(beginsText: true)
        let tokenizer = ExampleTokenizer(encoding: encoding, maxLength: 99)
        let text = try tokenizer.example(SupervisedRecord(id: nil, line: 1, body: .text("ab")))
        #expect(encoding.decode(text.tokenIDs) == "<bot>ab<eot>")
        #expect(text.labels == [false, true, true, true])
        let pair = try tokenizer.example(
            SupervisedRecord(
                id: nil,
                line: 1,
                body: .promptCompletion(prompt: .text("P"), completion: .text("C"))
            )
        )
        #expect(encoding.decode(pair.tokenIDs) == "<bot>PC<eot>")
    }

    @Test("of prompt and completion the completion is trained")
    func plainPromptCompletion() throws {
        let example = try example(
            .promptCompletion(prompt: .text("pq"), completion: .text("xy"))
        )
        #expect(encoding.decode(example.tokenIDs) == "pqxy<eot>")
        #expect(example.labels == [false, false, true, true, true])
    }

    @Test("the prompt's own assistant turns are not trained")
    func conversationalPromptCompletion() throws {
        let prompt = [turn("user", "Q"), turn("assistant", "A"), turn("user", "R")]
        let example = try example(
            .promptCompletion(
                prompt: .messages(prompt),
                completion: .messages([turn("assistant", "B")])
            )
        )
        #expect(example.labelledText(encoding) == "B<end>")
        // 23 of the first pair, 9 of the user's, 11 of the header.
        #expect(example.labels.firstIndex(of: true) == 43)
    }

    @Test("scoring appends nothing to plain text and keeps the end of turn")
    func scoring() throws {
        let plain = try tokenizer().example(
            PromptCompletionRecord(
                id: "r",
                line: 1,
                prompt: .text("pq"),
                completion: .text("xy")
            )
        )
        #expect(encoding.decode(plain.tokenIDs) == "pqxy")
        #expect(plain.labelledText(encoding) == "xy")
        let turns = PromptCompletionRecord(
            id: "r",
            line: 1,
            prompt: .messages([turn("user", "Q")]),
            completion: .messages([turn("assistant", "A")])
        )
        #expect(try tokenizer().example(turns).labelledText(encoding) == "A<end>")
        #expect(throws: RecordFault.tooLong(tokens: 23, maxLength: 22)) {
            try self.tokenizer(maxLength: 22, overlong: .truncate).example(turns)
        }
    }

    @Test("what the template refuses, and what has nothing to train on")
    func faults() {
        #expect(throws: RecordFault.template("no such role")) {
            try self.example(.conversation([turn("refused", "Q"), turn("assistant", "A")]))
        }
        #expect(throws: RecordFault.noLabel) {
            try self.example(.conversation([turn("user", "Q")]))
        }
    }

    @Test("a template whose prompts begin otherwise is refused")
    func promptIsNoPrefix() {
        let tokenizer = ExampleTokenizer(
            encoding: ByteEncoding(changesPrompts: true),
            maxLength: 99
        )
        let row = PromptCompletionRecord(
            id: nil,
            line: 1,
            prompt: .messages([turn("user", "Q")]),
            completion: .messages([turn("assistant", "A")])
        )
        #expect(throws: RecordFault.promptIsNoPrefix) { try tokenizer.example(row) }
    }

    @Test("problems of JSON and of length are told together, in the order of lines")
    func fileOfAllProblems() throws {
        let text = """
            {"id": "a", "text": "0123456789"}
            {"id": "b", "text": ""}
            {"id": "c", "messages": [{"role": "refused", "content": "x"}, {"role": "assistant", \
            "content": "A"}]}
            {"id": "d", "text": "0123"}
            """
        try withFile(text) { url in
            let tokenizer = tokenizer(maxLength: 5)
            let file = try TokenizedFile(reading: url, tokenizer: tokenizer, policy: .skip)
            #expect(file.examples.map(\.id) == ["d"])
            #expect(
                file.problems.map(\.fault) == [
                    .tooLong(tokens: 11, maxLength: 5), .empty(column: "text"),
                    .template("no such role"),
                ]
            )
            #expect(file.problems.map(\.line) == [1, 2, 3])
            #expect(file.statistics.records == 2)
            #expect(file.statistics.overlong == 1)
            #expect(throws: DatasetError.unusable(file.problems)) {
                try TokenizedFile(reading: url, tokenizer: tokenizer, policy: .stop)
            }
        }
    }

    @Test("a record too long stops, is cut, or is left out")
    func overlong() throws {
        let text = #"{"id": "a", "text": "01234567"}"# + "\n" + #"{"id": "b", "text": "01"}"#
        try withFile(text) { url in
            #expect(throws: DatasetError.self) {
                try TokenizedFile(
                    reading: url,
                    tokenizer: tokenizer(maxLength: 4),
                    policy: .stop
                )
            }
            let cut = try TokenizedFile(
                reading: url,
                tokenizer: tokenizer(maxLength: 4, overlong: .truncate),
                policy: .stop
            )
            #expect(cut.examples.map { encoding.decode($0.tokenIDs) } == ["0123", "01<eot>"])
            #expect(cut.examples[0].labels == [false, true, true, true])
            let rest = try TokenizedFile(
                reading: url,
                tokenizer: tokenizer(maxLength: 4, overlong: .skip),
                policy: .stop
            )
            #expect(rest.examples.map(\.id) == ["b"])
            #expect(rest.problems.map(\.fault) == [.tooLong(tokens: 9, maxLength: 4)])
        }
    }

    @Test("a cut that leaves no label is a problem")
    func cutBeforeLabels() throws {
        try withFile(#"{"prompt": "pqrs", "completion": "x"}"#) { url in
            let tokenizer = tokenizer(maxLength: 4, overlong: .truncate)
            let file = try TokenizedFile(scanning: url, tokenizer: tokenizer)
            #expect(file.problems.map(\.fault) == [.noLabelLeft(maxLength: 4)])
        }
    }
}

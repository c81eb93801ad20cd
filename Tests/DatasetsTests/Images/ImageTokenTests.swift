import Datasets
import Records
import Testing

@Suite("Images among tokens")
struct ImageTokenTests {
    /// `a` takes 6 tokens, `b` 2.
    private let encoding = seeingEncoding()
    private let a = PlacedImage(
        reference: image("a"), start: 0, grid: ImageGrid(height: 2, width: 3))
    private let b = PlacedImage(
        reference: image("b"), start: 0, grid: ImageGrid(height: 1, width: 2))

    private func supervised(_ body: SupervisedRecord.Body, _ images: [String]) -> SupervisedRecord {
        SupervisedRecord(id: nil, line: 1, body: body, images: images.map(image))
    }

    @Test("each image has its tokens, none of them labelled")
    func conversation() throws {
        let turns = [
            user("\u{FFFC}Q"), assistant("A"), user("R \u{FFFC}"), assistant("B\u{FFFC}C"),
        ]
        let example = try ExampleTokenizer(encoding: encoding, maxLength: 999)
            .example(supervised(.conversation(turns), ["a", "b", "b"]))
        #expect(
            encoding.decode(example.tokenIDs)
                == "<start>user\n******Q<end>\n<start>assistant\nA<end>\n"
                + "<start>user\nR **<end>\n<start>assistant\nB**C<end>\n")
        #expect(example.labelledText(encoding) == "A<end>BC<end>")
        // `<start>user\n` is 6 tokens. The first turn is 6 + 6 + 1 + 2 = 15, the second
        // 11 + 1 + 2 = 14, and `<start>user\nR ` 8: the second image begins in row 37. Behind it
        // come 2 + 2 of the turn, 11 of the header and B.
        #expect(example.images == [a.moved(by: 6), b.moved(by: 37), b.moved(by: 37 + 2 + 2 + 12)])
        for image in example.images {
            let rows = image.start..<(image.start + image.grid.count)
            #expect(example.tokenIDs[rows].allSatisfy { $0 == ByteEncoding.image })
        }
    }

    @Test("prompt and completion, plain text, and rows to score")
    func otherBodies() throws {
        let tokenizer = ExampleTokenizer(encoding: encoding, maxLength: 999)
        let body = SupervisedRecord.Body.promptCompletion(
            prompt: .text("\u{FFFC}p"), completion: .text("c"))
        let example = try tokenizer.example(supervised(body, ["b"]))
        #expect(encoding.decode(example.tokenIDs) == "**pc<eot>")
        #expect(example.labels == [false, false, false, true, true])
        #expect(example.images == [b])
        let text = try tokenizer.example(supervised(.text("t\u{FFFC}u"), ["b"]))
        #expect(encoding.decode(text.tokenIDs) == "t**u<eot>")
        #expect(text.labels == [false, false, false, true, true])
        let row = PromptCompletionRecord(
            id: nil, line: 1, prompt: .messages([user("\u{FFFC}")]),
            completion: .messages([assistant("A")]), images: [image("a")])
        let scored = try tokenizer.example(row)
        #expect(scored.images == [a.moved(by: 6)])
        #expect(scored.labelledText(encoding) == "A<end>")
        #expect(throws: RecordFault.tooLong(tokens: 28, maxLength: 27)) {
            // 6 + 6 + 2 of the user, 11 + 1 + 2 of the assistant.
            try ExampleTokenizer(encoding: encoding, maxLength: 27).example(row)
        }
    }

    @Test("pairs and judgements have the images in their prompt, and pairs their weight")
    func answers() throws {
        let record = PreferenceRecord(
            id: nil, line: 1, prompt: .messages([user("\u{FFFC}P\u{FFFC}")]),
            chosen: .messages([assistant("C")]), rejected: .messages([assistant("RR")]),
            weight: 0.2, images: [image("a"), image("b")])
        let pair = try PairTokenizer(encoding: encoding, maxLength: 999).pair(record)
        #expect(
            encoding.decode(pair.prompt) == "<start>user\n******P**<end>\n<start>assistant\n")
        #expect(encoding.decode(pair.chosen) == "C<end>")
        #expect(encoding.decode(pair.rejected) == "RR<end>")
        #expect(pair.images == [a.moved(by: 6), b.moved(by: 13)])
        #expect(pair.weight == 0.2)
        // 6 + 6 + 1 + 2 + 2 of the user, 11 of the header, and 3.
        #expect(pair.tokenCount == 31)
        let cut = try PairTokenizer(encoding: encoding, maxLength: 29, overlong: .truncate)
            .fitted(pair)
        #expect(cut.images == pair.images && cut.weight == 0.2 && cut.chosen.count == 1)
        let judgements = try JudgementTokenizer(encoding: encoding, maxLength: 999)
            .examples(JudgedRecord(record))
        #expect(judgements.map(\.prompt) == [pair.prompt, pair.prompt])
        #expect(judgements.map(\.images) == [pair.images, pair.images])
        let short = try JudgementTokenizer(encoding: encoding, maxLength: 29, overlong: .truncate)
            .fitted(judgements[1])
        #expect(short.images == pair.images && short.completion.count == 1)
    }

    @Test("a prompt keeps its images behind a system prompt")
    func prompt() throws {
        let record = PromptRecord(
            id: nil, line: 1, prompt: .messages([user("\u{FFFC}P")]), columns: [:],
            images: [image("b")])
        let prompt = try PromptTokenizer(encoding: encoding, systemPrompt: "S", maxLength: 99)
            .prompt(record)
        #expect(
            encoding.decode(prompt.tokens)
                == "<start>system\nS<end>\n<start>user\n**P<end>\n<start>assistant\n")
        // 8 + 1 + 2 of the system's turn and 6.
        #expect(prompt.images == [b.moved(by: 17)])
        #expect(prompt.prompt.asMessages.last == user("\u{FFFC}P"))
    }

    @Test("a cut never goes through an image, and takes none from a prompt")
    func cuts() throws {
        let body = SupervisedRecord.Body.promptCompletion(
            prompt: .text("\u{FFFC}p"), completion: .text("c\u{FFFC}d"))
        let example = try ExampleTokenizer(encoding: encoding, maxLength: 999)
            .example(supervised(body, ["b", "a"]))
        #expect(encoding.decode(example.tokenIDs) == "**pc******d<eot>")
        func fitted(_ length: Int) throws -> TokenizedExample {
            try ExampleTokenizer(encoding: encoding, maxLength: length, overlong: .truncate)
                .fitted(example)
        }
        #expect(try fitted(4).images == [b])
        #expect(try fitted(10).images == [b, a.moved(by: 4)])
        for length in 5..<10 {
            #expect(throws: RecordFault.tooLong(tokens: 12, maxLength: length)) {
                try fitted(length)
            }
        }
        let prompt = TokenizedPrompt(
            id: nil, line: 1, identity: 0, tokens: Array(repeating: 1, count: 12),
            prompt: .text(""), columns: [:], images: [b.moved(by: 3)])
        func kept(_ length: Int) throws -> [PlacedImage] {
            try PromptTokenizer(encoding: encoding, maxLength: length, overlong: .truncate)
                .fitted(prompt).images
        }
        #expect(try kept(12) == [b.moved(by: 3)])
        #expect(try kept(9) == [b])
        #expect(throws: RecordFault.tooLong(tokens: 12, maxLength: 8)) { try kept(8) }
        #expect(throws: RecordFault.tooLong(tokens: 12, maxLength: 2)) { try kept(2) }
    }

    @Test("what cannot be")
    func faults() throws {
        let record = supervised(.text("\u{FFFC}t"), ["b"])
        #expect(throws: RecordFault.hasImages) {
            try ExampleTokenizer(encoding: ByteEncoding(), maxLength: 99).example(record)
        }
        let tokenizer = ExampleTokenizer(encoding: encoding, maxLength: 99)
        #expect(throws: RecordFault.imageTokens(found: 1, images: 0)) {
            try tokenizer.example(supervised(.text("\u{FFFC}t"), []))
        }
        #expect(throws: RecordFault.imageTokens(found: 1, images: 2)) {
            try tokenizer.example(supervised(.text("\u{FFFC}t"), ["a", "b"]))
        }
        let damaged = ["x", "y"].map { ImageFault(path: $0, reason: "is truncated") }
        #expect(throws: RecordFault.images(damaged)) {
            try tokenizer.example(supervised(.text("\u{FFFC}t"), ["x", "a", "y"]))
        }
        let pair = PreferenceRecord(
            id: nil, line: 1, prompt: .text("P"), chosen: .text(" \u{FFFC}"), rejected: .text(" R"))
        #expect(throws: RecordFault.imageInAnswer) {
            try PairTokenizer(encoding: encoding, maxLength: 99).pair(pair)
        }
    }

    @Test("groups of a conversation and answers")
    func groups() throws {
        let group = try encoding.group(
            [user("Q")], completions: ["A", "BB"], images: [image("b")])
        #expect(encoding.decode(group.prompt) == "<start>user\n**Q<end>\n<start>assistant\n")
        #expect(group.images == [b.moved(by: 6)])
        #expect(group.completions.map(encoding.decode) == ["A<end>", "BB<end>"])
    }

    @Test("a preview tells an image's size")
    func preview() throws {
        let example = try ExampleTokenizer(encoding: encoding, maxLength: 99).example(
            supervised(
                .promptCompletion(prompt: .text("\u{FFFC}p\u{FFFC}"), completion: .text("c")),
                ["a", "b"]))
        let text = Preview(style: .brackets, decode: encoding.decode).text(of: example)
        #expect(
            text == "record line 1 (line 1): 11 tokens, 2 labelled, 2 images\n"
                + "[image, 2 x 3 tokens]p[image, 1 x 2 tokens]⟦c<eot>⟧\n")
    }
}

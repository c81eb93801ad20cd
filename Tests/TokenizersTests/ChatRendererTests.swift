import Foundation
import Records
import TestSupport
import Testing
import Tokenizers

struct ChatRendererTests {
    private let long = Fixture.conversation(
        ("system", "Be brief."),
        ("user", "Hi"),
        ("assistant", "Hello there."),
        ("user", "Why?"),
        ("assistant", "Because.")
    )

    /// SmolLM2 puts a system message of its own in front; the end of a turn is labelled, the line
    /// break behind it is not.
    @Test(.enabled(if: TestFiles.defaultModel != nil, "needs the default model"))
    func smollm2() throws {
        let tokenizer = try Fixture.smollm2()
        let renderer = try ChatRenderer(tokenizer: tokenizer)
        let messages = Fixture.conversation(("user", "Hi"), ("assistant", "Hello!"))
        let (ids, mask) = try renderer.encode(messages)
        #expect(tokenizer.decode(ids) == (try renderer.text(messages, addGenerationPrompt: false)))
        #expect(tokenizer.decode(ids).hasPrefix("<|im_start|>system\nYou are"))
        #expect(labelled(ids, mask, tokenizer) == ["Hello!<|im_end|>"])
        #expect(mask.last == false)
        try checkPrompts(renderer, messages)
        try checkPrompts(renderer, long)
        #expect(
            labelled(try renderer.encode(long), tokenizer)
                == ["Hello there.<|im_end|>", "Because.<|im_end|>"]
        )
    }

    /// The templates of the fixtures, with a tokenizer whose end-of-turn token is `<|im_end|>`.
    @Test(arguments: ["chatml", "thinking"])
    func templatesWithoutMarks(name: String) throws {
        let renderer = try renderer(name)
        #expect(
            labelled(try renderer.encode(long), renderer.tokenizer)
                == ["Hello there.<|im_end|>", "Because.<|im_end|>"]
        )
        try checkPrompts(renderer, long)
    }

    /// No word of a prompt: the assistant's part is all that its turn adds.
    @Test func templateWithoutPrompt() throws {
        let renderer = try renderer("alternating", end: "<|im_end|>")
        #expect(
            labelled(try renderer.encode(long), renderer.tokenizer)
                == [" Hello there.<|im_end|>", " Because.<|im_end|>"]
        )
        try checkPrompts(renderer, long)
    }

    @Test func markedTemplate() throws {
        let renderer = try renderer("markers", end: "<|im_end|>")
        #expect(renderer.template.marksGeneration)
        #expect(
            labelled(try renderer.encode(long), renderer.tokenizer)
                == ["Hello there.<|im_end|>", "Because.<|im_end|>"]
        )
        try checkPrompts(renderer, long)
    }

    /// The mark leaves out the end of the turn, and begins behind a space the prompt has not.
    @Test func marksAreStretchedToPromptAndEnd() throws {
        let renderer = try renderer(
            source: "{% for m in messages %}{% if m.role == 'user' %}U:{{ m.content }}\n"
                + "{% else %}A: {% generation %}{{ m.content }}{% endgeneration %}<|im_end|>\n"
                + "{% endif %}{% endfor %}{% if add_generation_prompt %}A:{% endif %}"
        )
        let messages = Array(long.dropFirst())
        #expect(
            labelled(try renderer.encode(messages), renderer.tokenizer)
                == [" Hello there.<|im_end|>", " Because.<|im_end|>"]
        )
        try checkPrompts(renderer, messages)
    }

    /// What ends the text only, and not every turn, is not part of the last turn.
    @Test func theEndOfTextIsNotTheEndOfTurn() throws {
        let renderer = try renderer(
            source: "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
                + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
                + "{% else %}<|endoftext|>{% endif %}"
        )
        let (ids, mask) = try renderer.encode(long)
        #expect(
            labelled(ids, mask, renderer.tokenizer)
                == ["Hello there.<|im_end|>", "Because.<|im_end|>"]
        )
        #expect(renderer.tokenizer.decode(ids).hasSuffix("<|im_end|>\n<|endoftext|>"))
        try checkPrompts(renderer, long)
    }

    /// "ab" across the border would be another token than "a" and "b" apart.
    @Test func piecesAreCutWhereThePromptEnds() throws {
        let tokenizer = try Tokenizer(
            ggufMetadata: GGUFMetadata.make(tokens: ["a", "b", "ab"], merges: ["a b"]),
            source: "ab.gguf"
        )
        let template = try ChatTemplate(
            source: "{% for m in messages %}{{ m.content }}{% endfor %}",
            name: "plain"
        )
        let renderer = ChatRenderer(tokenizer: tokenizer, template: template)
        let (ids, mask) = try renderer.encode(
            Fixture.conversation(("user", "a"), ("assistant", "b"))
        )
        #expect(ids == [0, 1])
        #expect(mask == [false, true])
    }

    @Test func withoutAssistantNothingIsLabelled() throws {
        let renderer = try renderer("chatml")
        let (ids, mask) = try renderer.encode(Fixture.conversation(("user", "Hi")))
        #expect(!ids.isEmpty && !mask.contains(true))
    }

    /// The template drops what was thought once a user speaks again.
    @Test func aTurnThatChangesIsRefused() throws {
        let renderer = try renderer(
            source: "{% for m in messages %}{{ m.role }}:{% if loop.last %}{{ m.content }}"
                + "{% else %}{{ m.content.split('/')[-1] }}{% endif %}<|im_end|>{% endfor %}"
                + "{% if add_generation_prompt %}assistant:{% endif %}"
        )
        let messages = Fixture.conversation(
            ("user", "q"),
            ("assistant", "t/a"),
            ("user", "r"),
            ("assistant", "b")
        )
        #expect(throws: ChatError.turnChanges(message: 1)) { try renderer.encode(messages) }
        #expect(throws: Never.self) { try renderer.encode(Array(messages[..<2])) }
    }

    @Test func otherFaultsAreTold() throws {
        let tokenizer = try Fixture.tiny("gpt2")
        #expect(throws: ChatError.noTemplate) { try ChatRenderer(tokenizer: tokenizer) }
        let off = try renderer(source: "{{ 'p' if add_generation_prompt else 'q' }}")
        #expect(throws: ChatError.promptIsNoPrefix(message: 0)) {
            try off.encode(Fixture.conversation(("assistant", "a")))
        }
        let silent = try renderer(source: "x")
        #expect(throws: ChatError.emptyTurn(message: 1)) {
            try silent.encode(Fixture.conversation(("user", "a"), ("assistant", "a")))
        }
        let unmarked = try renderer(
            source: "{% if false %}{% generation %}{% endgeneration %}{% endif %}"
        )
        #expect(throws: ChatError.emptyTurn(message: 0)) {
            try unmarked.encode(Fixture.conversation(("assistant", "a")))
        }
        let refusing = try renderer(source: "{{ raise_exception('no') }}")
        #expect(throws: ChatError.self) { try refusing.encodePrompt([]) }
    }
}

extension ChatRendererTests {
    private func renderer(_ name: String, end: String = "</s>") throws -> ChatRenderer {
        let value = try Fixture.json("templates.json").array?.first {
            $0["name"]?.string == "\(name) question"
        }
        return try renderer(
            source: try #require(value?["template"]?.string),
            end: end
        )
    }

    private func renderer(source: String, end: String = "</s>") throws -> ChatRenderer {
        let variables = ["bos_token": JSONValue.string("<s>"), "eos_token": .string(end)]
        return ChatRenderer(
            tokenizer: try Fixture.tiny("qwen2"),
            template: try ChatTemplate(source: source, name: "t", variables: variables)
        )
    }

    /// For every assistant turn: the ids before its part are those of the prompt.
    private func checkPrompts(_ renderer: ChatRenderer, _ messages: [Message]) throws {
        for turn in messages.indices where messages[turn].role == "assistant" {
            let (ids, mask) = try renderer.encode(Array(messages[...turn]))
            let prompt = try renderer.encodePrompt(Array(messages[..<turn]))
            let last = try #require(mask.lastIndex(of: true))
            let start = (mask[...last].lastIndex(of: false) ?? -1) + 1
            #expect(Array(ids[..<start]) == prompt)
        }
    }

    private func labelled(
        _ encoded: (ids: [Int], assistantMask: [Bool]),
        _ tokenizer: Tokenizer
    ) -> [String] {
        labelled(encoded.ids, encoded.assistantMask, tokenizer)
    }

    /// The labelled stretches as text.
    private func labelled(_ ids: [Int], _ mask: [Bool], _ tokenizer: Tokenizer) -> [String] {
        var parts: [[Int]] = []
        for (index, id) in ids.enumerated() where mask[index] {
            if index > 0, mask[index - 1] {
                parts[parts.count - 1].append(id)
            } else {
                parts.append([id])
            }
        }
        return parts.map { tokenizer.decode($0) }
    }
}

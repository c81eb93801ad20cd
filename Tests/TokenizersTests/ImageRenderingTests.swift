import Foundation
import Records
import TestSupport
import Testing
import Tokenizers

/// Images in templates that know parts and in those that know text alone, with small vocabularies.
struct ImageRenderingTests {
    private static let place = String(ImageReference.placeholder)

    private static let parts =
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.content is string %}{{ m.content }}"
        + "{% else %}{% for part in m.content %}{% if part.type == 'image' %}[<image>]"
        + "{% else %}{{ part.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    private static let text =
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content | trim }}<|im_end|>\n"
        + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"

    @Test(arguments: [(parts, "[<image>]"), (text, "<image>")])
    func everyImageIsOneToken(template: String, spelled: String) throws {
        let (renderer, image) = try renderer(template)
        let messages = Fixture.conversation(
            ("user", "\(Self.place)Here\(Self.place)?"), ("assistant", "No <image>."))
        let (ids, mask) = try renderer.encode(messages)
        #expect(ids.filter { $0 == image.id }.count == 2)
        #expect(
            renderer.tokenizer.decode(ids)
                == "<|im_start|>user\n\(spelled)Here\(spelled)?<|im_end|>\n"
                + "<|im_start|>assistant\nNo <image>.<|im_end|>\n")
        let answer = zip(ids, mask).filter(\.1).map(\.0)
        #expect(renderer.tokenizer.decode(answer) == "No <image>.<|im_end|>")
        #expect(!answer.contains(image.id))
        let prompt = try renderer.encodePrompt(Array(messages.dropLast()))
        #expect(ids.starts(with: prompt))
    }

    /// Bit for bit: a model of text takes the place of an image, and its token, as it did.
    @Test(arguments: [parts, text])
    func modelsOfTextAreUnchanged(template: String) throws {
        let (seeing, image) = try renderer(template)
        let renderer = ChatRenderer(tokenizer: seeing.tokenizer, template: seeing.template)
        let messages = Fixture.conversation(
            ("user", "a <image>\(Self.place) b"), ("assistant", "c"))
        let text = try renderer.template.render(messages: messages, addGenerationPrompt: false)
        #expect(try renderer.encode(messages).ids == renderer.tokenizer.encode(text))
        #expect(try renderer.encode(messages).ids.contains(image.id))
        #expect(try renderer.text(messages, addGenerationPrompt: false) == text)
    }

    /// A template that only knows parts gets them for text as well.
    @Test func textAsParts() throws {
        let onlyParts =
            "{% for m in messages %}{{ m.role }}:{% for part in m.content "
            + "| selectattr('type', 'equalto', 'text') %}{{ part.text }}{% endfor %};{% endfor %}"
        let (seeing, _) = try renderer(onlyParts)
        let renderer = ChatRenderer(tokenizer: seeing.tokenizer, template: seeing.template)
        let messages = Fixture.conversation(("user", "Hi"), ("user", ""))
        #expect(try renderer.text(messages, addGenerationPrompt: false) == "user:Hi;user:;")
        // It leaves out images, so it is given text, and writes nothing.
        #expect(throws: ChatError.images(found: 0, expected: 1)) {
            try seeing.encodePrompt(Fixture.conversation(("user", Self.place)))
        }
    }

    /// A list that is written as it stands is no list that is known.
    @Test func listsAreNotWrittenOut() throws {
        let (renderer, image) = try renderer("{% for m in messages %}{{ m.content }}{% endfor %}")
        let messages = Fixture.conversation(("user", "a\(Self.place)b"))
        #expect(renderer.tokenizer.decode(try renderer.encodePrompt(messages)) == "a<image>b")
        #expect(try renderer.encodePrompt(messages).contains(image.id))
    }

    /// As processors do: what the tokenizer puts in front stands before a conversation, once.
    @Test(arguments: [("", 1), ("<s>", 1)])
    func theBeginningIsAdded(bos: String, count: Int) throws {
        let tokenizer = try Tokenizer(folder: Fixture.folder.appending(path: "tiny-spm"))
        let template = try ChatTemplate(
            source: bos + "{% for m in messages %}{{ m.role }}: {{ m.content }} {% endfor %}",
            name: "t")
        let image = try ImageToken(id: try #require(tokenizer.id(for: "<image>")), in: tokenizer)
        let seeing = ChatRenderer(tokenizer: tokenizer, template: template, imageToken: image)
        let messages = Fixture.conversation(("user", "a\(Self.place) b"))
        let ids = try seeing.encodePrompt(messages)
        #expect(ids.filter { $0 == tokenizer.bosID }.count == count)
        #expect(ids.first == tokenizer.bosID)
        #expect(ids == tokenizer.encode(bos + "user: a<image> b ", addSpecial: bos.isEmpty))
        let blind = ChatRenderer(tokenizer: tokenizer, template: template)
        #expect(try blind.encodePrompt(messages).first == (bos.isEmpty ? nil : 1) ?? ids[1])
    }

    /// LLaVA's manner: the mark ends with a space that belongs to the next word.
    @Test func aSpaceGoesWithTheWordBehindIt() throws {
        let tokenizer = try Tokenizer(folder: Fixture.folder.appending(path: "tiny-spm"))
        let template = try ChatTemplate(
            source: "{% for m in messages %}{{ m.role.upper() }}: {% if m.role == 'assistant' %}"
                + "{% generation %}{{ m.content + ' ' }}{% endgeneration %}{% else %}{{ m.content }} "
                + "{% endif %}{% endfor %}{% if add_generation_prompt %}ASSISTANT:{% endif %}",
            name: "t")
        let renderer = ChatRenderer(tokenizer: tokenizer, template: template)
        let messages = Fixture.conversation(
            ("user", "Hi"), ("assistant", "x y"), ("user", "Hi"), ("assistant", "x"))
        let (ids, mask) = try renderer.encode(messages)
        #expect(ids == tokenizer.encode("USER: Hi ASSISTANT: x y USER: Hi ASSISTANT: x "))
        let marked = zip(ids, mask).filter(\.1).compactMap { tokenizer.token(for: $0.0) }
        #expect(marked.joined() == "▁x▁y▁x▁")
    }

    @Test func imagesInPlainText() throws {
        let tokenizer = try Tokenizer(folder: Fixture.folder.appending(path: "tiny-spm"))
        let image = try ImageToken(id: try #require(tokenizer.id(for: "<image>")), in: tokenizer)
        let place = Self.place
        #expect(
            tokenizer.encode("\(place)\na\(place)", imageToken: image)
                == tokenizer.encode("<image>\na<image>"))
        #expect(!tokenizer.encode("<image>", imageToken: image).contains(image.id))
        #expect(tokenizer.decode(tokenizer.encode("a <image>", imageToken: image)) == "a <image>")
        #expect(
            tokenizer.encode(place + "a", imageToken: nil) == tokenizer.encode(place + "a"))
    }

    @Test func theTokenMustBeThere() throws {
        let tokenizer = try Tokenizer(folder: Fixture.folder.appending(path: "tiny-spm"))
        func read(_ members: [String: JSONValue]) throws -> ImageToken? {
            try ImageToken.read(configuration: .object(members), tokenizer: tokenizer)
        }
        let id = try #require(tokenizer.id(for: "<image>"))
        #expect(try read([:]) == nil)
        #expect(try read(["image_token_id": .integer(id)])?.text == "<image>")
        #expect(
            try read(["image_token_index": .integer(id), "image_token_id": .integer(5)])?.id == id)
        // A letter, an id that is none, a number that is no id.
        for bad in [JSONValue.integer(300), .integer(-1), .integer(1 << 40), .string("x")] {
            #expect(throws: TokenizerError.self) { try read(["image_token_id": bad]) }
        }
    }

    /// The small vocabulary of Qwen2's kind with an image token.
    private func renderer(_ source: String) throws -> (ChatRenderer, ImageToken) {
        let (tokenizer, id) = try Fixture.tiny("qwen2").adding(special: "<image>")
        let image = try ImageToken(id: id, in: tokenizer)
        let template = try ChatTemplate(source: source, name: "t")
        return (
            ChatRenderer(tokenizer: tokenizer, template: template, imageToken: image), image
        )
    }
}

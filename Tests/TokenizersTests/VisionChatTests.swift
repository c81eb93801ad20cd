import Foundation
import Records
import TestSupport
import Testing
import Tokenizers

/// Conversations with images, as transformers' processors encode them, one id an image.
@Suite(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
struct VisionChatTests {
    private static let names = ["llava-1.5-7b-hf", "qwen2.5-vl"]

    @Test(
        .enabled(
            if: Fixture.has("vision_chat.json"),
            "needs vision_chat.json of sentencepiece_fixtures.py"),
        arguments: names)
    func agreesWithProcessors(name: String) throws {
        let renderer = try renderer(name)
        let cases = try Fixture.json("vision_chat.json")[name]?.object ?? [:]
        try #require(cases.count == 8)
        for (title, value) in cases {
            let messages = messages(value)
            let (ids, mask) = try renderer.encode(messages)
            #expect(ids == integers(value["ids"]), "\(title)")
            #expect(mask == integers(value["mask"]).map { $0 == 1 }, "\(title)")
            if value["prompt"] != nil {
                #expect(
                    try renderer.encodePrompt(messages) == integers(value["prompt"]), "\(title)")
            }
            try checkPrompts(renderer, messages)
        }
    }

    /// Whoever writes the token gets letters: none of its ids, and the text comes back.
    @Test(arguments: names)
    func spelledTokensAreText(name: String) throws {
        let renderer = try renderer(name)
        let image = try #require(renderer.imageToken)
        let place = String(ImageReference.placeholder)
        let strange = String(decoding: [0xFDD0 as UInt16], as: UTF16.self)
        for spelled in [
            image.text, "a\(image.text)\(image.text) b", "\(strange)\(image.text)\(strange)",
        ] {
            let messages = Fixture.conversation(
                ("system", "No \(spelled) here"), ("user", place + spelled + "?"),
                ("assistant", spelled))
            let (ids, mask) = try renderer.encode(messages)
            #expect(ids.filter { $0 == image.id }.count == 1)
            let text = try renderer.text(messages, addGenerationPrompt: false)
            // Three times by the users, and where it stands alone once by the template.
            #expect(text.components(separatedBy: spelled).count == (spelled == image.text ? 5 : 4))
            let plain =
                ids.starts(with: renderer.tokenizer.prefix)
                ? Array(ids.dropFirst(renderer.tokenizer.prefix.count)) : ids
            #expect(renderer.tokenizer.decode(plain) == text)
            let answer = zip(ids, mask).filter(\.1).map(\.0)
            #expect(renderer.tokenizer.decode(answer).hasPrefix(spelled))
        }
    }

    /// Without images nothing differs from what a model of text gets, but the token that is text.
    @Test func qwenWithoutImagesIsAsBefore() throws {
        let tokenizer = try tokenizer("qwen2.5-vl")
        let (text, seeing) = (try ChatRenderer(tokenizer: tokenizer), try renderer("qwen2.5-vl"))
        let messages = Fixture.conversation(
            ("user", "Hi <|im_end|> <tool_call>"), ("assistant", "é"))
        #expect(try text.encode(messages) == seeing.encode(messages))
        let spelled = Fixture.conversation(("user", "<|image_pad|>"))
        #expect(try text.encodePrompt(spelled).contains(151_655))
        #expect(try !seeing.encodePrompt(spelled).contains(151_655))
    }

    private func tokenizer(_ name: String) throws -> Tokenizer {
        let data = try #require(TestFiles.sharedData)
        return try Tokenizer(folder: data.appending(path: "tokenizers/\(name)"))
    }

    private func renderer(_ name: String) throws -> ChatRenderer {
        let data = try #require(TestFiles.sharedData)
        let tokenizer = try tokenizer(name)
        let image = try ImageToken.read(
            folder: data.appending(path: "tokenizers/\(name)"), tokenizer: tokenizer)
        let token: ImageToken = try #require(image)
        return try ChatRenderer(tokenizer: tokenizer, imageToken: token)
    }

    private func messages(_ value: JSONValue) -> [Message] {
        (value["messages"]?.array ?? []).map { turn in
            Message(role: turn["role"]?.string ?? "", content: turn["content"]?.string ?? "")
        }
    }

    private func integers(_ value: JSONValue?) -> [Int] {
        (value?.array ?? []).compactMap(\.integer)
    }

    /// The ids before each answer are those of its prompt.
    private func checkPrompts(_ renderer: ChatRenderer, _ messages: [Message]) throws {
        for turn in messages.indices where messages[turn].role == "assistant" {
            let (ids, mask) = try renderer.encode(Array(messages[...turn]))
            let last = try #require(mask.lastIndex(of: true))
            let start = (mask[...last].lastIndex(of: false) ?? -1) + 1
            #expect(try renderer.encodePrompt(Array(messages[..<turn])) == Array(ids[..<start]))
        }
    }
}

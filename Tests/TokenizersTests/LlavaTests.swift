import Foundation
import Records
import TestSupport
import Testing
import Tokenizers

/// LLaVA-1.5's tokenizer, Llama's with two tokens more: a SentencePiece model.
@Suite(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
struct LlavaTests {
    /// The settings of the folder, and those of SentencePiece itself.
    @Test(arguments: [("first", "false"), ("prepend", "true")])
    func agreesWithTransformers(scheme: String, legacy: String) throws {
        let tokenizer = try Tokenizer(folder: try Self.folder(legacy: legacy))
        let expected = try Fixture.json("llava.json")
        let texts = (expected["texts"]?.array ?? []).compactMap(\.string)
        let ids = expected["ids"]?[scheme]?.array ?? []
        try #require(texts.count >= 130 && ids.count == texts.count)
        for (text, ids) in zip(texts, ids) {
            #expect(
                tokenizer.encode(text) == (ids.array ?? []).compactMap(\.integer),
                "\(text.debugDescription)")
        }
        for pair in expected["decoded"]?.array ?? [] {
            let ids = (pair.array?.first?.array ?? []).compactMap(\.integer)
            let text = pair.array?.last?.string ?? ""
            #expect(tokenizer.decode(ids).utf8.elementsEqual(text.utf8), "\(ids)")
        }
    }

    /// llama.cpp's texts, for Llama and for Phi-3, which has the same vocabulary.
    @Test(arguments: ["llama-spm", "phi-3"])
    func vectors(name: String) throws {
        let tokenizer = try Tokenizer(folder: try Self.folder(legacy: "true"))
        for (text, ids) in try Vectors.read(name) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
            #expect(tokenizer.decode(ids).utf8.elementsEqual(text.utf8))
        }
    }

    @Test func theFolderIsReadAsItIs() throws {
        let folder = try #require(TestFiles.sharedData)
            .appending(path: "tokenizers/llava-1.5-7b-hf")
        let tokenizer = try Tokenizer(folder: folder)
        #expect(tokenizer.vocabularySize == 32_002)
        #expect(tokenizer.bosID == 1 && tokenizer.eosID == 2 && tokenizer.padID == 32_001)
        #expect(tokenizer.prefix == [1])
        #expect(tokenizer.token(for: 15_043) == "▁Hello")
        #expect(tokenizer.id(for: "<0x0A>") == 13)
        #expect(tokenizer.isSpecial(32_000) && !tokenizer.isSpecial(13))
        let image = try ImageToken.read(folder: folder, tokenizer: tokenizer)
        #expect(image?.id == 32_000 && image?.text == "<image>")
        // Two tokens that Unicode calls equivalent: iota with tonos, and with oxia.
        let (tonos, oxia) = (tokenizer.id(for: "\u{3AF}"), tokenizer.id(for: "\u{1F77}"))
        #expect(tonos != nil && oxia != nil && tonos != oxia)
    }

    /// `tokenizer.json`, which the folder does not have, is written and read again: the same ids.
    @Test func survivesWriting() throws {
        let tokenizer = try Tokenizer(folder: try Self.folder(legacy: "true"))
        let folder = try TestFiles.scratchFolder()
        try tokenizer.write(to: folder)
        let again = try Tokenizer(folder: folder)
        #expect(again.vocabularySize == tokenizer.vocabularySize)
        for text in (try Fixture.json("llava.json")["texts"]?.array ?? []).compactMap(\.string) {
            #expect(again.encode(text) == tokenizer.encode(text), "\(text.debugDescription)")
        }
    }

    /// A copy with another `legacy`.
    private static func folder(legacy: String) throws -> URL {
        let source = try #require(TestFiles.sharedData)
            .appending(path: "tokenizers/llava-1.5-7b-hf")
        let folder = try TestFiles.scratchFolder()
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "tokenizer.model"),
            withDestinationURL: source.appending(path: "tokenizer.model"))
        let settings = try String(
            contentsOf: source.appending(path: "tokenizer_config.json"), encoding: .utf8)
        try #require(settings.contains(#""legacy": false"#))
        try Data(settings.replacing(#""legacy": false"#, with: #""legacy": \#(legacy)"#).utf8)
            .write(to: folder.appending(path: "tokenizer_config.json"))
        return folder
    }
}

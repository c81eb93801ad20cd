import Foundation
import Records
import TestSupport
import Testing
import Tokenizers

/// Folders that this package writes for transformers; `check_tokenizer_folder.py` reads them there.
struct TokenizerWritingTests {
    @Test(arguments: Fixture.tinyKinds)
    func readBackToTheSameIDs(kind: String) throws {
        let folder = try TestFiles.scratchFolder()
        try Fixture.tiny(kind).write(to: folder)
        let tokenizer = try Tokenizer(folder: folder)
        for (text, ids) in Fixture.cases(try Fixture.json("tiny-\(kind)/expected.json")) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
        try expectEqual(tokenizer, try Fixture.tiny(kind))
    }

    /// A model of GGUF's that learns to see: its folder has one token more, and its template.
    @Test(arguments: [("gpt2", "gpt-2"), ("smollm", "smollm"), ("qwen2", "qwen2")])
    func ggufBecomesAFolder(kind: String, pre: String) throws {
        let source = try Tokenizer(
            ggufMetadata: try GGUFMetadata.make(kind: kind, pre: pre), source: "tiny.gguf")
        let (tokenizer, id) = try source.adding(special: "<image>")
        #expect(id == source.vocabularySize && tokenizer.vocabularySize == id + 1)
        let folder = try TestFiles.scratchFolder()
        try tokenizer.write(to: folder, imageToken: try ImageToken(id: id, in: tokenizer))
        let again = try Tokenizer(folder: folder)
        try expectEqual(again, tokenizer)
        for (text, _) in Fixture.cases(try Fixture.json("tiny-\(kind)/expected.json")) {
            #expect(again.encode(text) == source.encode(text), "\(text.debugDescription)")
        }
        #expect(again.encode("a<image>") == source.encode("a") + [id])
        #expect(again.chatTemplate?.source == "{{ bos_token }}")
        let template = folder.appending(path: "chat_template.jinja")
        #expect(try String(contentsOf: template, encoding: .utf8) == "{{ bos_token }}")
        // It has such a token now.
        #expect(try again.adding(special: "<image>").id == id)
    }

    @Test func whatStandsAroundATextIsKept() throws {
        var metadata = try GGUFMetadata.make(kind: "gpt2", pre: "gpt-2")
        metadata["tokenizer.ggml.add_bos_token"] = .bool(true)
        metadata["tokenizer.ggml.add_eos_token"] = .bool(true)
        let folder = try TestFiles.scratchFolder()
        try Tokenizer(ggufMetadata: metadata, source: "t.gguf").write(to: folder)
        let tokenizer = try Tokenizer(folder: folder)
        #expect(tokenizer.encode("", addSpecial: true) == [1, 2])
    }

    @Test func sentencePieceIsWritten() throws {
        let source = try Tokenizer(folder: Fixture.folder.appending(path: "tiny-spm"))
        let folder = try TestFiles.scratchFolder()
        try source.write(to: folder)
        let tokenizer = try Tokenizer(folder: folder)
        try expectEqual(tokenizer, source)
        let texts = try Fixture.json("tiny-spm/expected.json")["texts"]?.array ?? []
        for text in texts.compactMap(\.string) {
            #expect(tokenizer.encode(text) == source.encode(text), "\(text.debugDescription)")
        }
        #expect(tokenizer.encode("a", addSpecial: true).first == 1)
    }

    @Test func tokensWrittenAlikeAreRefused() throws {
        let tokenizer = try Tokenizer(
            ggufMetadata: GGUFMetadata.make(tokens: ["a", "b", "a"], merges: []), source: "t.gguf")
        let folder = try TestFiles.scratchFolder()
        let error = try #require(throws: TokenizerError.self) { try tokenizer.write(to: folder) }
        #expect(error.item == "token 2")
        #expect(throws: TokenizerError.self) { try tokenizer.adding(special: "b") }
        #expect(throws: TokenizerError.self) { try tokenizer.adding(special: "") }
    }

    /// The default model's: `TOKENIZER_OUTPUT` says where the folder shall stay.
    @Test(.enabled(if: TestFiles.defaultModel != nil, "needs the default model"))
    func smollm2() throws {
        let (tokenizer, id) = try Fixture.smollm2().adding(special: "<image>")
        #expect(id == 49_152)
        let wanted = ProcessInfo.processInfo.environment["TOKENIZER_OUTPUT"]
        let folder =
            try wanted.map { URL(filePath: $0, directoryHint: .isDirectory) }
            ?? TestFiles.scratchFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try tokenizer.write(to: folder, imageToken: try ImageToken(id: id, in: tokenizer))
        let again = try Tokenizer(folder: folder)
        try expectEqual(again, tokenizer)
        for (text, ids) in Fixture.cases(try Fixture.json("smollm2.json")["cases"]) {
            #expect(again.encode(text) == ids, "\(text.debugDescription)")
        }
    }

    private func expectEqual(_ one: Tokenizer, _ other: Tokenizer) throws {
        #expect(one.vocabularySize == other.vocabularySize)
        #expect(one.bosID == other.bosID && one.eosID == other.eosID && one.padID == other.padID)
        #expect(one.unkID == other.unkID && one.prefix == other.prefix)
        #expect(one.chatTemplate?.source == other.chatTemplate?.source)
        for id in 0..<other.vocabularySize {
            #expect(
                one.token(for: id).map { Array($0.utf8) }
                    == other.token(for: id).map { Array($0.utf8) })
            #expect(one.isSpecial(id) == other.isSpecial(id))
            #expect(one.decode([id]) == other.decode([id]))
        }
    }
}

import Foundation
import TestSupport
import Testing
import Tokenizers

/// The texts and ids with which llama.cpp tests its vocabularies.
@Suite(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
struct VectorTests {
    @Test(arguments: [("llama-bpe", "llama3"), ("gpt-2", "phi-2"), ("qwen2", "qwen2.5-vl")])
    func vectors(name: String, folder: String) throws {
        let data = try #require(TestFiles.sharedData).appending(path: "tokenizers")
        let tokenizer = try Tokenizer(folder: try GPT2Folder.prepared(data, folder))
        for (text, expected) in try Vectors.read(name) {
            #expect(tokenizer.encode(text) == expected, "\(text.debugDescription)")
            #expect(tokenizer.decode(expected) == text.precomposed(if: name == "qwen2"))
        }
    }

    @Test func llama3HasItsSpecialTokens() throws {
        let data = try #require(TestFiles.sharedData)
        let tokenizer = try Tokenizer(folder: data.appending(path: "tokenizers/llama3"))
        #expect(tokenizer.vocabularySize == 128_256)
        #expect(tokenizer.bosID == 128_000)
        #expect(tokenizer.id(for: "<|eot_id|>") == 128_009)
        #expect(tokenizer.token(for: 128_255) == "<|reserved_special_token_247|>")
        #expect(tokenizer.encode("Hello<|eot_id|>", addSpecial: true) == [128_000, 9906, 128_009])
        #expect(tokenizer.encode("<|eot_id|>", parseSpecial: false).count > 1)
    }

    @Test func qwenReadsItsConfiguration() throws {
        let data = try #require(TestFiles.sharedData)
        let tokenizer = try Tokenizer(folder: data.appending(path: "tokenizers/qwen2.5-vl"))
        #expect(tokenizer.eosID == 151_645)
        #expect(tokenizer.padID == 151_643)
        #expect(tokenizer.bosID == nil)
        #expect(tokenizer.isSpecial(151_644))
        #expect(!tokenizer.isSpecial(151_657))  // <tool_call>: added, but text
        #expect(tokenizer.chatTemplate != nil)
    }

    /// BERT's words are pieces of another kind.
    @Test func wordPieceIsRefused() throws {
        let data = try #require(TestFiles.sharedData)
        let error = try #require(throws: TokenizerError.self) {
            try Tokenizer(folder: data.appending(path: "tokenizers/bert-uncased"))
        }
        #expect(error.item == "model.type")
    }
}

/// Texts and ids of the shared data.
enum Vectors {
    static func read(_ name: String) throws -> [(text: String, ids: [Int])] {
        let base = try #require(TestFiles.sharedData)
            .appending(path: "tokenizers/vectors/ggml-vocab-\(name).gguf")
        let texts = try String(
            decoding: Data(contentsOf: base.appendingPathExtension("inp")),
            as: UTF8.self
        ).components(separatedBy: "\n__ggml_vocab_test__\n")
        let lines = try String(
            decoding: Data(contentsOf: base.appendingPathExtension("out")),
            as: UTF8.self
        ).split(separator: "\n", omittingEmptySubsequences: false)
        try #require(texts.count == 47 && lines.count == 47)
        return zip(texts, lines).map { text, line in
            (text, line.split(separator: " ").compactMap { Int($0) })
        }
    }
}

/// Phi-2's vocabulary is GPT-2's and 38 runs of whitespace; without these it is GPT-2's.
private enum GPT2Folder {
    static func prepared(_ data: URL, _ name: String) throws -> URL {
        let folder = data.appending(path: name)
        guard name == "phi-2" else { return folder }
        let text = try Data(contentsOf: folder.appending(path: "tokenizer.json"))
        var root = try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
        let added = try #require(root["added_tokens"] as? [[String: Any]])
        root["added_tokens"] = added.filter { $0["special"] as? Bool == true }
        let plain = try TestFiles.scratchFolder()
        try JSONSerialization.data(withJSONObject: root)
            .write(to: plain.appending(path: "tokenizer.json"))
        return plain
    }
}

extension String {
    fileprivate func precomposed(if applies: Bool) -> String {
        applies ? precomposedStringWithCanonicalMapping : self
    }
}

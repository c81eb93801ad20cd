import FileFormats
import Foundation
import Records
import TestSupport
import Testing
import Tokenizers

struct EncodingTests {
    @Test(
        .enabled(if: TestFiles.defaultModel != nil, "needs the default model")
    )
    func smollm2AgreesWithHuggingFace() throws {
        let tokenizer = try Fixture.smollm2()
        let fixture = try Fixture.json("smollm2.json")
        let cases = Fixture.cases(fixture["cases"])
        try #require(cases.count == 300)
        for (text, ids) in cases {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
        for pair in fixture["decoded"]?.array ?? [] {
            let ids = (pair.array?.first?.array ?? []).compactMap(\.integer)
            #expect(tokenizer.decode(ids).utf8.elementsEqual((pair.array?.last?.string ?? "").utf8))
        }
    }

    @Test(arguments: Fixture.tinyKinds)
    func tinyTokenizersAgreeWithHuggingFace(kind: String) throws {
        let tokenizer = try Fixture.tiny(kind)
        #expect(tokenizer.eosID == tokenizer.id(for: "<|im_end|>"))
        let cases = Fixture.cases(try Fixture.json("tiny-\(kind)/expected.json"))
        try #require(cases.count == 58)
        for (text, ids) in cases {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
    }

    /// The same vocabulary through GGUF's keys gives the same ids.
    @Test(arguments: [("gpt2", "gpt-2"), ("smollm", "smollm"), ("qwen2", "qwen2")])
    func ggufAgreesWithFolder(kind: String, pre: String) throws {
        let folder = try Fixture.tiny(kind)
        let gguf = try Tokenizer(
            ggufMetadata: try GGUFMetadata.make(kind: kind, pre: pre),
            source: "tiny.gguf"
        )
        let plain = Fixture.cases(try Fixture.json("tiny-\(kind)/expected.json")).dropFirst(8)
        for (text, ids) in plain where !text.contains("patient") {
            #expect(gguf.encode(text) == ids, "\(text.debugDescription)")
        }
        #expect(gguf.vocabularySize == folder.vocabularySize)
        #expect(gguf.eosID == folder.eosID)
        #expect(gguf.chatTemplate?.source == "{{ bos_token }}")
    }

    /// "ab" is a token, "abc" and "bc" are; the merges a+b (rank 0), b+c (1), ab+c (2) take
    /// "abc" to one token, "bcab" to bc, ab; and the leftmost of equal ranks first: "aab" is
    /// a, ab.
    @Test func lowestRankMergesFirst() throws {
        let tokenizer = try Tokenizer(
            ggufMetadata: GGUFMetadata.make(
                tokens: ["a", "b", "c", "ab", "bc", "abc"],
                merges: ["a b", "b c", "ab c"]
            ),
            source: "abc.gguf"
        )
        #expect(tokenizer.encode("abc") == [5])
        #expect(tokenizer.encode("bcab") == [4, 3])
        #expect(tokenizer.encode("aab") == [0, 3])
        // d has no token and is left out, as in Hugging Face's.
        #expect(tokenizer.encode("adb") == [3])
    }

    /// 41 symbols and more take the heap; both ways must agree.
    @Test func longWordsMergeLikeShortOnes() throws {
        let tokenizer = try Tokenizer(
            ggufMetadata: GGUFMetadata.make(
                tokens: ["a", "b", "aa", "ab", "aaab"],
                merges: ["a a", "a b", "aa ab"]
            ),
            source: "long.gguf"
        )
        // Each "aaab" is aa, ab and then one token; the pairs of different ones never merge.
        for count in [1, 5, 10, 11, 100, 1_000] {
            let word = String(repeating: "aaab", count: count)
            #expect(tokenizer.encode(word) == Array(repeating: 4, count: count))
        }
        // A run of a's pairs up from the left: 81 of them are 40 pairs and one.
        #expect(
            tokenizer.encode(String(repeating: "a", count: 81))
                == Array(repeating: 2, count: 40) + [0]
        )
    }

    @Test func specialTokensInTextCanBeText() throws {
        let tokenizer = try Fixture.tiny("gpt2")
        let end = try #require(tokenizer.id(for: "<|im_end|>"))
        #expect(tokenizer.encode("<|im_end|>") == [end])
        let asText = tokenizer.encode("<|im_end|>", parseSpecial: false)
        #expect(!asText.contains(end))
        #expect(tokenizer.decode(asText) == "<|im_end|>")
        #expect(tokenizer.decode([end], skipSpecial: true).isEmpty)
    }
}

/// GGUF metadata made in the test.
enum GGUFMetadata {
    static func make(
        tokens: [String],
        merges: [String],
        pre: String = "gpt-2"
    ) -> [String: GGUFValue] {
        [
            "tokenizer.ggml.model": .string("gpt2"), "tokenizer.ggml.pre": .string(pre),
            "tokenizer.ggml.tokens": .array(tokens.map { .string($0) }),
            "tokenizer.ggml.merges": .array(merges.map { .string($0) }),
        ]
    }

    /// A tiny tokenizer's folder in GGUF's keys.
    static func make(kind: String, pre: String) throws -> [String: GGUFValue] {
        let root = try Fixture.json("tiny-\(kind)/tokenizer.json")
        var tokens: [Int: (text: String, type: Int64)] = [:]
        for (text, id) in root["model"]?["vocab"]?.object ?? [:] {
            tokens[try #require(id.integer)] = (text, 1)
        }
        for token in root["added_tokens"]?.array ?? [] {
            let type: Int64 = token["special"]?.bool == true ? 3 : 4
            tokens[try #require(token["id"]?.integer)] = (token["content"]?.string ?? "", type)
        }
        let sorted = tokens.sorted { $0.key < $1.key }.map(\.value)
        let merges = (root["model"]?["merges"]?.array ?? []).map { merge in
            (merge.array ?? []).compactMap(\.string).joined(separator: " ")
        }
        var metadata = make(tokens: sorted.map(\.text), merges: merges, pre: pre)
        metadata["tokenizer.ggml.token_type"] = .array(sorted.map { .signed($0.type) })
        metadata["tokenizer.ggml.bos_token_id"] = .unsigned(1)
        metadata["tokenizer.ggml.eos_token_id"] = .unsigned(2)
        metadata["tokenizer.chat_template"] = .string("{{ bos_token }}")
        return metadata
    }
}

import FileFormats
import Foundation
import TestSupport
import Testing
import Tokenizers

struct LoadingErrorTests {
    private static let good = GGUFMetadata.make(
        tokens: ["a", "b", "ab"],
        merges: ["a b"]
    )

    /// A change to good metadata, the key that the error names, and a word of the reason.
    @Test(
        arguments: [
            ("tokenizer.ggml.model", nil, "missing"),
            ("tokenizer.ggml.model", .string("llama"), "'llama' is not supported"),
            ("tokenizer.ggml.pre", nil, "missing"),
            ("tokenizer.ggml.pre", .string("viking"), "'viking' is not supported"),
            ("tokenizer.ggml.tokens", nil, "missing"),
            ("tokenizer.ggml.tokens", .string("a"), "another type"),
            ("tokenizer.ggml.tokens", .array([.unsigned(1)]), "entry 0"),
            ("tokenizer.ggml.merges", nil, "missing"),
            ("tokenizer.ggml.merges", .array([.string("a b"), .string("a c")]), "merge 2"),
            ("tokenizer.ggml.merges", .array([.string("ab")]), "merge 1"),
            ("tokenizer.ggml.merges", .array([.string("b a")]), "merge 1"),
            ("tokenizer.ggml.merges", .array([.bool(true)]), "entry 0"),
            ("tokenizer.ggml.token_type", .array([.signed(1)]), "1 entries for 3 tokens"),
            (
                "tokenizer.ggml.token_type", .array([.signed(1), .signed(9), .signed(1)]), "entry 1"
            ),
            ("tokenizer.ggml.eos_token_id", .unsigned(3), "outside the vocabulary of 3"),
            ("tokenizer.ggml.bos_token_id", .signed(-1), "outside"),
            ("tokenizer.ggml.padding_token_id", .string("x"), "another type"),
            ("tokenizer.ggml.add_bos_token", .unsigned(1), "another type"),
        ] as [(String, GGUFValue?, String)]
    )
    func gguf(key: String, value: GGUFValue?, reason: String) throws {
        var metadata = Self.good
        metadata[key] = value
        let error = try #require(throws: TokenizerError.self) {
            try Tokenizer(ggufMetadata: metadata, source: "m.gguf")
        }
        #expect(error.source == "m.gguf")
        #expect(error.item == key)
        #expect(error.reason.contains(reason), "\(error)")
    }

    /// A replacement in a good `tokenizer.json`, and what the error names.
    @Test(arguments: [
        (#""type":"BPE""#, #""type":"Unigram""#, "model.type"),
        (#""byte_fallback":false"#, #""byte_fallback":true"#, "model.byte_fallback"),
        (#""type":"ByteLevel","add_prefix_space":false"#, #""type":"Metaspace""#, "pre_tokenizer"),
        (#""add_prefix_space":false"#, #""add_prefix_space":true"#, "pre_tokenizer"),
        (#""normalizer":null"#, #""normalizer":{"type":"Lowercase"}"#, "normalizer"),
        (#""post_processor":null"#, #""post_processor":{"type":"X"}"#, "post_processor"),
        (#""merges":[["#, #""merges":[["zz","a"],["#, "model.merges"),
        (#""<|im_end|>":2"#, #""<|im_end|>":1"#, "model.vocab"),
        (#""<|im_end|>":2"#, #""<|im_end|>":99999999999"#, "model.vocab"),
        (#""content":"<think>""#, #""text":"""#, "added_tokens"),
        (#"{"version""#, #"{version"#, "line 1"),
    ])
    func tokenizerJSON(old: String, new: String, item: String) throws {
        let folder = try copyOfTiny()
        let file = folder.appending(path: "tokenizer.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains(old))
        let range = try #require(text.range(of: old))
        try text.replacingCharacters(in: range, with: new)
            .write(to: file, atomically: true, encoding: .utf8)
        let error = try #require(throws: TokenizerError.self) { try Tokenizer(folder: folder) }
        #expect(error.source == file.path)
        #expect(error.item == item, "\(error)")
    }

    @Test func aRoleNeedsItsToken() throws {
        let folder = try copyOfTiny()
        try write(#"{"eos_token":{"content":"</s>"}}"#, folder, "tokenizer_config.json")
        let error = try #require(throws: TokenizerError.self) { try Tokenizer(folder: folder) }
        #expect(error.item == "eos_token")
    }

    @Test func anEmptyFolderIsRefused() throws {
        let folder = try TestFiles.scratchFolder()
        let error = try #require(throws: TokenizerError.self) { try Tokenizer(folder: folder) }
        #expect(error.source == folder.path)
    }

    @Test(arguments: ["YQ== 0\nYg== 2\n", "YQ== 0\n??\n", "YQ=== 0\n", "", "\n\u{1}\u{2} 0\n"])
    func tiktoken(text: String) throws {
        let folder = try TestFiles.scratchFolder()
        try write(text, folder, "tokenizer.model")
        #expect(throws: TokenizerError.self) { try Tokenizer(folder: folder) }
    }

    @Test func vocabularyFilesNeedTheirClass() throws {
        let folder = try TestFiles.scratchFolder()
        try write(#"{"a":0,"b":1,"ab":2}"#, folder, "vocab.json")
        try write("#version: 0.2\r\na b\r\n", folder, "merges.txt")
        let error = try #require(throws: TokenizerError.self) { try Tokenizer(folder: folder) }
        #expect(error.item == "tokenizer_class")
        try write(#"{"tokenizer_class":"GPT2Tokenizer"}"#, folder, "tokenizer_config.json")
        #expect(try Tokenizer(folder: folder).encode("abb") == [2, 1])
    }

    /// The template is looked for in each of its places; a broken one fails where it is used.
    @Test func chatTemplatesHaveThreePlaces() throws {
        let folder = try copyOfTiny()
        try write(
            #"{"chat_template":[{"name":"tool","template":"t"},"#
                + #"{"name":"default","template":"c"}]}"#,
            folder,
            "tokenizer_config.json"
        )
        #expect(try Tokenizer(folder: folder).chatTemplate?.source == "c")
        try write(#"{"chat_template":"j"}"#, folder, "chat_template.json")
        #expect(try Tokenizer(folder: folder).chatTemplate?.source == "j")
        try write("{% if %}", folder, "chat_template.jinja")
        let template = try #require(try Tokenizer(folder: folder).chatTemplate)
        #expect(throws: TemplateError.self) { try template.render(context: [:]) }
    }

    private func copyOfTiny() throws -> URL {
        let folder = try TestFiles.scratchFolder()
        for name in ["tokenizer.json", "tokenizer_config.json"] {
            let source = Fixture.folder.appending(path: "tiny-gpt2/\(name)")
            try Data(contentsOf: source).write(to: folder.appending(path: name))
        }
        return folder
    }

    private func write(_ text: String, _ folder: URL, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }
}

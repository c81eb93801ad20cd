import FileFormats
import Foundation
import Records
import TestSupport
import Tokenizers

/// What several of these tests read.
enum Fixture {
    static let folder = TestFiles.fixtures.appending(path: "tokenizers")

    /// The vocabularies that `tokenizer_fixtures.py` trained, by how they split text.
    static let tinyKinds = ["gpt2", "smollm", "llama3", "qwen2"]

    static func json(_ path: String) throws -> JSONValue {
        try JSONDocument.read(folder.appending(path: path))
    }

    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: path).path)
    }

    static func tiny(_ kind: String) throws -> Tokenizer {
        try Tokenizer(folder: folder.appending(path: "tiny-\(kind)"))
    }

    /// SmolLM2's tokenizer from the default model, which the tests ask for first.
    static func smollm2() throws -> Tokenizer {
        guard let url = TestFiles.defaultModel else { throw CocoaError(.fileNoSuchFile) }
        return try Tokenizer(ggufMetadata: try GGUF(url: url).metadata, source: url.path)
    }

    /// Pairs of a text and its ids.
    static func cases(_ value: JSONValue?) -> [(text: String, ids: [Int])] {
        (value?.array ?? []).map { pair in
            let parts = pair.array ?? []
            return (parts.first?.string ?? "", (parts.last?.array ?? []).compactMap(\.integer))
        }
    }

    static func conversation(_ turns: (role: String, content: String)...) -> [Message] {
        turns.map { Message(role: $0.role, content: $0.content) }
    }
}

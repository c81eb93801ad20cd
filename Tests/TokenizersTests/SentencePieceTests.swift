import Foundation
import Records
import TestSupport
import Testing

@testable import Tokenizers

/// The small model that `sentencepiece_fixtures.py` trained: ids by Hugging Face `tokenizers`, which
/// the script compared with SentencePiece.
struct SentencePieceTests {
    /// `normalizer`, `pre_tokenizer` and settings of the model, by the names in `expected.json`.
    static let schemes: [(name: String, normalizer: String, preTokenizer: String)] = [
        ("prepend", prepend, "null"), ("unknown", prepend, "null"), ("fused", prepend, "null"),
        ("replace", replace, "null"), ("first", "null", metaspace("first", splits: false)),
        ("always", "null", metaspace("always", splits: false)),
        ("never", "null", metaspace("never", splits: false)),
        ("split", "null", metaspace("always", splits: true)),
    ]

    private static let replace =
        #"{"type":"Replace","pattern":{"String":" "},"content":"▁"}"#
    private static let prepend =
        #"{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},"# + replace + "]}"

    private static func metaspace(_ scheme: String, splits: Bool) -> String {
        #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"\#(scheme)","split":\#(splits)}"#
    }

    private let expected: JSONValue
    private let texts: [String]

    init() throws {
        expected = try Fixture.json("tiny-spm/expected.json")
        texts = (expected["texts"]?.array ?? []).compactMap(\.string)
        try #require(texts.count >= 70)
    }

    @Test(arguments: schemes.map(\.name))
    func tokenizerJSONAgreesWithHuggingFace(scheme: String) throws {
        let tokenizer = try Tokenizer(folder: try folder(scheme))
        for (text, ids) in try cases(scheme) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
        #expect(tokenizer.prefix == [1])
        #expect(tokenizer.encode("", addSpecial: true) == [1])
    }

    /// The same vocabulary as SentencePiece's own file, with its scores in place of merges.
    @Test(arguments: [("prepend", "true"), ("first", "false")])
    func modelFileAgreesWithSentencePiece(scheme: String, legacy: String) throws {
        let tokenizer = try Tokenizer(folder: try modelFolder(legacy: legacy))
        for (text, ids) in try cases(scheme) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
        #expect(tokenizer.bosID == 1 && tokenizer.eosID == 2 && tokenizer.unkID == 0)
        #expect(tokenizer.prefix == [1])
        let json = try Tokenizer(folder: try folder(scheme))
        #expect(tokenizer.vocabularySize == json.vocabularySize)
        for id in 0..<json.vocabularySize {
            #expect(
                tokenizer.token(for: id)?.utf8.elementsEqual(json.token(for: id)?.utf8 ?? "".utf8)
                    == true)
            #expect(tokenizer.isSpecial(id) == json.isSpecial(id))
        }
    }

    /// Bytes that are valid in part only are SentencePiece's: the valid part stays.
    @Test func decodesLikeSentencePiece() throws {
        let tokenizer = try Tokenizer(folder: try folder("prepend"))
        let decoded = expected["decoded"]?.array ?? []
        try #require(decoded.count == 40)
        for pair in decoded {
            let ids = (pair.array?.first?.array ?? []).compactMap(\.integer)
            let text = pair.array?.last?.string ?? ""
            #expect(tokenizer.decode(ids).utf8.elementsEqual(text.utf8), "\(ids)")
            #expect(streamed(ids, tokenizer).joined().utf8.elementsEqual(text.utf8), "\(ids)")
        }
    }

    /// What was encoded comes back, and in whole characters; the space in front goes once. Behind an
    /// added token this kind puts another, which stays, as in transformers.
    @Test func encodedTextComesBack() throws {
        let tokenizer = try Tokenizer(folder: try folder("prepend"))
        let added = ["mmHg", "<|im_start|>"]
        for text in texts
        where !text.contains("▁") && !text.isEmpty && !added.contains(where: text.contains) {
            let ids = tokenizer.encode(text, parseSpecial: false)
            #expect(tokenizer.decode(ids).utf8.elementsEqual(text.utf8), "\(text.debugDescription)")
            let pieces = streamed(ids, tokenizer)
            #expect(pieces.joined().utf8.elementsEqual(text.utf8))
        }
    }

    /// A line break is a byte of its own and comes at once; the four bytes of an emoji wait.
    @Test func bytesComeAsCharacters() throws {
        let tokenizer = try Tokenizer(folder: try folder("prepend"))
        let bytes = try ([0x0A] + Array("😶".utf8)).map { byte in
            try #require(tokenizer.id(for: ByteToken.text(of: byte)))
        }
        var decoder = StreamingDecoder(tokenizer: tokenizer)
        #expect(bytes.map { decoder.append($0) } == ["\n", "", "", "", "😶"])
        #expect(bytes[1...3].map { decoder.append($0) } == ["", "", ""])
        #expect(decoder.append(bytes[0]) == "\u{FFFD}\u{FFFD}\u{FFFD}\n")
        #expect(decoder.append(bytes[1]) == "")
        #expect(decoder.flush() == "\u{FFFD}")
        // The next text again loses the space in front.
        let space = try #require(tokenizer.id(for: "▁"))
        #expect([space, space].map { decoder.append($0) } == ["", " "])
    }

    /// A text that is continued gets no space in front, whatever the scheme.
    @Test(arguments: ["prepend", "first", "always", "never"])
    func continuationsBeginAsTheyAre(scheme: String) throws {
        let tokenizer = try Tokenizer(folder: try folder(scheme))
        let ids = tokenizer.encode("the", imageToken: nil, isContinuation: true)
        #expect(tokenizer.token(for: try #require(ids.first))?.hasPrefix("▁") == false)
        let words = tokenizer.encode(" the", imageToken: nil, isContinuation: true)
        #expect(tokenizer.token(for: try #require(words.first))?.hasPrefix("▁") == true)
    }

    @Test(arguments: [
        (
            #""type":"Metaspace","replacement":"▁""#, #""type":"Metaspace","replacement":"_""#,
            "pre_tokenizer"
        ),
        (#""prepend_scheme":"first""#, #""prepend_scheme":"last""#, "pre_tokenizer"),
        (#""type":"Strip","content":" ""#, #""type":"Strip","content":"x""#, "decoder"),
        (#"{"type":"Fuse"},"#, "", "decoder"),
        (#""normalizer":null"#, #""normalizer":{"type":"NFKC"}"#, "normalizer"),
        (#""unk_token":null"#, #""unk_token":"<none>""#, "model.unk_token"),
        (#""type":"BPE""#, #""type":"Unigram""#, "model.type"),
    ])
    func whatIsNotKnownIsRefused(old: String, new: String, item: String) throws {
        let folder = try folder("first")
        let file = folder.appending(path: "tokenizer.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains(old))
        try Data(text.replacing(old, with: new).utf8).write(to: file)
        let error = try #require(throws: TokenizerError.self) { try Tokenizer(folder: folder) }
        #expect(error.item == item, "\(error)")
    }

    private func cases(_ scheme: String) throws -> [(String, [Int])] {
        let lists = expected["ids"]?[scheme]?.array ?? []
        try #require(lists.count == texts.count)
        return zip(texts, lists).map { ($0, ($1.array ?? []).compactMap(\.integer)) }
    }

    private func streamed(_ ids: [Int], _ tokenizer: Tokenizer) -> [String] {
        var decoder = StreamingDecoder(tokenizer: tokenizer)
        return ids.map { decoder.append($0) } + [decoder.flush()]
    }

    /// The tokenizer's folder with another treatment of spaces.
    private func folder(_ name: String) throws -> URL {
        let scheme = try #require(Self.schemes.first { $0.name == name })
        let source = Fixture.folder.appending(path: "tiny-spm")
        var text = try String(
            contentsOf: source.appending(path: "tokenizer.json"), encoding: .utf8)
        let first = try #require(Self.schemes.first { $0.name == "first" }).preTokenizer
        try #require(text.contains(#""normalizer":null,"pre_tokenizer":"# + first))
        text = text.replacing(
            #""normalizer":null,"pre_tokenizer":"# + first,
            with: #""normalizer":\#(scheme.normalizer),"pre_tokenizer":\#(scheme.preTokenizer)"#)
        if ["unknown", "fused"].contains(name) {
            text = text.replacing(#""unk_token":null"#, with: #""unk_token":"<unk>""#)
                .replacing(#""byte_fallback":true"#, with: #""byte_fallback":false"#)
                .replacing(#""fuse_unk":true"#, with: #""fuse_unk":\#(name == "fused")"#)
        }
        let folder = try TestFiles.scratchFolder()
        try Data(text.utf8).write(to: folder.appending(path: "tokenizer.json"))
        try Data(contentsOf: source.appending(path: "tokenizer_config.json"))
            .write(to: folder.appending(path: "tokenizer_config.json"))
        return folder
    }

    private func modelFolder(legacy: String) throws -> URL {
        let source = Fixture.folder.appending(path: "tiny-spm")
        let folder = try TestFiles.scratchFolder()
        try Data(contentsOf: source.appending(path: "tokenizer.model"))
            .write(to: folder.appending(path: "tokenizer.model"))
        let settings = try String(
            contentsOf: source.appending(path: "tokenizer_config.json"), encoding: .utf8)
        try #require(settings.contains(#""legacy":true"#))
        try Data(settings.replacing(#""legacy":true"#, with: #""legacy":\#(legacy)"#).utf8)
            .write(to: folder.appending(path: "tokenizer_config.json"))
        return folder
    }
}

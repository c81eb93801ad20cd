import FileFormats
import Foundation

/// Reads Llama 3's `tokenizer.model`, in tiktoken's format: a token in base64 and its rank a line.
///
/// Any two neighbours merge that form a token, the one of lowest rank first. The file does not
/// hold the special tokens, so Llama 3.1's are added behind.
struct TiktokenReader {
    let folder: TokenizerFolder

    func parts(_ file: MappedFile) throws(TokenizerError) -> TokenizerParts {
        let tokens = try tokens(file)
        let added = Llama3Tokens.names.enumerated().map { index, name in
            AddedToken(id: tokens.count + index, text: name, isSpecial: true)
        }
        var vocabulary = Vocabulary(capacity: tokens.count + added.count)
        for token in tokens { vocabulary.append(bytes: token) }
        let merges = merges(tokens, vocabulary)
        for token in added { vocabulary.append(token.text, kind: .special) }
        var specials = try folder.specialIDs(vocabulary)
        specials.bos = specials.bos ?? vocabulary.id(ofText: Llama3Tokens.beginOfText)
        specials.eos = specials.eos ?? vocabulary.id(ofText: Llama3Tokens.endOfText)
        var parts = TokenizerParts(
            vocabulary: vocabulary,
            encoder: BytePairEncoder(
                vocabulary: vocabulary,
                merges: merges,
                keepsWholeWords: true
            ),
            preTokenizer: .llama3(digits: 3),
            added: added,
            specials: specials
        )
        parts.prefix = [specials.bos].compactMap { $0 }
        parts.chatTemplate = try folder.chatTemplate(specials.templateVariables(vocabulary))
        return parts
    }

    private func tokens(_ file: MappedFile) throws(TokenizerError) -> [[UInt8]] {
        defer { withExtendedLifetime(file) {} }
        var tokens: [[UInt8]] = []
        for line in file.bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count == 2, let token = Base64.decode(fields[0]), !token.isEmpty,
                Int(String(decoding: fields[1], as: UTF8.self)) == tokens.count
            else {
                throw TokenizerError(
                    source: file.path,
                    item: "line \(tokens.count + 1)",
                    reason: "is not a token in base64 and its rank"
                )
            }
            tokens.append(token)
        }
        guard !tokens.isEmpty else { throw TokenizerError(source: file.path, reason: "is empty") }
        return tokens
    }

    /// Every way to cut a token into two tokens, with the token's own rank.
    private func merges(_ tokens: [[UInt8]], _ vocabulary: Vocabulary) -> MergeTable {
        var pairs: [(left: Int, right: Int, id: Int)] = []
        pairs.reserveCapacity(tokens.count * 3)
        for (id, token) in tokens.enumerated() where token.count > 1 {
            token.withUnsafeBufferPointer { bytes in
                for cut in 1..<bytes.count {
                    let left = vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes[..<cut]))
                    guard let left else { continue }
                    let right = vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes[cut...]))
                    if let right { pairs.append((left, right, id)) }
                }
            }
        }
        var table = MergeTable(capacity: pairs.count)
        for pair in pairs { table.insert(pair.left, pair.right, rank: pair.id, id: pair.id) }
        return table
    }
}

/// The special tokens of Llama 3.1, in the order of their ids.
enum Llama3Tokens {
    static let beginOfText = "<|begin_of_text|>"
    static let endOfText = "<|end_of_text|>"

    static let names: [String] = {
        let first = [
            beginOfText, endOfText, reserved(0), reserved(1), "<|finetune_right_pad_id|>",
            reserved(2), "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>",
            "<|python_tag|>",
        ]
        return first + (3...247).map(reserved)
    }()

    private static func reserved(_ number: Int) -> String {
        "<|reserved_special_token_\(number)|>"
    }
}

import FileFormats
import Foundation
import Records

/// The token that stands for an image among the ids of a text.
public struct ImageToken: Sendable, Hashable {
    public let id: Int
    /// How chat templates spell it: `<image>`, `<|image_pad|>`.
    public let text: String

    /// The token of an id.
    ///
    /// - Throws: `TokenizerError` when the vocabulary has no such id, or when text without the token
    ///   could become it.
    public init(id: Int, in tokenizer: Tokenizer) throws(TokenizerError) {
        let kind = tokenizer.vocabulary.kind(of: id)
        guard kind == .special || kind == .added, let text = tokenizer.token(for: id),
            !text.isEmpty
        else {
            throw TokenizerError(
                source: "tokenizer", item: "\(id)",
                reason: "this id, which is to stand for images, is none of an added token")
        }
        self.id = id
        self.text = text
    }

    /// The token that a model's `config.json` names: `image_token_index` (LLaVA) or
    /// `image_token_id` (Qwen2-VL).
    ///
    /// - Returns: nil where the configuration names none: the model reads no images.
    /// - Throws: `TokenizerError` when the vocabulary has not what it names.
    public static func read(
        configuration: JSONValue, tokenizer: Tokenizer
    ) throws(TokenizerError) -> ImageToken? {
        let named = configuration["image_token_index"] ?? configuration["image_token_id"]
        guard let named, named != .null else { return nil }
        return try ImageToken(id: named.integer ?? -1, in: tokenizer)
    }

    /// The token that the `config.json` of a folder names.
    ///
    /// - Returns: nil where there is no such file, or where it names none.
    /// - Throws: `TokenizerError` when the file is damaged or the vocabulary has not what it names.
    public static func read(
        folder: URL, tokenizer: Tokenizer
    ) throws(TokenizerError) -> ImageToken? {
        let files = try TokenizerFolder(url: folder)
        guard files.has("config.json") else { return nil }
        return try read(configuration: try files.json("config.json"), tokenizer: tokenizer)
    }
}

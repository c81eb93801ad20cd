import Records
import Tokenizers

/// A model's own tokenizer and chat template.
public struct TokenizerEncoding: TextEncoding {
    /// The model's own tokenizer.
    public let tokenizer: Tokenizer
    /// The tokenizer's end-of-sequence id.
    public let endOfText: Int32
    /// What stands for an image; nil for a model of text.
    public let imageToken: ImageToken?
    /// Tells how many tokens an image takes; nil for a model of text.
    public let measuring: (any ImageMeasuring)?

    // A model without a template still trains on text.
    private let renderer: Result<ChatRenderer, ChatError>

    /// - Parameters:
    ///   - imageToken: what stands for an image; nil for a model of text.
    ///   - measuring: tells how many tokens an image takes.
    /// - Throws: `DatasetError.noEndOfText` when the tokenizer has no id that ends a text.
    public init(
        _ tokenizer: Tokenizer,
        imageToken: ImageToken? = nil,
        measuring: (any ImageMeasuring)? = nil
    ) throws(DatasetError) {
        guard let eos = tokenizer.eosID else { throw .noEndOfText }
        self.tokenizer = tokenizer
        self.measuring = measuring
        endOfText = Int32(eos)
        self.imageToken = imageToken
        renderer = Result { () throws(ChatError) in
            try ChatRenderer(tokenizer: tokenizer, imageToken: imageToken)
        }
    }

    /// The id that stands for an image; nil for a model of text.
    public var imageTokenID: Int32? { imageToken.map { Int32($0.id) } }

    /// The ids of plain text, special tokens spelled out in it parsed as transformers does.
    ///
    /// Where the model reads images, each `ImageReference.placeholder` is one, and the image token
    /// spelled out is text.
    public func encode(_ text: String, beginning: Bool) -> [Int32] {
        let ids = tokenizer.encode(
            text, imageToken: imageToken, isContinuation: !beginning)
        return (beginning ? tokenizer.prefix + ids : ids).map(Int32.init)
    }

    /// The conversation through the model's chat template.
    ///
    /// - Throws: `ChatError`, also when the model has no chat template.
    public func render(_ messages: [Message]) throws -> RenderedConversation {
        let (ids, mask) = try renderer.get().encode(messages)
        return RenderedConversation(tokenIDs: ids.map(Int32.init), isAssistant: mask)
    }

    /// The conversation up to where the assistant's answer begins.
    ///
    /// - Throws: `ChatError`, also when the model has no chat template.
    public func renderPrompt(_ messages: [Message]) throws -> [Int32] {
        try renderer.get().encodePrompt(messages).map(Int32.init)
    }

    /// Text for ids, special ones included.
    public func decode(_ tokenIDs: [Int32]) -> String {
        tokenizer.decode(tokenIDs.map(Int.init))
    }
}

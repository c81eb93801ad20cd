import Records

/// What turns text and conversations into ids: a tokenizer with its chat template.
public protocol TextEncoding: Sendable {
    /// The id that ends a text.
    var endOfText: Int32 { get }

    /// The id that stands for an image: one for each `ImageReference.placeholder` of a text. Nil
    /// where the model reads no images.
    var imageTokenID: Int32? { get }

    /// Tells how many tokens an image takes; nil where the model reads no images.
    var measuring: (any ImageMeasuring)? { get }

    /// The ids of plain text.
    ///
    /// - Parameter beginning: whether the text begins a sequence: vocabularies that ask for a
    ///   beginning-of-text id get it here and nowhere else.
    func encode(_ text: String, beginning: Bool) -> [Int32]

    /// The conversation through the chat template.
    ///
    /// - Throws: what the template refuses; the description must not hold the conversation's text.
    func render(_ messages: [Message]) throws -> RenderedConversation

    /// The ids of a conversation after which the assistant's answer comes.
    ///
    /// - Throws: as `render`.
    func renderPrompt(_ messages: [Message]) throws -> [Int32]

    /// Text for ids, special ones included, for a person to read.
    func decode(_ tokenIDs: [Int32]) -> String
}

extension TextEncoding {
    /// None: a model of text.
    public var imageTokenID: Int32? { nil }
    /// None: a model of text.
    public var measuring: (any ImageMeasuring)? { nil }
}

/// A conversation as a model sees it.
public struct RenderedConversation: Sendable, Hashable {
    /// [S] ids of the vocabulary.
    public var tokenIDs: [Int32]
    /// [S] whether an assistant wrote the token; the end of its turn belongs to it.
    public var isAssistant: [Bool]

    /// A conversation with a mark for each of its tokens.
    public init(tokenIDs: [Int32], isAssistant: [Bool]) {
        self.tokenIDs = tokenIDs
        self.isAssistant = isAssistant
    }
}

import Records

/// Conversations as ids, with a mask of what the assistant wrote.
///
/// The assistant's part comes from rendering: from `{% generation %}` blocks where the template
/// has them, else from what each assistant turn adds to the prompt before it. The token that ends
/// the turn belongs to it, the line break behind does not. Text is tokenized in pieces cut where
/// those parts begin and end, so the ids before an answer are those of the prompt at inference.
///
/// Where a model reads images, a message has `ImageReference.placeholder` for each of them, and
/// the ids have the image token once for each, and nowhere else: who spells the token in a message
/// has written text. As with transformers' processors, what the tokenizer puts in front of texts
/// then stands before a conversation too, unless the template has it.
public struct ChatRenderer: Sendable {
    /// What makes ids of the text.
    public let tokenizer: Tokenizer
    /// What makes text of the messages.
    public let template: ChatTemplate
    /// The token that stands for an image; nil for a model of text.
    public let imageToken: ImageToken?
    /// More names for the template, `enable_thinking` say.
    public let variables: [String: JSONValue]

    private let form: ContentForm

    /// - Parameters:
    ///   - imageToken: The token that stands for an image; nil for a model of text.
    ///   - variables: More names for the template.
    /// - Throws: `ChatError.noTemplate` when the tokenizer has none.
    public init(
        tokenizer: Tokenizer,
        imageToken: ImageToken? = nil,
        variables: [String: JSONValue] = [:]
    ) throws(ChatError) {
        guard let template = tokenizer.chatTemplate else { throw .noTemplate }
        self.init(
            tokenizer: tokenizer, template: template, imageToken: imageToken, variables: variables)
    }

    /// A renderer with another template than the tokenizer's own.
    public init(
        tokenizer: Tokenizer,
        template: ChatTemplate,
        imageToken: ImageToken? = nil,
        variables: [String: JSONValue] = [:]
    ) {
        self.tokenizer = tokenizer
        self.template = template
        self.imageToken = imageToken
        self.variables = variables
        form = ContentForm.detect(template, imageToken, variables)
    }

    /// The conversation as the template writes it.
    public func text(
        _ messages: [Message],
        addGenerationPrompt: Bool
    ) throws(ChatError) -> String {
        guard let marks = marks(messages) else {
            return try rendering(messages, addGenerationPrompt).text
        }
        return marks.restored(try rendering(marks.disguised(messages), addGenerationPrompt).text)
    }

    /// The ids [S] of a whole conversation, and whether the assistant wrote each of them [S].
    ///
    /// When an assistant's message comes last, the ids before its part are those that
    /// `encodePrompt` gives for the messages before it.
    ///
    /// - Throws: `ChatError`, also when the template leaves out images, or writes them twice.
    public func encode(
        _ messages: [Message]
    ) throws(ChatError) -> (ids: [Int], assistantMask: [Bool]) {
        try encode(messages, addGenerationPrompt: false)
    }

    /// The ids [S] after which the assistant's answer comes.
    ///
    /// - Throws: as `encode`.
    public func encodePrompt(_ messages: [Message]) throws(ChatError) -> [Int] {
        try encode(messages, addGenerationPrompt: true).ids
    }

    func rendering(
        _ messages: some Collection<Message>,
        _ addGenerationPrompt: Bool
    ) throws(ChatError) -> TemplateRendering {
        let turns = messages.map { message in
            TemplateValue.message(role: message.role, content: form.value(message.content))
        }
        do {
            return try template.rendering(turns, addGenerationPrompt, variables)
        } catch {
            throw .template(error)
        }
    }

    private func marks(_ messages: [Message]) -> ImageMarks? {
        imageToken.map { ImageMarks($0, form, messages) }
    }

    private func encode(
        _ messages: [Message],
        addGenerationPrompt: Bool
    ) throws(ChatError) -> (ids: [Int], assistantMask: [Bool]) {
        let marks = marks(messages)
        let messages = marks?.disguised(messages) ?? messages
        let rendering = try rendering(messages, addGenerationPrompt)
        let text = Array(rendering.text.utf8)
        let parts = AssistantParts(renderer: self, messages: messages, text: text)
        var encoder = PieceEncoder(tokenizer: tokenizer, imageToken: imageToken)
        var mask: [Bool] = []
        var position = 0
        func append(_ end: Int, isAssistant: Bool) {
            let piece = String(decoding: text[position..<end], as: UTF8.self)
            encoder.append(marks?.pieces(piece) ?? [piece])
            mask += repeatElement(isAssistant, count: encoder.ids.count - mask.count)
            position = end
        }
        for part in try parts.ranges(generated: rendering.generated) {
            append(part.lowerBound, isAssistant: false)
            append(part.upperBound, isAssistant: true)
        }
        append(text.count, isAssistant: false)
        let prefix = try prefix(of: encoder, messages)
        return (prefix + encoder.ids, prefix.map { _ in false } + mask)
    }

    /// What stands before a conversation with images, or could have some, and is not there yet.
    ///
    /// - Throws: `ChatError.images` when there are more images than the messages have, or fewer.
    private func prefix(
        of encoder: PieceEncoder, _ messages: [Message]
    ) throws(ChatError) -> [Int] {
        guard imageToken != nil else { return [] }
        let images = ImageMarks.count(in: messages)
        guard encoder.images == images else {
            throw .images(found: encoder.images, expected: images)
        }
        return encoder.ids.starts(with: tokenizer.prefix) ? [] : tokenizer.prefix
    }
}

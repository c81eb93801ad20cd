import Records

/// Conversations as ids, with a mask of what the assistant wrote.
///
/// The assistant's part comes from rendering: from `{% generation %}` blocks where the template
/// has them, else from what each assistant turn adds to the prompt before it. The token that ends
/// the turn belongs to it, the line break behind does not. Text is tokenized in pieces cut where
/// those parts begin and end, so the ids before an answer are those of the prompt at inference.
public struct ChatRenderer: Sendable {
    /// What makes ids of the text.
    public let tokenizer: Tokenizer
    /// What makes text of the messages.
    public let template: ChatTemplate
    /// More names for the template, `enable_thinking` say.
    public let variables: [String: JSONValue]

    /// - Parameter variables: More names for the template.
    /// - Throws: `ChatError.noTemplate` when the tokenizer has none.
    public init(
        tokenizer: Tokenizer,
        variables: [String: JSONValue] = [:]
    ) throws(ChatError) {
        guard let template = tokenizer.chatTemplate else { throw .noTemplate }
        self.init(tokenizer: tokenizer, template: template, variables: variables)
    }

    /// A renderer with another template than the tokenizer's own.
    public init(
        tokenizer: Tokenizer,
        template: ChatTemplate,
        variables: [String: JSONValue] = [:]
    ) {
        self.tokenizer = tokenizer
        self.template = template
        self.variables = variables
    }

    /// The conversation as the template writes it.
    public func text(
        _ messages: [Message],
        addGenerationPrompt: Bool
    ) throws(ChatError) -> String {
        try rendering(messages, addGenerationPrompt).text
    }

    /// The ids [S] of a whole conversation, and whether the assistant wrote each of them [S].
    ///
    /// When an assistant's message comes last, the ids before its part are those that
    /// `encodePrompt` gives for the messages before it.
    public func encode(
        _ messages: [Message]
    ) throws(ChatError) -> (ids: [Int], assistantMask: [Bool]) {
        try encode(messages, addGenerationPrompt: false)
    }

    /// The ids [S] after which the assistant's answer comes.
    public func encodePrompt(_ messages: [Message]) throws(ChatError) -> [Int] {
        try encode(messages, addGenerationPrompt: true).ids
    }

    func rendering(
        _ messages: some Collection<Message>,
        _ addGenerationPrompt: Bool
    ) throws(ChatError) -> TemplateRendering {
        do {
            return try template.rendering(Array(messages), addGenerationPrompt, variables)
        } catch {
            throw .template(error)
        }
    }

    private func encode(
        _ messages: [Message],
        addGenerationPrompt: Bool
    ) throws(ChatError) -> (ids: [Int], assistantMask: [Bool]) {
        let rendering = try rendering(messages, addGenerationPrompt)
        let text = Array(rendering.text.utf8)
        let parts = AssistantParts(renderer: self, messages: messages, text: text)
        var ids: [Int] = []
        var mask: [Bool] = []
        var position = 0
        func append(_ end: Int, isAssistant: Bool) {
            let piece = tokenizer.encode(String(decoding: text[position..<end], as: UTF8.self))
            ids += piece
            mask += repeatElement(isAssistant, count: piece.count)
            position = end
        }
        for part in try parts.ranges(generated: rendering.generated) {
            append(part.lowerBound, isAssistant: false)
            append(part.upperBound, isAssistant: true)
        }
        append(text.count, isAssistant: false)
        return (ids, mask)
    }
}

/// Why a conversation cannot become ids; holds no text of it.
public enum ChatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The tokenizer has no chat template.
    case noTemplate
    /// The template is malformed, or refused the conversation.
    case template(TemplateError)
    /// What the template asks the assistant with, before this message, is not how the whole
    /// conversation begins; messages count from 0.
    case promptIsNoPrefix(message: Int)
    /// The template writes this message of the assistant otherwise when more messages follow.
    case turnChanges(message: Int)
    /// The template writes nothing for this message of the assistant.
    case emptyTurn(message: Int)
    /// The template wrote another number of images than the messages have.
    case images(found: Int, expected: Int)

    /// The message, counted from 1, and the reason.
    public var description: String {
        switch self {
        case .noTemplate: "the tokenizer has no chat template"
        case .template(let error): error.description
        case .promptIsNoPrefix(let message):
            "message \(message + 1): the chat template's generation prompt is not how the"
                + " conversation begins, so the assistant's part cannot be told"
        case .turnChanges(let message):
            "message \(message + 1): the chat template changes this turn when others follow, so"
                + " the assistant's part cannot be told"
        case .emptyTurn(let message):
            "message \(message + 1): the chat template writes nothing for this turn"
        case .images(let found, let expected):
            "the chat template writes \(found) of the conversation's \(expected) images"
        }
    }
}

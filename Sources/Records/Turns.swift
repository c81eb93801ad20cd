/// What is put to a model, or what it answers: plain text, or turns for a chat template.
public enum Turns: Sendable, Hashable {
    case text(String)
    case messages([Message])

    public var isConversational: Bool {
        if case .messages = self { true } else { false }
    }

    /// The turns; plain text is what a user says.
    public var asMessages: [Message] {
        switch self {
        case .text(let text): [Message(role: "user", content: text)]
        case .messages(let messages): messages
        }
    }
}

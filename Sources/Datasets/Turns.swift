import Records

/// One side of a record: plain text, or conversational turns for a chat template.
public enum Turns: Sendable, Hashable {
    case text(String)
    case messages([Message])

    var isConversational: Bool {
        if case .messages = self { true } else { false }
    }
}

/// One turn of a conversation.
public struct Message: Codable, Sendable, Hashable {
    /// Who speaks: `system`, `user`, `assistant`, or what else the chat template knows.
    public var role: String
    public var content: String

    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}

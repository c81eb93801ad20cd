import Records

/// A completion with what it answers.
public struct RewardInput: Sendable, Hashable {
    /// The record's id, if it has one.
    public let id: String?
    /// What was completed, as the record has it.
    public let prompt: Turns
    /// The images that its placeholders stand for.
    public let images: [ImageReference]
    /// The text without special tokens.
    public let completion: String
    /// Length of the completion in tokens, the end-of-turn token included.
    public let completionTokens: Int
    /// Whether it ran into the length limit before it ended.
    public let isTruncated: Bool
    /// The record's other columns.
    public let columns: [String: JSONValue]

    /// A completion to score.
    public init(
        id: String? = nil,
        prompt: Turns,
        images: [ImageReference] = [],
        completion: String,
        completionTokens: Int,
        isTruncated: Bool = false,
        columns: [String: JSONValue] = [:]
    ) {
        self.id = id
        self.prompt = prompt
        self.images = images
        self.completion = completion
        self.completionTokens = completionTokens
        self.isTruncated = isTruncated
        self.columns = columns
    }
}

extension Turns {
    /// The text, or the last turn of the user.
    var question: String {
        switch self {
        case .text(let text): text
        case .messages(let turns): turns.last { $0.role == "user" }?.content ?? ""
        }
    }
}

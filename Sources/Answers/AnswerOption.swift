/// An answer that may be given to a question.
public struct AnswerOption: Sendable, Hashable {
    /// What the model answers with: `B`, or the word itself as in yes/no/maybe.
    public let label: String
    /// What the option says.
    public let text: String

    /// An option with its label and text.
    public init(label: String, text: String) {
        self.label = label
        self.text = text
    }
}

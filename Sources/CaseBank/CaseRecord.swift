import Records

/// A case as a line of a training file, with what evaluations and rewards read of it.
public struct CaseRecord: Sendable, Hashable, Encodable {
    /// How the case is put to a model.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// `messages`: the question, which tells what the answer is to look like, and an answer to
        /// imitate.
        case messages
        /// `prompt`: the question alone; a system prompt tells what the answer is to look like.
        case prompt
        /// `messages` with a system prompt that asks for tags and an answer in them, for a model
        /// that is to learn from rewards for the form.
        case thinking
    }

    public let id: String
    public let messages: [Message]?
    public let prompt: [Message]?
    /// Without the options.
    public let question: String
    /// Texts by letter.
    public let options: [String: String]
    /// The letter of the right option.
    public let answer: String
    /// What the right option says.
    public let diagnosis: String
    public let specialty: String

    /// A case in one of its forms.
    public init(_ item: CaseItem, form: Form = .messages) {
        id = item.id
        messages =
            switch form {
            case .messages: item.messages
            case .prompt: nil
            case .thinking: item.thinkingMessages
            }
        prompt = form == .prompt ? [Message(role: "user", content: item.bareQuestion)] : nil
        question = "\(item.vignette) \(item.question)"
        options = Dictionary(
            item.options.map { ($0.letter, $0.text) }, uniquingKeysWith: { first, _ in first })
        answer = item.answer
        diagnosis = item.diagnosis
        specialty = item.specialty
    }
}

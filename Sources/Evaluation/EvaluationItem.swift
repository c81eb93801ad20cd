import Answers
import Records

/// One question of a task: what is asked, what may be answered, and what is right.
public struct EvaluationItem: Sendable, Hashable {
    /// Unique within its task; results of two systems are paired by it.
    public let id: String
    /// What accuracies are broken down by: the data set of a collection, or a specialty.
    public let group: String?
    /// The conversation that the model answers.
    public let messages: [Message]
    /// Two or more, with labels that differ.
    public let options: [AnswerOption]
    /// The label of the right option.
    public let gold: String

    /// A question with its options and right answer.
    public init(
        id: String,
        group: String? = nil,
        messages: [Message],
        options: [AnswerOption],
        gold: String
    ) {
        self.id = id
        self.group = group
        self.messages = messages
        self.options = options
        self.gold = gold
    }
}

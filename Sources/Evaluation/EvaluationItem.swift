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
    /// Two or more, with labels that differ; none for an open question.
    public let options: [AnswerOption]
    /// The label of the right option; of an open question the right answer.
    public let gold: String
    /// In the order of their places in the messages.
    public let images: [ImageReference]
    /// What else accuracies are broken down by, as `modality` and `task`.
    public let facets: [String: String]
    /// Questions of one number share an image: they are not independent. Nil where that is not
    /// known, or there are no images.
    public let cluster: Int?

    /// A question with its options and right answer.
    public init(
        id: String,
        group: String? = nil,
        messages: [Message],
        options: [AnswerOption],
        gold: String,
        images: [ImageReference] = [],
        facets: [String: String] = [:],
        cluster: Int? = nil
    ) {
        self.id = id
        self.group = group
        self.messages = messages
        self.options = options
        self.gold = gold
        self.images = images
        self.facets = facets
        self.cluster = cluster
    }

    /// Whether any words may answer it.
    public var isOpen: Bool { options.isEmpty }

    /// The same question about other images, one for each of its own.
    func with(images: [ImageReference]) -> EvaluationItem {
        EvaluationItem(
            id: id, group: group, messages: messages, options: options, gold: gold,
            images: images, facets: facets, cluster: cluster)
    }
}

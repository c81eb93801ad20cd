/// How a model's answer is found.
public enum EvaluationMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// The option that the model finds most likely as its reply. Never unparsable.
    case likelihood
    /// The option that the model's own reply settles on.
    case generation
}

/// How far an evaluation is: questions answered among all. After the last, both are equal.
public struct EvaluationProgress: Sendable, Hashable {
    public let done: Int
    public let total: Int

    public init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }
}

/// How a model's answer is found.
public enum EvaluationMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// The option that the model finds most likely as its reply. Never unparsable.
    case likelihood
    /// The option that the model's own reply settles on.
    case generation
}

/// How far an evaluation is.
public struct EvaluationProgress: Sendable, Hashable {
    /// Questions answered; `total` after the last.
    public let done: Int
    /// Questions asked.
    public let total: Int

    /// So many questions of so many.
    public init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }
}

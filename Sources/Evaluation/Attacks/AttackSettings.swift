/// How far an attack may move an image.
public enum AttackNorm: String, Sendable, Hashable, Codable, CaseIterable {
    /// The largest change of a value.
    case linf
    /// The Euclidean length of the change of all values together.
    case l2
}

/// How an attack moves an image.
public enum AttackMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// No attack but its control: a random change of the same size.
    case noise
    /// One step along the gradient (Goodfellow et al., 2015, arXiv:1412.6572).
    case fgsm
    /// Many small steps, each put back into the ball (Madry et al., 2018, arXiv:1706.06083).
    case pgd
}

/// What an attack makes less likely, or more.
public enum AttackGoal: String, Sendable, Hashable, Codable, CaseIterable {
    /// Lowers the log-likelihood of the gold answer.
    case gold
    /// Lowers the gold option's share among the options of its question.
    case options
    /// Raises the log-likelihood of the wrong option that is most likely on the clean image.
    case target
}

/// The settings that a curve over epsilon shares.
public struct AttackSettings: Sendable, Hashable, Codable {
    public var norm: AttackNorm
    public var goal: AttackGoal
    /// Steps of PGD.
    public var steps: Int
    /// A step of PGD as a share of epsilon.
    public var stepShare: Double
    /// Runs of PGD from different starts, of which each image keeps the one of the largest loss.
    public var restarts: Int
    /// Whether PGD starts at a random point of the ball; without, every run is the same.
    public var randomStart: Bool
    /// Of noise and starts.
    public var seed: UInt64

    public init(
        norm: AttackNorm = .linf, goal: AttackGoal = .gold, steps: Int = 10,
        stepShare: Double = 0.25, restarts: Int = 1, randomStart: Bool = true, seed: UInt64 = 0
    ) {
        (self.norm, self.goal, self.steps) = (norm, goal, steps)
        (self.stepShare, self.restarts) = (stepShare, restarts)
        (self.randomStart, self.seed) = (randomStart, seed)
    }

    enum CodingKeys: String, CodingKey {
        case norm, goal, steps, restarts, seed
        case stepShare = "step_share"
        case randomStart = "random_start"
    }
}

/// The ways of training: what a subcommand, a study's stage and the workbench call them.
public enum TrainingMethod: String, Codable, Sendable, Hashable, CaseIterable {
    /// Imitates answers.
    case sft
    /// Trains a reward model on pairs of answers.
    case reward
    /// Learns from pairs of a better and a worse answer.
    case dpo
    /// Learns from answers that are good or bad, each by itself.
    case kto
    /// Draws answers and learns from rewards, with a critic.
    case ppo
    /// Draws groups of answers and learns from rewards.
    case grpo
    /// The same, with the other answers' mean reward as the baseline.
    case rloo
}

extension TrainingMethod {
    /// The program's subcommand, which takes a recipe.
    public var subcommand: String { rawValue }

    /// What a record of its training file is.
    public enum Records: Sendable, Hashable {
        /// Answers to imitate.
        case examples
        /// A better and a worse answer.
        case pairs
        /// An answer that is good or bad.
        case judgements
        /// What answers are drawn to, with what rewards them.
        case prompts
    }

    /// What it reads.
    public var reads: Records {
        switch self {
        case .sft: .examples
        case .reward, .dpo: .pairs
        case .kto: .judgements
        case .ppo, .grpo, .rloo: .prompts
        }
    }

    /// What an adapter makes of the base model.
    public enum Result: Sendable, Hashable {
        /// A model that answers.
        case policy
        /// A model that scores answers.
        case rewardModel
    }

    /// What its run writes as its adapter.
    public var writes: Result { self == .reward ? .rewardModel : .policy }

    /// Whether it measures held-out records while it trains.
    public var validates: Bool { self != .ppo }

    /// The type of its recipe.
    public var recipe: any Recipe.Type {
        switch self {
        case .sft: SupervisedRecipe.self
        case .reward: RewardModelRecipe.self
        case .dpo: PreferenceRecipe.self
        case .kto: KTORecipe.self
        case .ppo: PPORecipe.self
        case .grpo: GRPORecipe.self
        case .rloo: RLOORecipe.self
        }
    }
}

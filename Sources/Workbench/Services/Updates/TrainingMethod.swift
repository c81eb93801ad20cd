import Feedback

/// The ways in which judgements change the model.
package enum TrainingMethod: String, Codable, Sendable, Hashable, CaseIterable {
    /// Imitates accepted and corrected answers.
    case sft
    /// Learns from pairs of a better and a worse answer.
    case dpo
    /// Learns from answers that are good or bad, each by itself.
    case kto
    /// Draws answers to the judged cases itself and learns from rewards.
    case grpo
    /// Trains a reward model on pairs; makes no version of the model.
    case reward

    /// What it is trained on.
    var dataset: JudgementDataset.Kind {
        switch self {
        case .sft: .feedback
        case .dpo, .grpo, .reward: .preference
        case .kto: .labelled
        }
    }

    /// What its data set consists of.
    var unit: String {
        switch self {
        case .sft: "accepted or corrected answers"
        case .dpo, .reward: "pairs of a better and a worse answer"
        case .kto: "answers that are good or bad"
        case .grpo: "judged cases"
        }
    }

    /// The fewest of them that it is trained on.
    static let fewest = 2
}

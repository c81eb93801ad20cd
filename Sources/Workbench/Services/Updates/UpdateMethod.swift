import Feedback
import Recipes

/// The ways in which judgements change the model: those of training that need nothing else.
package enum UpdateMethod: String, Codable, Sendable, Hashable, CaseIterable {
    case sft, dpo, kto, grpo
    /// Makes no version of the model.
    case reward

    package var training: TrainingMethod {
        switch self {
        case .sft: .sft
        case .dpo: .dpo
        case .kto: .kto
        case .grpo: .grpo
        case .reward: .reward
        }
    }

    /// The judgements that it learns from.
    var dataset: JudgementDataset.Kind {
        switch training.reads {
        case .examples: .feedback
        case .pairs, .prompts: .preference
        case .judgements: .labelled
        }
    }

    /// What its data set consists of.
    var unit: String {
        switch training.reads {
        case .examples: "accepted or corrected answers"
        case .pairs: "pairs of a better and a worse answer"
        case .judgements: "answers that are good or bad"
        case .prompts: "judged cases"
        }
    }

    /// The fewest of them that it is trained on.
    static let fewest = 2
}

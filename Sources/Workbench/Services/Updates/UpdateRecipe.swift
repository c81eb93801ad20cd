import Recipes
import Rewards

/// The recipe of one training from judgements: few records, few steps, small learning rates.
struct UpdateRecipe: Sendable {
    let method: UpdateMethod
    /// Optimizer steps.
    let steps: Int
    /// As YAML, a key a line; what it does not say is the method's default.
    let text: String

    /// - Parameters:
    ///   - source: what is trained, and on what.
    ///   - rewards: of `grpo`.
    /// - Throws: ``RecipeError`` where a value cannot be written.
    init(
        _ method: UpdateMethod, _ source: Source, rewards: [RewardSpecification] = []
    ) throws(RecipeError) {
        let preset = Preset(method)
        let batch = min(source.count, preset.recordsPerStep)
        let perEpoch = (source.count + batch - 1) / batch
        let bounds = preset.steps
        let steps = min(max(preset.epochs * perEpoch, bounds.lowerBound), bounds.upperBound)
        func draft<Method: MethodSettings>(_: Method.Type) -> RecipeDraft<Method> {
            var draft = RecipeDraft<Method>()
            source.set(in: &draft, steps: steps)
            draft.set(
                \.settings, \.perDeviceTrainBatchSize, to: batch * preset.answersPerRecord)
            draft.set(\.settings, \.learningRate, to: preset.learningRate)
            return draft
        }
        switch method {
        case .sft: text = try draft(SupervisedSettings.self).text()
        case .reward: text = try draft(RewardModelSettings.self).text()
        case .dpo:
            var draft = draft(PreferenceSettings.self)
            draft.set(\.method, \.beta, to: 0.1)
            text = try draft.text()
        case .kto:
            var draft = draft(KTOSettings.self)
            draft.set(\.method, \.beta, to: 0.1)
            text = try draft.text()
        case .grpo:
            var draft = draft(GRPOSettings.self)
            draft.set(\.method.rollout, \.rewards, to: rewards.map(\.json))
            draft.set(\.method.own, \.numGenerations, to: preset.answersPerRecord)
            draft.set(\.method.rollout, \.maxCompletionLength, to: 160)
            text = try draft.text()
        }
        self.method = method
        self.steps = steps
    }
}

extension UpdateRecipe {
    /// What is trained, and on what.
    struct Source: Sendable {
        let model: String
        /// The parent's, to go on from.
        var adapter: String?
        let trainFile: String
        /// Records of the training file.
        let count: Int
        /// The name of a file that a reward model is measured on.
        var heldOut: String?
        /// The folder of the records' images; nil where they have none.
        var imageRoot: String?

        fileprivate func set<Method>(in draft: inout RecipeDraft<Method>, steps: Int) {
            draft.set(\.settings, \.model, to: model)
            if let adapter { draft.set(\.settings, \.adapter, to: adapter) }
            draft.set(\.settings, \.trainFile, to: trainFile)
            draft.set(\.settings, \.maxSteps, to: steps)
            draft.set(\.settings, \.lrSchedulerType, to: .cosine)
            draft.set(\.settings, \.warmupRatio, to: 0.1)
            draft.set(\.settings, \.loraDropout, to: 0)
            draft.set(\.settings, \.saveSteps, to: steps)
            draft.set(\.settings, \.saveTotalLimit, to: 1)
            if let heldOut {
                draft.set(\.settings, \.validationFile, to: heldOut)
                draft.set(\.settings, \.evalSteps, to: steps)
            }
            // An image takes many tokens: there is room for them, and where it is not enough, the
            // update says so instead of leaving the case out.
            if let imageRoot {
                draft.set(\.settings, \.imageRoot, to: imageRoot)
                draft.set(\.settings, \.maxLength, to: 4096)
            }
            draft.set(\.settings, \.overlongRecords, to: imageRoot == nil ? .skip : .stop)
        }
    }
}

/// What suits dozens of records and a small model: enough steps for a few records to count, and
/// no more than some minutes on a small machine.
private struct Preset {
    let learningRate: Double
    let epochs: Int
    let recordsPerStep: Int
    var answersPerRecord = 1
    let steps: ClosedRange<Int>

    init(_ method: UpdateMethod) {
        switch method {
        case .sft: (learningRate, epochs, recordsPerStep, steps) = (1e-4, 3, 4, 6...90)
        case .dpo: (learningRate, epochs, recordsPerStep, steps) = (2e-4, 3, 8, 8...60)
        case .kto: (learningRate, epochs, recordsPerStep, steps) = (5e-5, 3, 16, 8...60)
        case .reward: (learningRate, epochs, recordsPerStep, steps) = (2e-4, 3, 8, 8...60)
        case .grpo:
            (learningRate, epochs, recordsPerStep, steps) = (5e-5, 2, 4, 6...24)
            answersPerRecord = 4
        }
    }
}

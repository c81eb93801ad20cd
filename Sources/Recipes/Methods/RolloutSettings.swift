import Foundation
import Records
import Rewards

/// What every method that learns from its own answers adds to a recipe: how they are drawn and
/// what rewards them; see ``keys``. Names and defaults are TRL's.
public struct RolloutSettings: DescribedSettings {
    public var rewards: [JSONValue] = []
    public var systemPrompt = ""
    public var maxPromptLength = 0
    public var maxCompletionLength = 512
    public var temperature = 1.0
    public var topP = 1.0
    public var topK = 0
    public var minP = 0.0
    public var repetitionPenalty = 1.0
    public var generationBatchSize = 16
    public var reference = "start"
    public var logCompletions = false

    public init() {}

    public static let keys: [SettingKey<RolloutSettings>] = [
        SettingKey("rewards", \.rewards, .rewards, "what an answer is worth: a list of rewards"),
        SettingKey(
            "system_prompt", \.systemPrompt,
            "put before conversations that have no system prompt; empty for none"),
        SettingKey(
            "max_prompt_length", \.maxPromptLength, .zeroOrMore,
            "prompts over this many tokens are too long; 0 takes all that the model can answer"),
        SettingKey(
            "max_completion_length", \.maxCompletionLength, .count(saying: "must be 1 or more"),
            "most tokens of an answer"),
        SettingKey(
            "temperature", \.temperature,
            .aboveZero(
                saying: "must be above 0: answers are drawn, not searched for"),
            "divides the logits when answers are drawn and in every log-probability"),
        SettingKey("top_p", \.topP, .off(1), "may only be 1, which is off"),
        SettingKey("top_k", \.topK, .off(0), "may only be 0, which is off"),
        SettingKey("min_p", \.minP, .off(0), "may only be 0, which is off"),
        SettingKey(
            "repetition_penalty", \.repetitionPenalty, .off(1), "may only be 1, which is off"),
        SettingKey(
            "generation_batch_size", \.generationBatchSize, .count(saying: "must be 1 or more"),
            "answers that are decoded together"),
        SettingKey("reference", \.reference, ReferenceKey.meaning),
        SettingKey(
            "log_completions", \.logCompletions,
            "writes answers and rewards into the run's folder; they hold the records' text"),
    ]

    /// The rewards, read.
    ///
    /// - Throws: the first that cannot be used.
    package func specifications() throws(RecipeFault) -> [RewardSpecification] {
        do throws(RewardSpecificationError) {
            return try RewardSpecification.list(rewards)
        } catch {
            throw RecipeFault(key: "rewards", reason: "\(error)")
        }
    }

    /// A list of rewards with paths that count from a folder; what is no reward as it is.
    static func resolved(_ value: JSONValue, in folder: URL) -> JSONValue {
        guard let list = value.array else { return value }
        return .array(
            list.map { (try? RewardSpecification($0).resolvingPaths(in: folder).json) ?? $0 })
    }

    func check(_ settings: TrainingSettings) throws(RecipeFault) {
        _ = try specifications()
        try checkBounds()
        try RecipeFault.require(
            settings.loraDropout == 0, "lora_dropout",
            "must be 0: answers are drawn without dropout")
        // Logits divided by less overflow, and the draw would mean nothing.
        try RecipeFault.require(
            (1e-4...1e6).contains(temperature), "temperature",
            "must be 0, or from 0.0001 to 1000000")
    }
}

extension Bounds {
    /// What changes the distribution in a way that no ratio could hold may only be off: a token
    /// that a filter takes away has no probability at all, and a penalty depends on what stands
    /// before.
    fileprivate static func off(_ value: Int) -> Bounds {
        .only(
            value,
            "the ratio of new to old policy is of the whole distribution, to which only "
                + "temperature belongs")
    }
}

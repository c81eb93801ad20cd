import Foundation
import Generation
import Records
import Rewards

/// What every method that learns from its own answers adds to a recipe: how they are drawn and
/// what rewards them. Names and defaults are TRL's.
public struct RolloutSettings: Sendable, Hashable, Codable {
    /// The list of rewards; see ``RewardSpecification``.
    public var rewards: [JSONValue] = []
    /// Put before conversations that have no system prompt; empty for none.
    public var systemPrompt = ""
    /// Prompts over this many tokens are too long; 0 takes all that the model can answer.
    public var maxPromptLength = 0
    public var maxCompletionLength = 512
    /// Divides the logits, in drawing and in every log-probability: of the policy, then and now,
    /// and of the reference.
    public var temperature = 1.0
    // What changes the distribution in a way that no ratio could hold may only be off: a token that
    // a filter takes away has no probability at all, and a penalty depends on what stands before.
    public var topP = 1.0
    public var topK = 0
    public var minP = 0.0
    public var repetitionPenalty = 1.0
    /// Sequences decoded together.
    public var generationBatchSize = 16
    /// `start`, `base` or an adapter's folder; see ``ReferencePolicy``.
    public var reference = "start"
    /// Writes every prompt's answers with their rewards to `completions.jsonl` of the run. They
    /// hold the records' text.
    public var logCompletions = false

    public init() {}

    func specifications() throws(RecipeFault) -> [RewardSpecification] {
        do throws(RewardSpecificationError) {
            return try RewardSpecification.list(rewards)
        } catch {
            throw RecipeFault(key: "rewards", reason: "\(error)")
        }
    }

    static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        guard key == "rewards", let list = value.array else { return value }
        return .array(
            list.map { (try? RewardSpecification($0).resolvingPaths(in: folder).json) ?? $0 })
    }

    func sampling(seed: UInt64) -> SamplingSettings {
        SamplingSettings(
            temperature: temperature, maximumTokens: maxCompletionLength, seed: seed,
            scoredTemperature: temperature)
    }

    func check(_ settings: TrainingSettings) throws(RecipeFault) {
        _ = try specifications()
        for (key, value) in [
            ("max_completion_length", maxCompletionLength),
            ("generation_batch_size", generationBatchSize),
        ] {
            try RecipeFault.require(
                (1...RecipeFault.most).contains(value), key, "must be 1 or more")
        }
        try RecipeFault.require(maxPromptLength >= 0, "max_prompt_length", "must be 0 or more")
        try RecipeFault.require(
            temperature > 0, "temperature", "must be above 0: answers are drawn, not searched for")
        for (key, isOff, off) in [
            ("top_p", topP == 1, "1"), ("top_k", topK == 0, "0"), ("min_p", minP == 0, "0"),
            ("repetition_penalty", repetitionPenalty == 1, "1"),
        ] {
            try RecipeFault.require(
                isOff, key,
                "must be \(off): the ratio of new to old policy is of the whole distribution, to "
                    + "which only temperature belongs")
        }
        try RecipeFault.require(
            settings.loraDropout == 0, "lora_dropout",
            "must be 0: answers are drawn without dropout")
        do throws(GenerationError) {
            _ = try sampling(seed: 0).validated()
        } catch {
            guard case .setting(let name, let reason) = error else { return }
            throw RecipeFault(
                key: name.replacingOccurrences(of: "-", with: "_"), reason: reason)
        }
    }
}

/// The names of what a run measures, as far as others than its trainer read them: the workbench, a
/// study's report, the charts.
public enum MetricName {
    // A row of metrics.jsonl besides its measurements.
    public static let step = "step"
    public static let epoch = "epoch"
    public static let time = "time"

    public static let loss = "loss"
    /// Bytes of the process so far.
    public static let peakMemory = "peak_memory_bytes"
    public static let entropy = "entropy"
    /// The divergence from the reference a token, or as the method's page defines it.
    public static let divergence = "kl"

    // Of pairs: rewards are beta times log pi - log ref.
    public static let chosenReward = "rewards/chosen"
    public static let rejectedReward = "rewards/rejected"
    public static let rewardAccuracy = "rewards/accuracies"
    public static let rewardMargin = "rewards/margins"

    // Of a reward model.
    public static let accuracy = "accuracy"
    public static let margin = "margin"

    // Of drawn answers.
    public static let reward = "reward"
    public static let meanLength = "completions/mean_length"
    public static let clippedRatio = "completions/clipped_ratio"

    // Of PPO, a completion.
    public static let score = "objective/scores"
    public static let completionDivergence = "objective/kl"

    /// The same, measured on held-out records.
    public static func heldOut(_ name: String) -> String { "eval_\(name)" }
}

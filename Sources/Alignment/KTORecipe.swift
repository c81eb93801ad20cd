import Objectives

/// What Kahneman-Tversky optimisation adds to a recipe.
public struct KTOSettings: MethodSettings {
    public var beta = 0.1
    public var desirableWeight = 1.0
    public var undesirableWeight = 1.0
    /// `kto`, or `apo_zero_unpaired`, which does without the estimate of the divergence.
    public var lossType = "kto"
    /// `start`, `base` or an adapter's folder; see ``ReferencePolicy``.
    public var reference = "start"

    public init() {}

    public static let method = "kto"
    public static let choices = ["loss_type": ["kto", "apo_zero_unpaired"]]

    public static func adjust(_ settings: inout TrainingSettings) {
        settings.learningRate = 1e-6
        settings.loraDropout = 0
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        for (key, value) in [
            ("beta", beta), ("desirable_weight", desirableWeight),
            ("undesirable_weight", undesirableWeight),
        ] { try RecipeFault.require(value > 0, key, "must be above 0") }
        try RecipeFault.require(
            settings.loraDropout == 0, "lora_dropout",
            "must be 0: the reference is compared without dropout")
    }
}

/// The recipe of `preceptor kto`.
public typealias KTORecipe = TrainingRecipe<KTOSettings>

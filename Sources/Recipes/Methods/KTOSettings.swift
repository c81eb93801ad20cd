/// What Kahneman-Tversky optimisation adds to a recipe; see ``keys``.
public struct KTOSettings: MethodSettings, DescribedSettings {
    public var beta = 0.1
    public var desirableWeight = 1.0
    public var undesirableWeight = 1.0
    public var lossType = KTOLossType.kto
    public var reference = "start"

    public init() {}

    public static let method = TrainingMethod.kto

    public static let keys: [SettingKey<KTOSettings>] = [
        SettingKey(
            "beta", \.beta, .aboveZero, "how strongly the model is held to the reference"),
        SettingKey(
            "desirable_weight", \.desirableWeight, .aboveZero,
            "what the loss of a good answer is multiplied by"),
        SettingKey(
            "undesirable_weight", \.undesirableWeight, .aboveZero,
            "what the loss of a bad answer is multiplied by"),
        SettingKey(
            "loss_type", \.lossType,
            "kto, or apo_zero_unpaired, which does without the estimate of the divergence"),
        SettingKey("reference", \.reference, ReferenceKey.meaning),
    ]

    public static func adjust(_ settings: inout TrainingSettings) {
        settings.learningRate = 1e-6
        settings.loraDropout = 0
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try checkBounds()
        try ReferenceKey.check(settings)
    }

    public func sources() -> [RunSource] { [ReferenceKey.source(reference)] }
}

/// The recipe of `preceptor kto`.
public typealias KTORecipe = TrainingRecipe<KTOSettings>

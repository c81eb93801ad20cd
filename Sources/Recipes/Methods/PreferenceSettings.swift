/// What preference optimisation adds to a recipe; see ``keys``.
public struct PreferenceSettings: MethodSettings, DescribedSettings {
    public var lossType = PreferenceLossType.sigmoid
    public var beta = 0.1
    public var labelSmoothing = 0.0
    public var discopopTau = 0.05
    public var simpoGamma = 0.5
    public var reference = "start"
    public var precomputeRefLogProbs = false

    public init() {}

    public static let method = TrainingMethod.dpo

    public static let keys: [SettingKey<PreferenceSettings>] = [
        SettingKey(
            "loss_type", \.lossType,
            "the loss of a pair; orpo and simpo need no reference"),
        SettingKey(
            "beta", \.beta, Bounds(from: .excluding(0), "must be above 0", tellsValue: true),
            "how strongly the model is held to the reference"),
        SettingKey(
            "label_smoothing", \.labelSmoothing,
            Bounds(
                from: .including(0), to: .excluding(0.5), "must be at least 0 and below 0.5",
                tellsValue: true), where: { $0.lossType.needsReference },
            "share of the pairs that is taken to be labelled the wrong way round"),
        SettingKey(
            "discopop_tau", \.discopopTau,
            Bounds(from: .excluding(0), "must be above 0", tellsValue: true),
            where: { $0.lossType.needsReference }, "temperature of the loss discopop"),
        SettingKey(
            "simpo_gamma", \.simpoGamma, "by how much simpo wants the better answer to win"),
        SettingKey("reference", \.reference, ReferenceKey.meaning),
        SettingKey(
            "precompute_ref_log_probs", \.precomputeRefLogProbs,
            "scores all records under the reference before the first step, and keeps that in the "
                + "run's folder"),
    ]

    public static func adjust(_ settings: inout TrainingSettings) {
        settings.learningRate = 1e-6
        settings.loraDropout = 0
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try checkBounds()
        try RecipeFault.require(
            lossType != .exoPair || labelSmoothing > 0, "label_smoothing",
            "is 0, must be above 0 for exo_pair (its paper takes 0.001)")
        try ReferenceKey.check(settings)
    }

    public func sources() -> [RunSource] { [ReferenceKey.source(reference)] }
}

/// The recipe of `preceptor dpo`.
public typealias PreferenceRecipe = TrainingRecipe<PreferenceSettings>

import Objectives

/// What preference optimisation adds to a recipe.
public struct PreferenceSettings: MethodSettings {
    /// A kind of ``PreferenceLoss``, or `orpo` or `simpo`, which need no reference.
    public var lossType = "sigmoid"
    public var beta = 0.1
    public var labelSmoothing = 0.0
    public var discopopTau = 0.05
    public var simpoGamma = 0.5
    /// `start`, `base` or an adapter's folder; see ``ReferencePolicy``.
    public var reference = "start"
    /// Scores all records under the reference before the first step; else each record when it is
    /// first met. Either way once; those computed beforehand stand in the run's folder.
    public var precomputeRefLogProbs = false

    public init() {}

    public static let method = "dpo"
    public static let choices = [
        "loss_type": PreferenceLoss.Kind.allCases.map(\.rawValue) + ["orpo", "simpo"]
    ]

    public static func adjust(_ settings: inout TrainingSettings) {
        settings.learningRate = 1e-6
        settings.loraDropout = 0
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        _ = try objective()
        try RecipeFault.require(beta > 0, "beta", "must be above 0")
        try RecipeFault.require(
            settings.loraDropout == 0, "lora_dropout",
            "must be 0: the reference is compared without dropout")
    }

    /// - Throws: the key the objective refuses.
    func objective() throws(RecipeFault) -> PairObjective {
        switch lossType {
        case "orpo": return .orpo(ORPOLoss(beta: beta))
        case "simpo":
            return .simpo(
                SimPOLoss(beta: beta, gamma: simpoGamma, labelSmoothing: labelSmoothing))
        default:
            guard let kind = PreferenceLoss.Kind(rawValue: lossType) else {
                throw RecipeFault(key: "loss_type", reason: "is unknown")
            }
            do throws(ObjectiveError) {
                return .preference(
                    try PreferenceLoss(
                        kind, beta: beta, labelSmoothing: labelSmoothing, discopopTau: discopopTau))
            } catch {
                throw RecipeFault(key: error.setting, reason: error.reason)
            }
        }
    }
}

/// The recipe of `preceptor dpo`.
public typealias PreferenceRecipe = TrainingRecipe<PreferenceSettings>

import Datasets
import Objectives

/// What supervised fine-tuning adds to a recipe.
public struct SupervisedSettings: MethodSettings {
    /// Fills rows of `maxLength` tokens with several records that do not see each other.
    public var packing = false
    public var groupByLength = false
    public var lossType = SupervisedLoss.nll

    public init() {}

    public static let method = "sft"
    public static let choices = ["loss_type": SupervisedLoss.allCases.map(\.rawValue)]

    /// Its learning rate is the 2e-4 that TRL's own LoRA recipes use.
    public static func adjust(_ settings: inout TrainingSettings) { settings.learningRate = 2e-4 }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {}
}

/// The recipe of `preceptor sft`.
public typealias SupervisedRecipe = TrainingRecipe<SupervisedSettings>

extension TrainingRecipe where Method == SupervisedSettings {
    /// Records of a step, packed or grouped as the recipe says.
    var batches: BatchConfiguration {
        settings.batches(
            method.packing
                ? .packed(maxTokens: settings.maxLength)
                : method.groupByLength ? .lengthGrouped : .fixed)
    }
}

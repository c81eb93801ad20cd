import Datasets
import Images
import Objectives

/// What supervised fine-tuning adds to a recipe.
public struct SupervisedSettings: MethodSettings {
    /// Fills rows of `maxLength` tokens with several records that do not see each other.
    public var packing = false
    public var groupByLength = false
    public var lossType = SupervisedLoss.nll
    /// Of records that ask the same words every answer is drawn equally often.
    public var balanceAnswers = false
    /// Chance that a training image is mirrored, left to right.
    public var imageFlip = 0.0
    /// Least share of a training image's area that a random crop keeps; 1 crops nothing.
    public var imageCrop = 1.0
    /// Most by which a training image's brightness and contrast change, as a share; 0 for none.
    public var imageLight = 0.0

    public init() {}

    public static let method = "sft"
    public static let choices = ["loss_type": SupervisedLoss.allCases.map(\.rawValue)]

    /// Its learning rate is the 2e-4 that TRL's own LoRA recipes use.
    public static func adjust(_ settings: inout TrainingSettings) { settings.learningRate = 2e-4 }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try RecipeFault.require((0...1).contains(imageFlip), "image_flip", "must be in [0, 1]")
        try RecipeFault.require(
            imageCrop > 0 && imageCrop <= 1, "image_crop", "must be above 0 and at most 1")
        try RecipeFault.require((0..<1).contains(imageLight), "image_light", "must be in [0, 1)")
    }

    /// What is done to training images; nil for nothing.
    var augmentation: ImageAugmentation? {
        let changes = ImageAugmentation(flip: imageFlip, crop: imageCrop, light: imageLight)
        return changes.isIdentity ? nil : changes
    }
}

/// The recipe of `preceptor sft`.
public typealias SupervisedRecipe = TrainingRecipe<SupervisedSettings>

extension TrainingRecipe where Method == SupervisedSettings {
    /// Records of a step, packed or grouped as the recipe says.
    ///
    /// - Parameter sampling: how often each is drawn; nil for once an epoch.
    func batches(drawing sampling: RecordSampling?) -> BatchConfiguration {
        settings.batches(
            method.packing
                ? .packed(maxTokens: settings.maxLength)
                : method.groupByLength ? .lengthGrouped : .fixed,
            drawing: sampling)
    }
}

/// What supervised fine-tuning adds to a recipe; see ``keys``.
public struct SupervisedSettings: MethodSettings, DescribedSettings {
    public var packing = false
    public var groupByLength = false
    public var lossType = SupervisedLossType.nll
    public var balanceAnswers = false
    public var imageFlip = 0.0
    public var imageCrop = 1.0
    public var imageLight = 0.0

    public init() {}

    public static let method = TrainingMethod.sft

    public static let keys: [SettingKey<SupervisedSettings>] = [
        SettingKey(
            "packing", \.packing,
            "fills rows of max_length tokens with several records that do not see each other"),
        SettingKey(
            "group_by_length", \.groupByLength, "puts records of like length into one batch"),
        SettingKey(
            "loss_type", \.lossType,
            "nll, or dft, which multiplies each token by its own probability (arXiv:2508.05629)"),
        SettingKey(
            "balance_answers", \.balanceAnswers,
            "of records that ask the same words, whatever their images, every answer is drawn "
                + "equally often"),
        SettingKey(
            "image_flip", \.imageFlip, .share,
            "chance that a training image is mirrored, left to right"),
        SettingKey(
            "image_crop", \.imageCrop,
            Bounds(from: .excluding(0), to: .including(1), "must be above 0 and at most 1"),
            "least share of a training image's area that a random crop keeps; 1 crops nothing"),
        SettingKey(
            "image_light", \.imageLight, .shareBelowOne,
            "most by which a training image's brightness and contrast change, as a share; 0 for "
                + "none"),
    ]

    /// Its learning rate is the 2e-4 that TRL's own LoRA recipes use.
    public static func adjust(_ settings: inout TrainingSettings) { settings.learningRate = 2e-4 }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) { try checkBounds() }
}

/// The recipe of `preceptor sft`.
public typealias SupervisedRecipe = TrainingRecipe<SupervisedSettings>

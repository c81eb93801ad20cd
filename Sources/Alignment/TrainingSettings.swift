import Optimizers
import Records

/// What every training method's recipe holds; names and defaults follow TRL's.
///
/// Where a default differs: LoRA is always on; sequences that are too long stop the run instead of
/// being cut silently.
public struct TrainingSettings: Sendable, Hashable, Codable {
    /// `smollm2-135m`, a GGUF file or a Hugging Face folder.
    public var model = "smollm2-135m"
    /// A PEFT adapter to go on from; empty for a new one.
    public var adapter = ""
    public var dtype = "bf16"
    /// JSON Lines or a JSON array; the method's page in `Documentation` tells its formats.
    public var trainFile = ""
    /// In place of `trainFile` a list of `{file, weight}`: an epoch has as many records as all of
    /// them, drawn by these weights, so that what an earlier stage taught is not forgotten.
    public var trainFiles: [JSONValue] = []
    /// Held-out records; empty takes `validationSplit` of the training file.
    public var validationFile = ""
    /// Share of the training file held out, 0 for none.
    public var validationSplit = 0.0
    /// A column, such as `patient`, whose values the split does not part; empty for images, or ids
    /// of records without any.
    public var validationBy = ""
    /// `stop` reports all bad records and ends; `skip` reports them and goes on.
    public var invalidRecords = "stop"
    /// What to do with records that are too long: `stop`, `truncate` or `skip`.
    public var overlongRecords = "stop"
    public var outputDir = "runs/train"

    public var numTrainEpochs = 3.0
    /// Ends after this many optimizer steps; -1 goes by `numTrainEpochs`.
    public var maxSteps = -1
    public var perDeviceTrainBatchSize = 8
    public var gradientAccumulationSteps = 1
    /// Cuts a step into micro-batches of at most this many tokens, or one record; 0 cuts by
    /// `perDeviceTrainBatchSize` alone. Bounds memory and changes no result.
    public var maxTokensPerMicroBatch = 2048
    public var maxLength = 1024

    public var learningRate = 2e-4
    public var lrSchedulerType = Schedule.Shape.linear
    public var warmupSteps = 0
    /// Share of all steps, used when `warmupSteps` is 0.
    public var warmupRatio = 0.0
    public var weightDecay = 0.0
    public var adamBeta1 = 0.9
    public var adamBeta2 = 0.999
    public var adamEpsilon = 1e-8
    /// Largest global gradient norm; 0 does not clip.
    public var maxGradNorm = 1.0
    public var gradientCheckpointing = false

    public var loraR = 16
    public var loraAlpha = 32.0
    public var loraDropout = 0.05
    public var useRslora = false
    /// Names of linear layers, or `all-linear`; none where `modulesToSave` has some.
    public var loraTargetModules = ["all-linear"]
    /// A regular expression of whole paths in place of the names, such as
    /// `.*language_model.*_proj`; empty goes by the names.
    public var loraTargetPattern = ""
    /// Layers that are trained whole, such as `multi_modal_projector`.
    public var modulesToSave: [String] = []

    /// Where relative image paths count from; empty for the folder of the file.
    public var imageRoot = ""
    /// The column that holds images, where it is not `image`, `images` or `image_name`.
    public var imageKey = ""
    /// Most pixels of an image that is cut to no fixed size; 0 leaves it to the model's processor.
    public var maxPixels = 0

    public var loggingSteps = 1
    /// Steps between validations; 0 validates once an epoch.
    public var evalSteps = 0
    /// Ends after this many validations in a row that are no better than the best; 0 never.
    public var earlyStoppingPatience = 0
    /// The result is the checkpoint that was best on held-out records, not the last.
    public var loadBestModelAtEnd = false
    /// Steps between checkpoints; 0 saves once an epoch.
    public var saveSteps = 0
    /// Checkpoints kept besides the best.
    public var saveTotalLimit = 2
    public var seed: UInt64 = 42

    public init() {}
}

extension TrainingSettings {
    static let choices = [
        "dtype": ["f32", "bf16"],
        "invalid_records": ["stop", "skip"],
        "overlong_records": ["stop", "truncate", "skip"],
        "lr_scheduler_type": Schedule.Shape.allCases.map(\.rawValue),
    ]

    /// Keys that name files, whose relative paths count from the recipe's folder.
    static let pathKeys = ["train_file", "validation_file", "adapter", "image_root"]

    /// Keys that a resumed run may change: they decide where and how often, not what is learnt.
    static let freeKeys = [
        "output_dir", "logging_steps", "eval_steps", "save_steps", "save_total_limit",
    ]

    func check() throws(RecipeFault) {
        _ = try files()
        try RecipeFault.require(
            (0..<1).contains(validationSplit), "validation_split", "must be in [0, 1)")
        try RecipeFault.require(
            validationSplit == 0 || validationFile.isEmpty, "validation_split",
            "cannot stand beside validation_file")
        try RecipeFault.require(
            validationBy.isEmpty || validationSplit > 0, "validation_by", "needs validation_split")
        try RecipeFault.require(
            maxSteps > 0 || numTrainEpochs > 0 && numTrainEpochs <= 1e6, "num_train_epochs",
            "must be above 0 and at most 1000000")
        try RecipeFault.require(
            maxSteps == -1 || (1...RecipeFault.most).contains(maxSteps), "max_steps",
            "must be in 1...\(RecipeFault.most), or -1")
        for (key, value) in [
            ("per_device_train_batch_size", perDeviceTrainBatchSize),
            ("gradient_accumulation_steps", gradientAccumulationSteps),
            ("max_length", maxLength), ("lora_r", loraR), ("logging_steps", loggingSteps),
            ("save_total_limit", saveTotalLimit),
        ] {
            try RecipeFault.require(
                (1...RecipeFault.most).contains(value), key, "must be in 1...\(RecipeFault.most)")
        }
        for (key, value) in [
            ("eval_steps", evalSteps), ("save_steps", saveSteps), ("warmup_steps", warmupSteps),
            ("max_tokens_per_micro_batch", maxTokensPerMicroBatch), ("max_pixels", maxPixels),
            ("early_stopping_patience", earlyStoppingPatience),
        ] {
            try RecipeFault.require(
                (0...RecipeFault.most).contains(value), key, "must be in 0...\(RecipeFault.most)")
        }
        for (key, value) in [
            ("learning_rate", learningRate), ("adam_epsilon", adamEpsilon),
            ("lora_alpha", loraAlpha),
        ] { try RecipeFault.require(value > 0, key, "must be above 0") }
        for (key, value) in [("weight_decay", weightDecay), ("max_grad_norm", maxGradNorm)] {
            try RecipeFault.require(value >= 0, key, "must be 0 or more")
        }
        try RecipeFault.require((0...1).contains(warmupRatio), "warmup_ratio", "must be in [0, 1]")
        try RecipeFault.require((0..<1).contains(loraDropout), "lora_dropout", "must be in [0, 1)")
        try RecipeFault.require((0..<1).contains(adamBeta1), "adam_beta1", "must be in [0, 1)")
        try RecipeFault.require((0..<1).contains(adamBeta2), "adam_beta2", "must be in [0, 1)")
        let validates = !validationFile.isEmpty || validationSplit > 0
        try RecipeFault.require(
            earlyStoppingPatience == 0 || validates, "early_stopping_patience",
            "needs validation_file or validation_split")
        try RecipeFault.require(
            !loadBestModelAtEnd || validates, "load_best_model_at_end",
            "needs validation_file or validation_split")
        try RecipeFault.require(
            !loraTargetModules.isEmpty || !modulesToSave.isEmpty, "lora_target_modules", "is empty")
    }
}

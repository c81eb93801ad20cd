import Objectives
import Optimizers

/// Everything that decides a supervised fine-tuning run; names and defaults follow TRL's.
///
/// Where a default differs: LoRA is always on, and its learning rate is the 2e-4 that TRL's own
/// LoRA recipes use; sequences that are too long stop the run instead of being cut silently.
public struct SupervisedRecipe: Sendable, Hashable {
    /// `smollm2-135m`, a GGUF file or a Hugging Face folder.
    public var model = "smollm2-135m"
    /// A PEFT adapter to go on from; empty for a new one.
    public var adapter = ""
    public var dtype = "bf16"
    /// JSON Lines or a JSON array; see the data formats in `Documentation/SFT.md`.
    public var trainFile = ""
    /// Held-out records; empty takes `validationSplit` of the training file.
    public var validationFile = ""
    /// Share of the training file held out, 0 for none.
    public var validationSplit = 0.0
    /// `stop` reports all bad records and ends; `skip` reports them and goes on.
    public var invalidRecords = "stop"
    /// What to do with records over `maxLength`: `stop`, `truncate` or `skip`.
    public var overlongRecords = "stop"
    public var outputDir = "runs/sft"

    public var numTrainEpochs = 3.0
    /// Ends after this many optimizer steps; -1 goes by `numTrainEpochs`.
    public var maxSteps = -1
    public var perDeviceTrainBatchSize = 8
    public var gradientAccumulationSteps = 1
    /// Cuts a step into micro-batches of at most this many tokens, or one record; 0 cuts by
    /// `perDeviceTrainBatchSize` alone. Bounds memory and changes no result.
    public var maxTokensPerMicroBatch = 2048
    public var maxLength = 1024
    /// Fills rows of `maxLength` tokens with several records that do not see each other.
    public var packing = false
    public var groupByLength = false

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
    public var lossType = SupervisedLoss.nll
    public var gradientCheckpointing = false

    public var loraR = 16
    public var loraAlpha = 32.0
    public var loraDropout = 0.05
    public var useRslora = false
    /// Names of linear layers, or `all-linear`.
    public var loraTargetModules = ["all-linear"]

    public var loggingSteps = 1
    /// Steps between validations; 0 validates once an epoch.
    public var evalSteps = 0
    /// Steps between checkpoints; 0 saves once an epoch.
    public var saveSteps = 0
    /// Checkpoints kept besides the best.
    public var saveTotalLimit = 2
    public var seed: UInt64 = 42

    public init() {}
}

extension SupervisedRecipe: Codable {
    /// The keys of the YAML file.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case model, adapter, dtype
        case trainFile = "train_file"
        case validationFile = "validation_file"
        case validationSplit = "validation_split"
        case invalidRecords = "invalid_records"
        case overlongRecords = "overlong_records"
        case outputDir = "output_dir"
        case numTrainEpochs = "num_train_epochs"
        case maxSteps = "max_steps"
        case perDeviceTrainBatchSize = "per_device_train_batch_size"
        case gradientAccumulationSteps = "gradient_accumulation_steps"
        case maxTokensPerMicroBatch = "max_tokens_per_micro_batch"
        case maxLength = "max_length"
        case packing
        case groupByLength = "group_by_length"
        case learningRate = "learning_rate"
        case lrSchedulerType = "lr_scheduler_type"
        case warmupSteps = "warmup_steps"
        case warmupRatio = "warmup_ratio"
        case weightDecay = "weight_decay"
        case adamBeta1 = "adam_beta1"
        case adamBeta2 = "adam_beta2"
        case adamEpsilon = "adam_epsilon"
        case maxGradNorm = "max_grad_norm"
        case lossType = "loss_type"
        case gradientCheckpointing = "gradient_checkpointing"
        case loraR = "lora_r"
        case loraAlpha = "lora_alpha"
        case loraDropout = "lora_dropout"
        case useRslora = "use_rslora"
        case loraTargetModules = "lora_target_modules"
        case loggingSteps = "logging_steps"
        case evalSteps = "eval_steps"
        case saveSteps = "save_steps"
        case saveTotalLimit = "save_total_limit"
        case seed
    }
}

extension SupervisedRecipe: Recipe {
    /// Keys that name files, whose relative paths count from the recipe's folder.
    public static let pathKeys = ["train_file", "validation_file", "adapter"]
    /// Keys that a resumed run may change: they decide where and how often, not what is learnt.
    public static let freeKeys = [
        "output_dir", "logging_steps", "eval_steps", "save_steps", "save_total_limit",
    ]

    public static let choices = [
        "dtype": ["f32", "bf16"],
        "invalid_records": ["stop", "skip"],
        "overlong_records": ["stop", "truncate", "skip"],
        "lr_scheduler_type": Schedule.Shape.allCases.map(\.rawValue),
        "loss_type": SupervisedLoss.allCases.map(\.rawValue),
    ]

    public func check() throws(RecipeFault) {
        try require(!trainFile.isEmpty, "train_file", "is missing")
        try require((0..<1).contains(validationSplit), "validation_split", "must be in [0, 1)")
        try require(
            validationSplit == 0 || validationFile.isEmpty, "validation_split",
            "cannot stand beside validation_file")
        try require(
            maxSteps > 0 || numTrainEpochs > 0 && numTrainEpochs <= 1e6, "num_train_epochs",
            "must be above 0 and at most 1000000")
        try require(
            maxSteps == -1 || (1...Self.most).contains(maxSteps), "max_steps",
            "must be in 1...\(Self.most), or -1")
        for (key, value) in [
            ("per_device_train_batch_size", perDeviceTrainBatchSize),
            ("gradient_accumulation_steps", gradientAccumulationSteps),
            ("max_length", maxLength), ("lora_r", loraR), ("logging_steps", loggingSteps),
            ("save_total_limit", saveTotalLimit),
        ] { try require((1...Self.most).contains(value), key, "must be in 1...\(Self.most)") }
        for (key, value) in [
            ("eval_steps", evalSteps), ("save_steps", saveSteps), ("warmup_steps", warmupSteps),
            ("max_tokens_per_micro_batch", maxTokensPerMicroBatch),
        ] { try require((0...Self.most).contains(value), key, "must be in 0...\(Self.most)") }
        for (key, value) in [
            ("learning_rate", learningRate), ("adam_epsilon", adamEpsilon),
            ("lora_alpha", loraAlpha),
        ] { try require(value > 0, key, "must be above 0") }
        for (key, value) in [("weight_decay", weightDecay), ("max_grad_norm", maxGradNorm)] {
            try require(value >= 0, key, "must be 0 or more")
        }
        try require((0...1).contains(warmupRatio), "warmup_ratio", "must be in [0, 1]")
        try require((0..<1).contains(loraDropout), "lora_dropout", "must be in [0, 1)")
        try require((0..<1).contains(adamBeta1), "adam_beta1", "must be in [0, 1)")
        try require((0..<1).contains(adamBeta2), "adam_beta2", "must be in [0, 1)")
        try require(!loraTargetModules.isEmpty, "lora_target_modules", "is empty")
    }

    /// Products of two counts still fit an integer.
    private static let most = 1_000_000_000

    private func require(_ holds: Bool, _ key: String, _ reason: String) throws(RecipeFault) {
        if !holds { throw RecipeFault(key: key, reason: reason) }
    }
}

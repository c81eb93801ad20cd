import Datasets
import Records

/// What every training method's recipe holds; names and defaults follow TRL's.
///
/// Where a default differs: LoRA is always on; sequences that are too long stop the run instead of
/// being cut silently. What each of them means stands in ``keys``.
public struct TrainingSettings: DescribedSettings {
    public var model = "smollm2-135m"
    public var adapter = ""
    public var dtype = WeightType.bf16
    public var trainFile = ""
    public var trainFiles: [JSONValue] = []
    public var validationFile = ""
    public var validationSplit = 0.0
    public var validationBy = ""
    public var invalidRecords = SkipPolicy.stop
    public var overlongRecords = OverlongPolicy.stop
    public var outputDir = "runs/train"

    public var numTrainEpochs = 3.0
    public var maxSteps = -1
    public var perDeviceTrainBatchSize = 8
    public var gradientAccumulationSteps = 1
    public var maxTokensPerMicroBatch = 2048
    public var maxLength = 1024

    public var learningRate = 2e-4
    public var lrSchedulerType = SchedulerType.linear
    public var warmupSteps = 0
    public var warmupRatio = 0.0
    public var weightDecay = 0.0
    public var adamBeta1 = 0.9
    public var adamBeta2 = 0.999
    public var adamEpsilon = 1e-8
    public var maxGradNorm = 1.0
    public var gradientCheckpointing = false

    public var loraR = 16
    public var loraAlpha = 32.0
    public var loraDropout = 0.05
    public var useRslora = false
    public var loraTargetModules = ["all-linear"]
    public var loraTargetPattern = ""
    public var modulesToSave: [String] = []

    public var imageRoot = ""
    public var imageKey = ""
    public var maxPixels = 0

    public var loggingSteps = 1
    public var evalSteps = 0
    public var earlyStoppingPatience = 0
    public var loadBestModelAtEnd = false
    public var saveSteps = 0
    public var saveTotalLimit = 2
    public var seed: UInt64 = 42

    public init() {}
}

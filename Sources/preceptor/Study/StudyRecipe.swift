import Alignment
import Datasets
import Evaluation
import Foundation
import Records

/// What a study trains and measures, as a flat YAML file holds it.
struct StudyRecipe: Recipe {
    var title = "Methods compared"
    /// Every method starts from it.
    var model = ModelLocator.defaultName
    var dtype = "bf16"
    var outputDir = "runs/study"
    /// A list of `{name, method, recipe, overrides}` or `{name, stages: [{method, recipe,
    /// overrides}, ...]}`; see ``StudyMethod``.
    var methods: [JSONValue] = []

    /// A list of `{name, train, test}`: every method is trained on each part and asked all of them;
    /// empty for methods alone. See ``StudySplit``.
    var matrix: [JSONValue] = []
    /// Folds of a cross-validation of `data`: every method is trained without each fold and asked
    /// about it; 0 for none. See ``StudyFolds``.
    var folds = 0
    /// What folds must not share, as `split --by` takes it; empty for its default.
    var foldBy = ""
    /// Share of what a fold trains on that is held out for validation; 0 for none.
    var foldValidation = 0.0
    /// Whether a linear probe of the model's tower is asked too, in a study of folds.
    var probe = false
    /// The folder that image paths count from; empty for that of the file.
    var images = ""
    /// The column that holds images; empty for those that are read anyway.
    var imageKey = ""
    /// Training questions that majority and text prior learn from; empty for none.
    var train = ""
    /// How questions about images are asked; empty for the task's own way.
    var template = ""
    /// Most pixels of an image, for Qwen's processors, in training and when asked; 0 leaves it to
    /// the model's.
    var maxPixels = 0
    /// Whether models are also shown blank and shuffled images.
    var controls = true

    /// The task that accuracies are measured on, as `evaluate` takes it.
    var task = ""
    var data = ""
    var subset = ""
    /// Questions asked; 0 asks all.
    var limit = 0
    /// Ways of answering, the first the headline.
    var evaluateBy = ["generation"]
    /// Longest answer in tokens; 0 takes the task's own limit.
    var maxTokens = 0

    /// Held-out prompts whose answers are measured as text; empty for none.
    var prompts = ""
    var promptsLimit = 0
    var referenceColumn = "answer"
    var maxAnswerTokens = 256
    /// Tags that answers ought to have; empty asks for no form.
    var formatTags: [String] = []
    var formatMode = "soft"
    /// `$C.reward` or a folder: what decides who wins; empty for none.
    var rewardModel = ""

    /// Prompts that ought to be declined; empty for none.
    var safetyPrompts = ""
    var safetyLimit = 0
    var maxSafetyTokens = 96

    /// Puts prompts with all answers into the report; they hold the records' text.
    var showAnswers = false
    var examples = 8
    /// Of the choice of questions and prompts, and of the bootstrap.
    var seed: UInt64 = 0
}

extension StudyRecipe {
    /// Where images are, as far as the files do not say.
    var imageOrigin: ImageOrigin { ImageOrigin(root: images, column: imageKey) }

    static let freeKeys: [String] = []
    static let choices = [
        "dtype": WeightType.allCases.map(\.rawValue),
        "task": [""] + TaskName.allCases.map(\.rawValue),
        "format_mode": ["strict", "full", "soft"],
        "template": [""] + AnswerTemplate.allCases.map(\.rawValue),
    ]

    private static let pathKeys = [
        "data", "prompts", "safety_prompts", "reward_model", "images", "train",
    ]

    /// Paths count from the study's folder, also those of overrides, whose words the commands
    /// take where the study stands.
    static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        guard let path = value.string, !path.isEmpty, !path.hasPrefix("$") else { return value }
        let isModelPath = key == "model" && path != ModelLocator.defaultName
        guard isModelPath || pathKeys.contains(key), !path.hasPrefix("/") else { return value }
        return .string(folder.appending(path: path).standardizedFileURL.path)
    }

    func check() throws(RecipeFault) {
        try RecipeFault.require(!task.isEmpty, "task", "is missing")
        let hasData = task == "casebank" || !data.isEmpty || !matrix.isEmpty
        try RecipeFault.require(hasData, "data", "is missing")
        if !matrix.isEmpty { try checkMatrix() }
        try checkFolds()
        try RecipeFault.require(!evaluateBy.isEmpty, "evaluate_by", "is empty")
        for way in evaluateBy where EvaluationMethod(rawValue: way) == nil {
            throw RecipeFault(
                key: "evaluate_by", reason: "'\(way)' is not likelihood or generation")
        }
        try RecipeFault.require(
            Set(evaluateBy).count == evaluateBy.count, "evaluate_by", "names one twice")
        for (key, value) in [
            ("limit", limit), ("max_tokens", maxTokens), ("max_pixels", maxPixels),
            ("prompts_limit", promptsLimit),
            ("safety_limit", safetyLimit), ("examples", examples),
        ] { try RecipeFault.require(value >= 0, key, "must be 0 or more") }
        for (key, value) in [
            ("max_answer_tokens", maxAnswerTokens), ("max_safety_tokens", maxSafetyTokens),
        ] { try RecipeFault.require(value >= 1, key, "must be 1 or more") }
        try RecipeFault.require(
            rewardModel.isEmpty || !prompts.isEmpty, "reward_model", "needs prompts to judge")
        _ = try StudyMethod.list(methods)
    }

    /// What a cross-validation needs, and what needs one.
    private func checkFolds() throws(RecipeFault) {
        guard folds != 0 else {
            try RecipeFault.require(foldBy.isEmpty, "fold_by", "needs folds")
            try RecipeFault.require(foldValidation == 0, "fold_validation", "needs folds")
            return try RecipeFault.require(!probe, "probe", "needs folds")
        }
        try RecipeFault.require((2...1000).contains(folds), "folds", "must be 0 or in 2...1000")
        try RecipeFault.require(
            (0..<1).contains(foldValidation), "fold_validation", "must be in [0, 1)")
        try RecipeFault.require(
            TaskName(rawValue: task)?.vision != nil, "folds",
            "needs a task with images: \(VisionTask.Kind.allCases.map(\.rawValue))")
        try RecipeFault.require(matrix.isEmpty, "matrix", "has no place beside folds")
        try RecipeFault.require(!data.isEmpty, "data", "is missing")
        for (key, value) in [
            ("prompts", prompts), ("safety_prompts", safetyPrompts), ("subset", subset),
            ("train", train),
        ] { try RecipeFault.require(value.isEmpty, key, "has no place beside folds") }
        try RecipeFault.require(evaluateBy.count == 1, "evaluate_by", "is one beside folds")
    }

    /// What a study of transfer cannot have.
    private func checkMatrix() throws(RecipeFault) {
        try RecipeFault.require(
            TaskName(rawValue: task)?.vision != nil, "matrix",
            "needs a task with images: \(VisionTask.Kind.allCases.map(\.rawValue))")
        for (key, value) in [
            ("data", data), ("prompts", prompts), ("safety_prompts", safetyPrompts),
            ("subset", subset), ("train", train),
        ] {
            try RecipeFault.require(value.isEmpty, key, "has no place beside matrix")
        }
        try RecipeFault.require(evaluateBy.count == 1, "evaluate_by", "is one beside matrix")
    }
}

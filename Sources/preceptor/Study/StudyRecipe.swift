import Datasets
import Evaluation
import Foundation
import Recipes
import Records
import Rewards

/// What a study trains and measures, as a flat YAML file holds it; see ``keys``, ``StudyMethod``,
/// ``StudySplit`` and ``StudyFolds``.
struct StudyRecipe: Recipe, DescribedSettings {
    var title = "Methods compared"
    var model = ModelLocator.defaultName
    var dtype = WeightType.bf16
    var outputDir = "runs/study"
    var methods: [JSONValue] = []

    var matrix: [JSONValue] = []
    var folds = 0
    var foldBy = ""
    var foldValidation = 0.0
    var probe = false
    var images = ""
    var imageKey = ""
    var train = ""
    var template = ChoiceOrNone<AnswerTemplate>()
    var maxPixels = 0
    var controls = true

    var task = ChoiceOrNone<TaskName>()
    var data = ""
    var subset = ""
    var limit = 0
    var evaluateBy = [EvaluationMethod.generation]
    var maxTokens = 0

    var prompts = ""
    var promptsLimit = 0
    var referenceColumn = "answer"
    var maxAnswerTokens = 256
    var formatTags: [String] = []
    var formatMode = FormatReward.Mode.soft
    var rewardModel = ""

    var safetyPrompts = ""
    var safetyLimit = 0
    var maxSafetyTokens = 96

    var showAnswers = false
    var examples = 8
    var seed: UInt64 = 0
}

extension StudyRecipe {
    /// Where images are, as far as the files do not say.
    var imageOrigin: ImageOrigin { ImageOrigin(root: images, column: imageKey) }

    /// Paths count from the study's folder, also those of overrides, whose words the commands
    /// take where the study stands.
    static func resolved(
        _ value: JSONValue, _ key: KeyDescription, in folder: URL
    ) -> JSONValue {
        guard let path = value.string, !path.isEmpty, !path.hasPrefix("$") else { return value }
        let isModelPath = key.name == Self.key(\.model) && path != ModelLocator.defaultName
        guard isModelPath || key.type == .path else { return value }
        return .string(folder.resolved(path))
    }

    func check() throws(RecipeFault) {
        try RecipeFault.require(task.value != nil, "task", "is missing")
        let hasData = task.value == .casebank || !data.isEmpty || !matrix.isEmpty
        try RecipeFault.require(hasData, "data", "is missing")
        if !matrix.isEmpty { try checkMatrix() }
        try checkBounds()
        try checkFolds()
        try RecipeFault.require(!evaluateBy.isEmpty, "evaluate_by", "is empty")
        try RecipeFault.require(
            Set(evaluateBy).count == evaluateBy.count, "evaluate_by", "names one twice")
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
        try RecipeFault.require(
            task.value?.vision != nil, "folds",
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
            task.value?.vision != nil, "matrix",
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

import Evaluation
import Recipes
import Rewards

extension TaskName: SettingChoice {}
extension AnswerTemplate: SettingChoice {}
extension FormatReward.Mode: SettingChoice {}

extension StudyRecipe {
    static let keys = subjectKeys + imageKeys + questionKeys + answerKeys + reportKeys

    private typealias Key = SettingKey<StudyRecipe>

    private static let subjectKeys: [SettingKey<StudyRecipe>] = [
        Key("title", \.title, "of the report"),
        Key(
            "model", \.model,
            "what every method starts from: smollm2-135m, a GGUF file, or a Hugging Face folder"),
        Key("dtype", \.dtype, "what the frozen weights are held and multiplied in"),
        Key("output_dir", \.outputDir, "the study's folder; counts from where the command runs"),
        Key(
            "methods", \.methods, .mappings,
            "a list of {name, method, recipe, overrides}, or with stages in place of one method"),
        Key(
            "matrix", \.matrix, .mappings,
            "a list of {name, train, test}: every method is trained on each part and asked all"),
        Key(
            "folds", \.folds,
            Bounds(from: .including(2), to: .including(1000), or: 0, "must be 0 or in 2...1000"),
            "folds of a cross-validation of data; 0 for none"),
        Key(
            "fold_by", \.foldBy,
            "what folds must not share: image, prompt, id or a column; empty for images, else words"
        ),
        Key(
            "fold_validation", \.foldValidation, .shareBelowOne,
            "share of what a fold trains on that is held out for validation; 0 for none"),
        Key(
            "probe", \.probe,
            "asks a linear probe of the model's tower too, in a study of folds"),
    ]

    private static let imageKeys: [SettingKey<StudyRecipe>] = [
        Key(
            "images", \.images, type: .path,
            "the folder that image paths count from; empty for that of the file"),
        Key(
            "image_key", \.imageKey,
            "the column that holds images; empty for image, images or image_name"),
        Key(
            "train", \.train, type: .path,
            "training questions that majority and text prior learn from; empty for none"),
        Key(
            "template", \.template,
            "how questions about images are asked; empty for the task's own way"),
        Key(
            "max_pixels", \.maxPixels, .zeroOrMore,
            "most pixels of an image, in training and when asked; 0 leaves it to the model"),
        Key("controls", \.controls, "shows models blank and shuffled images too"),
    ]

    private static let questionKeys: [SettingKey<StudyRecipe>] = [
        Key("task", \.task, "what accuracies are measured on, as evaluate takes it"),
        Key("data", \.data, type: .path, "the task's questions"),
        Key("subset", \.subset, "the part of mirage, as evaluate takes it"),
        Key("limit", \.limit, .zeroOrMore, "questions asked; 0 asks all"),
        Key(
            "evaluate_by", \.evaluateBy, .choices(EvaluationMethod.allCases.map(\.rawValue)),
            "ways of answering, the first the headline"),
        Key(
            "max_tokens", \.maxTokens, .zeroOrMore,
            "longest answer in tokens; 0 takes the task's own limit"),
    ]

    private static let answerKeys: [SettingKey<StudyRecipe>] = [
        Key(
            "prompts", \.prompts, type: .path,
            "held-out prompts whose answers are measured as text; empty for none"),
        Key("prompts_limit", \.promptsLimit, .zeroOrMore, "how many of them; 0 takes all"),
        Key("reference_column", \.referenceColumn, "the column that holds their known answers"),
        Key(
            "max_answer_tokens", \.maxAnswerTokens, .oneOrMore, "longest answer to them in tokens"),
        Key(
            "format_tags", \.formatTags, .texts,
            "tags that answers ought to have; empty asks for no form"),
        Key("format_mode", \.formatMode, "how strictly, as the reward format takes it"),
        Key(
            "reward_model", \.rewardModel, type: .path,
            "$C.reward or a folder: what decides who wins; empty for none"),
        Key(
            "safety_prompts", \.safetyPrompts, type: .path,
            "prompts that ought to be declined; empty for none"),
        Key("safety_limit", \.safetyLimit, .zeroOrMore, "how many of them; 0 takes all"),
        Key(
            "max_safety_tokens", \.maxSafetyTokens, .oneOrMore, "longest answer to them in tokens"),
    ]

    private static let reportKeys: [SettingKey<StudyRecipe>] = [
        Key(
            "show_answers", \.showAnswers,
            "puts prompts with all answers into the report; they hold the records' text"),
        Key("examples", \.examples, .zeroOrMore, "how many prompts with answers the report shows"),
        Key("seed", \.seed, "of the choice of questions and prompts, and of the bootstrap"),
    ]
}

import Evaluation
import FileFormats
import Foundation
import Recipes
import Records

/// The stages of a study in their order: all trainings, then all measurements.
struct StudyPlan {
    var stages: [StudyStage] = []
    let recipe: StudyRecipe
    let methods: [StudyMethod]
    /// Parts, or folds, that models are trained on and asked; empty for a study of methods alone.
    let splits: [StudySplit]
    let folder: URL
    /// Where `$A` and `$C.reward` stand for, with the identity of what made it.
    private var models: [String: (path: String, identity: String)] = [:]

    /// - Parameters:
    ///   - splits: parts or folds of the data; empty for a study of methods alone.
    ///   - home: the folder that the methods' recipes count from.
    /// - Throws: ``RecipeFault``, ``StudyError`` or ``FormatError`` for a recipe that is missing.
    init(_ recipe: StudyRecipe, splits: [StudySplit], home: URL) throws {
        self.recipe = recipe
        folder = URL(filePath: recipe.outputDir)
        methods = try StudyMethod.list(recipe.methods)
        self.splits = splits
        if splits.isEmpty { try planMethods(home: home) } else { try planMatrix(home: home) }
    }

    private mutating func planMethods(home: URL) throws {
        if let method = methods.first(where: { $0.template != nil || $0.system != nil }) {
            throw RecipeFault(
                key: "methods",
                reason: "\(method.name): 'template' and 'system' need 'matrix' or 'folds'")
        }
        for method in methods {
            for training in method.trainings { try plan(training, of: method.name, home) }
        }
        try planMeasurements(of: StudyMethod.baseName, adapter: nil)
        for method in methods {
            try planMeasurements(of: method.name, adapter: models["$\(method.name)"])
        }
    }

    /// Where a training of a method works.
    func trainingFolder(_ training: StudyMethod.Training, of name: String) -> URL {
        folder.appending(path: name).appending(path: training.method.rawValue)
    }

    /// Where a measurement of a model stands: `generation`, `likelihood`, `answers`, `safety`.
    func measurementFolder(_ kind: String, of name: String) -> URL {
        folder.appending(path: name).appending(path: "measured").appending(path: kind)
    }

    /// - Parameter files: what the training reads besides its recipe, as far as the study made it.
    mutating func plan(
        _ training: StudyMethod.Training, of name: String, reading files: [String] = [],
        _ home: URL
    ) throws {
        func key(_ path: PartialKeyPath<TrainingSettings>) -> String { TrainingSettings.key(path) }
        let title = "\(name) \(training.method.rawValue)"
        let url = trainingFolder(training, of: name)
        let file = home.resolved(training.recipe)
        var made: [String] = [
            training.method.rawValue, recipe.model, recipe.dtype.rawValue,
            try Checksums.sha256(of: URL(filePath: file)),
        ]
        made += try Self.hashes(files)
        var words = [
            training.method.subcommand, file, "--\(key(\.outputDir))=\(url.path)",
            "--\(key(\.model))=\(recipe.model)", "--\(key(\.dtype))=\(recipe.dtype.rawValue)",
        ]
        var overrides = training.overrides
        if recipe.maxPixels > 0, overrides[key(\.maxPixels)] == nil {
            overrides[key(\.maxPixels)] = .integer(recipe.maxPixels)
        }
        for (key, value) in overrides.sorted(by: { $0.key < $1.key }) {
            made.append("\(key)=\(try Self.word(value))")
            let value = try substituted(value, &made, title)
            words.append("--\(key)=\(try Self.word(value))")
        }
        let identity = try Self.hash(made)
        let result = RunFolder(url).adapter
        stages.append(
            StudyStage(
                title: title, folder: url, arguments: words, isTraining: true, identity: identity,
                result: result))
        models["$\(name).\(training.method.rawValue)"] = (result.path, identity)
        models["$\(name)"] = (result.path, identity)
    }

    /// The adapter that a method ended with, and the identity of what made it.
    func model(_ name: String) -> (path: String, identity: String)? { models["$\(name)"] }

    private mutating func planMeasurements(
        of name: String, adapter: (path: String, identity: String)?
    ) throws {
        let common = modelWords
        let own = adapter.map { ["--adapter=\($0.path)"] } ?? []
        func add(_ kind: String, _ words: [String], _ made: [String], result: String) throws {
            let url = measurementFolder(kind, of: name)
            let identity = try Self.hash(words + common + made + [adapter?.identity ?? ""])
            stages.append(
                StudyStage(
                    title: "\(name) \(kind)", folder: url,
                    arguments: words + common + own + ["--output=\(url.path)"], isTraining: false,
                    identity: identity, result: url.appending(path: result)))
        }
        for way in recipe.evaluateBy {
            let files = try Self.hashes([recipe.data, recipe.train])
            try add(way.rawValue, evaluation(way), files, result: "summary.json")
        }
        if !recipe.prompts.isEmpty {
            let (words, made) = try heldOut()
            try add("answers", words, made, result: "answers.json")
        }
        if !recipe.safetyPrompts.isEmpty {
            try add(
                "safety",
                Self.answers(recipe.safetyPrompts, recipe.safetyLimit, recipe.maxSafetyTokens),
                try Self.hashes([recipe.safetyPrompts]), result: "answers.json")
        }
    }

    private func evaluation(_ way: EvaluationMethod) -> [String] {
        var words = ["evaluate", "--task=\(recipe.task.word)", "--method=\(way.rawValue)"]
        if !recipe.data.isEmpty { words.append("--data=\(recipe.data)") }
        if !recipe.subset.isEmpty { words.append("--subset=\(recipe.subset)") }
        if recipe.limit > 0 {
            words.append("--\(recipe.task.value == .casebank ? "count" : "limit")=\(recipe.limit)")
        }
        if recipe.maxTokens > 0 { words.append("--max-tokens=\(recipe.maxTokens)") }
        if recipe.task.value?.vision != nil { words += visionWords }
        return words
    }

    /// The model before any training, as every measurement takes it.
    var modelWords: [String] {
        ["--model=\(recipe.model)", "--dtype=\(recipe.dtype.rawValue)", "--seed=\(recipe.seed)"]
            + (recipe.maxPixels > 0 ? ["--max-pixels=\(recipe.maxPixels)"] : [])
    }

    /// What only tasks with images take.
    var visionWords: [String] {
        imageWords
            + [("train", recipe.train), ("templates", recipe.template.word)]
            .filter { !$0.1.isEmpty }.map { "--\($0.0)=\($0.1)" }
            + (recipe.controls ? [] : ["--no-controls"])
    }

    /// Where the images of the task's questions are.
    var imageWords: [String] {
        [("images", recipe.images), ("image-key", recipe.imageKey)]
            .filter { !$0.1.isEmpty }.map { "--\($0.0)=\($0.1)" }
    }

    private func heldOut() throws -> (words: [String], made: [String]) {
        var words = Self.answers(recipe.prompts, recipe.promptsLimit, recipe.maxAnswerTokens)
        words.append("--reference-column=\(recipe.referenceColumn)")
        if !recipe.formatTags.isEmpty {
            words.append("--format-tags=\(recipe.formatTags.joined(separator: ","))")
            words.append("--format-mode=\(recipe.formatMode.rawValue)")
        }
        var made = try Self.hashes([recipe.prompts])
        if !recipe.rewardModel.isEmpty {
            let judge = try substituted(.string(recipe.rewardModel), &made, "reward_model")
            words.append("--reward-model=\(judge.string ?? "")")
        }
        return (words, made)
    }

    private static func answers(_ file: String, _ limit: Int, _ tokens: Int) -> [String] {
        ["answers", "--data=\(file)", "--max-tokens=\(tokens)"]
            + (limit > 0 ? ["--limit=\(limit)"] : [])
    }

    /// The value with models of earlier stages in the place of their names.
    private func substituted(
        _ value: JSONValue, _ made: inout [String], _ stage: String
    ) throws(StudyError) -> JSONValue {
        switch value {
        case .string(let name) where name.hasPrefix("$"):
            guard let model = models[name] else { throw .unknownReference(name, in: stage) }
            made.append(model.identity)
            return .string(model.path)
        case .array(let values):
            var result: [JSONValue] = []
            for value in values { result.append(try substituted(value, &made, stage)) }
            return .array(result)
        case .object(let members):
            var result: [String: JSONValue] = [:]
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                result[key] = try substituted(value, &made, stage)
            }
            return .object(result)
        default: return value
        }
    }

    /// A value as the command line takes it.
    private static func word(_ value: JSONValue) throws -> String {
        if let text = value.string { return text }
        return String(decoding: try JSONEncoder.line.encode(value), as: UTF8.self)
    }

    static func hashes(_ files: [String]) throws(FormatError) -> [String] {
        var result: [String] = []
        for file in files where !file.isEmpty {
            result.append(try Checksums.sha256(of: URL(filePath: file)))
        }
        return result
    }

    static func hash(_ words: [String]) throws -> String {
        try JSONEncoder().encode(words).withUnsafeBytes { Checksums.sha256(of: $0) }
    }
}

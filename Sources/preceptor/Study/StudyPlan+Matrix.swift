import Datasets
import Evaluation
import FileFormats
import Foundation
import Recipes
import Records

extension StudyPlan {
    /// Every method trained on every part, then every model and the one before training asked all
    /// parts; of a cross-validation every model its own fold alone.
    ///
    /// - Throws: ``RecipeFault``, ``StudyError`` or ``FormatError`` for a file that is missing.
    mutating func planMatrix(home: URL) throws {
        let names = methods.flatMap { method in splits.map { Self.name(method, $0) } }
        guard Set(names).count == names.count else {
            throw RecipeFault(
                key: "matrix", reason: "two models would be called the same: rename a method")
        }
        for method in methods {
            for split in splits {
                for training in method.trainings {
                    try plan(
                        training.on(split, methods: methods, recipe),
                        of: Self.name(method, split),
                        reading: [split.train, split.validation ?? ""], home)
                }
            }
        }
        for method in methods {
            try planMatrix(method, of: nil)
            for split in splits { try planMatrix(method, of: split) }
        }
        if recipe.probe { for split in splits { try planProbe(split) } }
    }

    /// What a model is asked.
    private func asked(_ split: StudySplit?) -> [StudySplit] {
        recipe.folds > 0 ? split.map { [$0] } ?? splits : splits
    }

    /// The folder of what a probe of a fold answered.
    func probeFolder(_ split: StudySplit) -> URL {
        measurementFolder("probe", of: "probe-\(split.name)")
    }

    private mutating func planProbe(_ split: StudySplit) throws {
        var words = ["probe", "--task=\(recipe.task.word)", "--model=\(recipe.model)"]
        words += ["--dtype=\(recipe.dtype.rawValue)"]
        if recipe.maxPixels > 0 { words.append("--max-pixels=\(recipe.maxPixels)") }
        words += imageWords + clusterWords
        let identity = try Self.hash(words + Self.hashes([split.train, split.test]))
        let url = probeFolder(split)
        stages.append(
            StudyStage(
                title: "probe of \(split.name)", folder: url,
                arguments: words + [
                    "--train=\(split.train)", "--data=\(split.test)", "--output=\(url.path)",
                ],
                isTraining: false, identity: identity,
                result: url.appending(path: EvaluationOutput.summaryName)))
    }

    /// The column that folds are parted by, where it is one.
    var clusterColumn: String? {
        guard !recipe.foldBy.isEmpty, case .column(let name) = DatasetSplit.Grouping(recipe.foldBy)
        else { return nil }
        return name
    }

    private var clusterWords: [String] { clusterColumn.map { ["--cluster-by=\($0)"] } ?? [] }

    /// The folder's name of a method trained on a part.
    static func name(_ method: StudyMethod, _ split: StudySplit) -> String {
        "\(method.name)-\(split.name)"
    }

    /// Where the answers of a model stand; of the model before training, in a method's template.
    func matrixFolder(_ method: StudyMethod, of split: StudySplit?) -> URL {
        if let split { return measurementFolder("matrix", of: Self.name(method, split)) }
        let way = method.system == nil ? template(of: method).rawValue : method.name
        return measurementFolder("matrix-\(way)", of: StudyMethod.baseName)
    }

    /// How a method's models are asked; the task's own way where the study does not say.
    func template(of method: StudyMethod) -> AnswerTemplate {
        method.template ?? recipe.template.value
            ?? (recipe.task.value?.vision ?? .omnimedvqa).template
    }

    /// Writes the lists that the measurements read: all parts, with the training file that the
    /// controls of a model learn from, its own; for the model before training each part's.
    func writeLists() throws {
        for split in [nil] + splits.map(Optional.init) {
            let rows = asked(split).map { part in
                ["name": part.name, "data": part.test, "train": split?.train ?? part.train]
            }
            try AtomicFile.write(JSONEncoder.pretty.encode(rows), to: listFile(split))
        }
    }

    private func listFile(_ split: StudySplit?) -> URL {
        folder.appending(path: "parts-\(split?.name ?? StudyMethod.baseName).json")
    }

    private mutating func planMatrix(_ method: StudyMethod, of split: StudySplit?) throws {
        let url = matrixFolder(method, of: split)
        // Methods of one template share what the model before training answers.
        if stages.contains(where: { $0.folder == url }) { return }
        let template = template(of: method).rawValue
        let model = split.flatMap { self.model(Self.name(method, $0)) }
        var words = [
            "evaluate", "--task=\(recipe.task.word)", "--templates=\(template)",
            "--method=\(recipe.evaluateBy[0].rawValue)",
        ]
        words += modelWords
        if let system = method.system { words.append("--system=\(system)") }
        if recipe.limit > 0 { words.append("--limit=\(recipe.limit)") }
        if recipe.maxTokens > 0 { words.append("--max-tokens=\(recipe.maxTokens)") }
        words += imageWords
        if !recipe.controls { words.append("--no-controls") }
        words += clusterWords
        let parts = asked(split)
        let files = parts.map(\.test) + (split.map { [$0.train] } ?? parts.map(\.train))
        let identity = try Self.hash(words + Self.hashes(files) + [model?.identity ?? ""])
        words += ["--batch=\(listFile(split).path)", "--output=\(url.path)"]
        if let model { words.append("--adapter=\(model.path)") }
        stages.append(
            StudyStage(
                title: "\(split.map { Self.name(method, $0) } ?? StudyMethod.baseName) asked "
                    + (recipe.folds > 0 && split != nil ? "its fold, " : "all, ") + template,
                folder: url, arguments: words, isTraining: false, identity: identity,
                result: url.appending(path: "batch.json")))
    }
}

extension StudyMethod.Training {
    /// The same training on one part; models of earlier stages are those of the same part, and
    /// `{part}` in an override is its name, `{train}` and `{validation}` its files.
    fileprivate func on(
        _ split: StudySplit, methods: [StudyMethod], _ recipe: StudyRecipe
    ) -> StudyMethod.Training {
        var own = overrides.mapValues { Self.renamed($0, split, methods) }
        func key(_ path: PartialKeyPath<TrainingSettings>) -> String { TrainingSettings.key(path) }
        if own[key(\.trainFile)] == nil, own[key(\.trainFiles)] == nil {
            own[key(\.trainFile)] = .string(split.train)
        }
        if own[key(\.validationFile)] == nil, method.validates, let validation = split.validation {
            own[key(\.validationFile)] = .string(validation)
        }
        if !recipe.images.isEmpty { own[key(\.imageRoot)] = .string(recipe.images) }
        if !recipe.imageKey.isEmpty { own[key(\.imageKey)] = .string(recipe.imageKey) }
        return StudyMethod.Training(method: method, recipe: self.recipe, overrides: own)
    }

    private static func renamed(
        _ value: JSONValue, _ split: StudySplit, _ methods: [StudyMethod]
    ) -> JSONValue {
        switch value {
        case .string(let text) where text.hasPrefix("$"):
            let parts = text.dropFirst().split(separator: ".", maxSplits: 1)
            guard let name = parts.first, methods.contains(where: { $0.name == name }) else {
                return value
            }
            let rest = parts.count > 1 ? ".\(parts[1])" : ""
            return .string("$\(name)-\(split.name)\(rest)")
        case .string(let text):
            let names = [
                "{part}": split.name, "{train}": split.train,
                "{validation}": split.validation ?? "{validation}",
            ]
            return .string(
                names.reduce(text) { $0.replacingOccurrences(of: $1.key, with: $1.value) })
        case .array(let values): return .array(values.map { renamed($0, split, methods) })
        case .object(let members):
            return .object(members.mapValues { renamed($0, split, methods) })
        default: return value
        }
    }
}

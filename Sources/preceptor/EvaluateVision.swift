import ArgumentParser
import Attribution
import Checkpoints
import Evaluation
import FileFormats
import Foundation
import Generation

/// What only tasks with images have.
struct VisionOptions: ParsableArguments {
    @OptionGroup var images: RecordImageOptions

    @Option(
        help: """
            omnimedvqa, vqa-rad: training questions that majority and text prior learn from; with \
            --batch a folder of files of the same names.
            """)
    var train: String?

    @Option(
        help: """
            omnimedvqa, vqa-rad: think, no-think, direct or plain, several with commas; the first \
            is the headline.
            """)
    var templates: String?

    @Option(
        help: """
            omnimedvqa, vqa-rad: a column, such as patient, whose questions belong together: \
            intervals resample them together, and those that share an image.
            """)
    var clusterBy: String?

    @Option(help: "omnimedvqa, vqa-rad: a system prompt in the place of the template's words.")
    var system: String?

    @Flag(help: "omnimedvqa, vqa-rad: leave out blank and shuffled images.")
    var noControls = false

    @Option(help: "omnimedvqa, vqa-rad: pictures of where it looked for so many questions.")
    var overlays = 0

    @Option(
        help: """
            omnimedvqa, vqa-rad: evaluate every .json and .jsonl file of a folder instead of \
            --data; what is finished is kept.
            """)
    var batch: String?

    var isEmpty: Bool {
        images.words.isEmpty && train == nil && templates == nil && system == nil && !noControls
            && overlays == 0 && batch == nil && clusterBy == nil
    }

    /// - Parameter kind: decides the default.
    func chosenTemplates(_ kind: VisionTask.Kind) throws -> [AnswerTemplate] {
        guard let templates else { return [kind.template] }
        let names = templates.split(separator: ",").map(String.init)
        let known = names.compactMap(AnswerTemplate.init)
        guard !names.isEmpty, known.count == names.count, Set(known).count == known.count else {
            let all = AnswerTemplate.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--templates must be some of \(all), each once")
        }
        return known
    }
}

/// `preceptor evaluate` of one model on files of image questions.
struct VisionRun {
    let model: LanguageModel
    let names: (model: String, adapter: String?)
    let kind: VisionTask.Kind
    let settings: VisionSettings
    let selection: ItemSelection
    let options: VisionOptions
    /// What decides the answers besides task and settings.
    let identity: [String]
    /// Most pixels of an image, where the model's processor was told.
    let maxPixels: Int?

    /// The questions of a file.
    func task(_ data: URL) throws -> VisionTask {
        try VisionTask.load(
            kind, data, images: options.images.origin, clusteredBy: options.clusterBy,
            selection: selection)
    }

    /// Evaluates a file's questions into a folder.
    func evaluate(
        _ task: VisionTask, of data: URL, train: URL?, into folder: URL
    ) throws -> VisionSummary {
        let training = try train.map { try TextTraining(reading: $0) }
        let evaluation = VisionEvaluation(
            task, settings: settings, folder: folder, identity: identity, names: names)
        let (summary, results) = try evaluation.run(training: training) { task in
            try Measuring.measure(
                model, task, settings.method, maxTokens: settings.maximumTokens, names: names,
                seed: settings.seed
            ).items
        }
        let views = try views(evaluation.task, results)
        if let first = results.first {
            try EvaluationOutput(
                summary: EvaluationSummary(
                    task: kind.rawValue, method: settings.method, model: names.model,
                    adapter: names.adapter, seed: settings.seed, items: first.items),
                items: first.items
            ).write(to: folder)
        }
        try VisionReport(summary, views: views, command: command(data)).write(to: folder)
        return summary
    }

    /// Where the model looked at the first questions with one image.
    private func views(
        _ task: VisionTask, _ results: [TemplateResults]
    ) throws -> [VisionReport.View] {
        guard options.overlays > 0, let first = results.first else { return [] }
        let looker = try Attributor(model)
        let asked = task.task(first.template, system: settings.systemPrompt)
        let places = task.questions.indices.filter { task.questions[$0].images.count == 1 }
        return places.prefix(options.overlays).compactMap { place in
            let (item, result) = (asked.items[place], first.items[place])
            do {
                let view = try looker.look(at: item, asked.frame, answer: result.predicted)
                return VisionReport.View(
                    id: item.id, question: task.questions[place].asked.question,
                    expected: item.gold, answer: view.answer, saliency: view.saliency,
                    attention: view.attention)
            } catch {
                // A picture less, with its reason, and no evaluation lost.
                Output.note("no overlay of \(item.id): \(error)")
                return nil
            }
        }
    }

    private func command(_ data: URL) -> String {
        var words = ["preceptor evaluate --task \(kind.rawValue) --data \(data.relativePath)"]
        words.append("--model \(names.model)")
        if let adapter = names.adapter { words.append("--adapter \(adapter)") }
        if let train = options.train { words.append("--train \(train)") }
        words += options.images.words
        if let maxPixels { words.append("--max-pixels \(maxPixels)") }
        words.append(
            "--templates \(settings.templates.map(\.rawValue).joined(separator: ","))")
        words.append("--method \(settings.method.rawValue) --seed \(settings.seed)")
        return words.joined(separator: " ")
    }
}

extension ModelOptions {
    /// Hashes of the model, its tokenizer and the adapter on it, the number format and the images'
    /// size: what decides answers.
    func identity(of loaded: LanguageModel) throws -> [String] {
        var words = [
            try loaded.contentHash(), try loaded.encodingHash() ?? "", dtype.rawValue,
        ]
        if let maxPixels { words.append("max-pixels \(maxPixels)") }
        guard let adapter else { return words }
        return words + [try AdapterFiles.contentHash(of: URL(filePath: adapter))]
    }
}

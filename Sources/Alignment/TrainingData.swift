import Datasets
import Foundation
import Generation

/// The records of a run, read and checked.
struct TrainingData<Example: TokenizedRecord> {
    let training: [Example]
    let validation: [Example]
    let hashes: DataHashes

    /// Reads the training file and the held-out records.
    ///
    /// - Throws: ``DatasetError`` with every bad record, unless the recipe leaves them out.
    init<Tokenizer: RecordTokenizer>(
        _ settings: TrainingSettings, _ tokenizer: Tokenizer, warn: (String) -> Void
    ) throws where Tokenizer.Example == Example {
        let policy = SkipPolicy(rawValue: settings.invalidRecords) ?? .stop
        func read(_ path: String) throws -> TokenizedFile<Example> {
            let file = try TokenizedFile<Example>(
                reading: URL(filePath: path), tokenizer: tokenizer, policy: policy,
                imageRoot: settings.imageRoot.isEmpty ? nil : URL(filePath: settings.imageRoot))
            for problem in file.problems { warn("left out: \(problem)") }
            for warning in file.warnings { warn("\(warning)") }
            return file
        }
        let file = try read(settings.trainFile)
        if !settings.validationFile.isEmpty {
            let held = try read(settings.validationFile)
            (training, validation) = (file.examples, held.examples)
            hashes = DataHashes(training: file.sha256, validation: held.sha256)
        } else if settings.validationSplit > 0 {
            let split = try ValidationSplit(
                file.examples, size: .fraction(settings.validationSplit), seed: settings.seed)
            (training, validation) = (split.training, split.validation)
            hashes = DataHashes(training: file.sha256, validation: nil)
        } else {
            (training, validation) = (file.examples, [])
            hashes = DataHashes(training: file.sha256, validation: nil)
        }
    }
}

// Tokenizers as a recipe asks for them.

extension TrainingSettings {
    fileprivate var overlong: OverlongPolicy { OverlongPolicy(rawValue: overlongRecords) ?? .stop }
}

extension ExampleTokenizer {
    init(_ settings: TrainingSettings, _ model: LanguageModel) {
        self.init(
            encoding: model.encoding, maxLength: settings.maxLength, overlong: settings.overlong)
    }
}

extension PairTokenizer {
    init(_ settings: TrainingSettings, _ model: LanguageModel) {
        self.init(
            encoding: model.encoding, maxLength: settings.maxLength, overlong: settings.overlong)
    }
}

extension JudgementTokenizer {
    init(_ settings: TrainingSettings, _ model: LanguageModel) {
        self.init(
            encoding: model.encoding, maxLength: settings.maxLength, overlong: settings.overlong)
    }
}

extension PromptTokenizer {
    init(_ settings: TrainingSettings, _ rollout: RolloutSettings, _ model: LanguageModel) {
        let room = model.decoder.configuration.maximumPositions - rollout.maxCompletionLength
        self.init(
            encoding: model.encoding,
            systemPrompt: rollout.systemPrompt.isEmpty ? nil : rollout.systemPrompt,
            maxLength: rollout.maxPromptLength > 0
                ? min(rollout.maxPromptLength, room) : max(room, 1),
            overlong: settings.overlong)
    }
}

import Datasets
import FileFormats
import Foundation
import Generation

/// The records of a run, read and checked.
struct TrainingData<Example: TokenizedRecord> {
    let training: [Example]
    let validation: [Example]
    let hashes: DataHashes

    /// Reads the training file and the held-out records.
    ///
    /// - Throws: ``DatasetError`` with every bad record of both files, unless the recipe leaves
    ///   them out; ``FormatError`` where an image is gone again.
    init<Tokenizer: RecordTokenizer>(
        _ settings: TrainingSettings, _ tokenizer: Tokenizer, warn: (String) -> Void
    ) throws where Tokenizer.Example == Example {
        let policy = SkipPolicy(rawValue: settings.invalidRecords) ?? .stop
        let images = ImageOrigin(root: settings.imageRoot, column: settings.imageKey)
        let held = settings.validationFile.isEmpty ? [] : [settings.validationFile]
        let files = try ([settings.trainFile] + held).usable { path throws(DatasetError) in
            try TokenizedFile<Example>(
                reading: URL(filePath: path), tokenizer: tokenizer, policy: policy,
                images: images)
        }
        for file in files {
            for problem in file.problems { warn("left out: \(problem)") }
            for warning in file.warnings { warn("\(warning)") }
            if tokenizer.encoding.measuring != nil, let few = ImageShare(file.examples).note {
                warn("\(file.file): \(few)")
            }
        }
        let file = files[0]
        if files.count > 1 {
            (training, validation) = (file.examples, files[1].examples)
        } else if settings.validationSplit > 0 {
            let split = try ValidationSplit(
                file.examples, size: .fraction(settings.validationSplit), seed: settings.seed)
            (training, validation) = (split.training, split.validation)
        } else {
            (training, validation) = (file.examples, [])
        }
        let shown = (training + validation).flatMap(\.images).map(\.reference)
        hashes = DataHashes(
            training: file.sha256, validation: files.count > 1 ? files[1].sha256 : nil,
            images: shown.isEmpty ? nil : try Checksums.sha256(ofImages: shown))
    }
}

extension [String] {
    /// What can be read of files.
    ///
    /// - Throws: the unusable records of all of them, or that a file cannot be read at all.
    fileprivate func usable<File>(
        _ read: (String) throws(DatasetError) -> File
    ) throws(DatasetError) -> [File] {
        var (files, problems) = ([File](), [RecordProblem]())
        var isUnusable = false
        for path in self {
            do throws(DatasetError) {
                files.append(try read(path))
            } catch .unusable(let found) {
                isUnusable = true
                problems += found
            }
        }
        if isUnusable { throw .unusable(problems) }
        return files
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

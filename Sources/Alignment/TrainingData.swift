import Datasets
import FileFormats
import Foundation
import Generation
import Recipes

/// The records of a run, read and checked.
struct TrainingData<Example: TokenizedRecord> {
    let training: [Example]
    let validation: [Example]
    let hashes: DataHashes
    /// The file that each training example comes from, counted from 0.
    let sources: [Int]
    /// How often records of each file are drawn.
    let fileWeights: [Double]

    /// How often each training example is drawn; nil for once an epoch.
    var sampling: RecordSampling? {
        fileWeights.count > 1 ? RecordSampling(files: sources, weights: fileWeights) : nil
    }

    /// Reads the training files and the held-out records.
    ///
    /// - Throws: ``DatasetError`` with every bad record of both files, unless the recipe leaves
    ///   them out; ``FormatError`` where an image is gone again.
    init<Tokenizer: RecordTokenizer>(
        _ settings: TrainingSettings, _ tokenizer: Tokenizer, warn: (String) -> Void
    ) throws where Tokenizer.Example == Example {
        let policy = settings.invalidRecords
        let images = ImageOrigin(root: settings.imageRoot, column: settings.imageKey)
        let named = try settings.files()
        let held = settings.validationFile.isEmpty ? [] : [settings.validationFile]
        let files = try (named.map(\.path) + held).usable { path throws(DatasetError) in
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
        let (mixed, validated) = (files.prefix(named.count), files.dropFirst(named.count).first)
        let examples = mixed.flatMap(\.examples)
        let origins = mixed.enumerated().flatMap { number, file in
            file.examples.map { _ in number }
        }
        if validated == nil, settings.validationSplit > 0 {
            let split = try ValidationSplit(
                examples, size: .fraction(settings.validationSplit), seed: settings.seed,
                groups: try Self.groups(of: mixed, by: settings.validationBy, images))
            (training, validation) = (split.training, split.validation)
            sources = zip(origins, split.isHeldOut).filter { !$1 }.map(\.0)
        } else {
            (training, validation) = (examples, validated?.examples ?? [])
            sources = origins
        }
        fileWeights = named.map(\.weight)
        let shown = (training + validation).flatMap(\.images).map(\.reference)
        hashes = DataHashes(
            training: mixed.map(\.sha256).joined(separator: " "),
            validation: validated?.sha256,
            images: shown.isEmpty ? nil : try Checksums.sha256(ofImages: shown))
    }
}

extension TrainingData {
    /// What examples that a split must not part have in common; nil where no column says so.
    private static func groups(
        of files: ArraySlice<TokenizedFile<Example>>, by column: String, _ images: ImageOrigin
    ) throws -> [UInt64]? {
        guard !column.isEmpty else { return nil }
        return try files.flatMap { file in
            let keys = try SplitFile(scanning: URL(filePath: file.file), images: images)
                .keys(ofColumn: column)
            return file.examples.map { keys[$0.line] ?? $0.identity }
        }
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

extension ExampleTokenizer {
    init(_ settings: TrainingSettings, _ model: LanguageModel) {
        self.init(
            encoding: model.encoding, maxLength: settings.maxLength,
            overlong: settings.overlongRecords)
    }
}

extension PairTokenizer {
    init(_ settings: TrainingSettings, _ model: LanguageModel) {
        self.init(
            encoding: model.encoding, maxLength: settings.maxLength,
            overlong: settings.overlongRecords)
    }
}

extension JudgementTokenizer {
    init(_ settings: TrainingSettings, _ model: LanguageModel) {
        self.init(
            encoding: model.encoding, maxLength: settings.maxLength,
            overlong: settings.overlongRecords)
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
            overlong: settings.overlongRecords)
    }
}

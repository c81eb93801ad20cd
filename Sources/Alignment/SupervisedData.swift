import Datasets
import Foundation
import Generation

/// The records of a supervised run, read and checked.
struct SupervisedData {
    let training: [TokenizedExample]
    let validation: [TokenizedExample]
    let hashes: (training: String, validation: String?)

    init(
        _ recipe: SupervisedRecipe, model: LanguageModel, warn: (String) -> Void
    ) throws {
        let tokenizer = ExampleTokenizer(
            encoding: model.encoding, maxLength: recipe.maxLength,
            overlong: OverlongPolicy(rawValue: recipe.overlongRecords) ?? .stop)
        let policy = SkipPolicy(rawValue: recipe.invalidRecords) ?? .stop
        func read(_ path: String) throws -> TokenizedFile<TokenizedExample> {
            let file = try TokenizedFile(
                reading: URL(filePath: path), tokenizer: tokenizer, policy: policy)
            for problem in file.problems { warn("left out: \(problem)") }
            for warning in file.warnings { warn("\(warning)") }
            return file
        }
        let file = try read(recipe.trainFile)
        if !recipe.validationFile.isEmpty {
            let held = try read(recipe.validationFile)
            (training, validation) = (file.examples, held.examples)
            hashes = (file.sha256, held.sha256)
        } else if recipe.validationSplit > 0 {
            let split = try ValidationSplit(
                file.examples, size: .fraction(recipe.validationSplit), seed: recipe.seed)
            (training, validation) = (split.training, split.validation)
            hashes = (file.sha256, nil)
        } else {
            (training, validation) = (file.examples, [])
            hashes = (file.sha256, nil)
        }
    }
}

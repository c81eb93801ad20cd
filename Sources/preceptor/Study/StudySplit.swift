import Alignment
import Datasets
import FileFormats
import Foundation
import Records

/// A part of a data set in a study of transfer, or a fold of one in a cross-validation: what one
/// model is trained on, and what is asked.
struct StudySplit {
    let name: String
    /// Absolute, as the others.
    let train: String
    /// What a fold holds out of its training for validation; nil for nothing.
    var validation: String?
    let test: String

    /// - Parameter home: the folder that paths count from.
    /// - Throws: the first element of `matrix` that cannot be used.
    static func list(_ values: [JSONValue], home: URL) throws(RecipeFault) -> [StudySplit] {
        var splits: [StudySplit] = []
        for (index, value) in values.enumerated() {
            guard let keys = value.object, let name = keys["name"]?.string,
                let train = keys["train"]?.string, let test = keys["test"]?.string
            else { throw fault("number \(index + 1) is not a mapping of name, train and test") }
            for key in keys.keys.sorted() where !["name", "train", "test"].contains(key) {
                throw fault("\(name): '\(key)' is not one of name, train, test")
            }
            guard StudyMethod.isName(name) else {
                throw fault("'\(name)' is no name: letters, digits, hyphens, underscores")
            }
            guard !splits.contains(where: { $0.name == name }) else {
                throw fault("two are called '\(name)'")
            }
            splits.append(
                StudySplit(name: name, train: home.resolved(train), test: home.resolved(test)))
        }
        return splits
    }

    /// The folds of a study's data, whose files are written into the study's folder: the same ones
    /// each time.
    ///
    /// - Throws: `DatasetError` with every unusable record, `SplitError`, or `FormatError` where a
    ///   file cannot be written.
    static func folds(_ recipe: StudyRecipe) throws -> [StudySplit] {
        let images = recipe.imageOrigin
        let folds = try DatasetFolds(
            SplitFile(reading: URL(filePath: recipe.data), images: images),
            by: recipe.foldBy.isEmpty ? nil : DatasetSplit.Grouping(recipe.foldBy),
            count: recipe.folds, seed: recipe.seed)
        return try (0..<recipe.folds).map { number in
            let name = "fold\(number + 1)"
            let folder = URL(filePath: recipe.outputDir).appending(path: "folds/\(name)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let files = DatasetFolds.Files(
                training: folder.appending(path: "train.json"),
                validation: recipe.foldValidation > 0
                    ? folder.appending(path: "validation.json") : nil,
                test: folder.appending(path: "test.json"))
            try folds.write(
                fold: number, to: files, validationShare: recipe.foldValidation,
                rebasing: images.root == nil)
            return StudySplit(
                name: name, train: files.training.path, validation: files.validation?.path,
                test: files.test.path)
        }
    }

    private static func fault(_ reason: String) -> RecipeFault {
        RecipeFault(key: "matrix", reason: reason)
    }
}

import Alignment
import Datasets
import FileFormats
import Foundation

/// The folds of a study's data, and the files that they stand in: what a model was trained without
/// must still be what it is asked when the study goes on.
struct StudyFolds {
    private let folds: DatasetFolds
    private let recipe: StudyRecipe

    /// Deals the data out; nil for a study without folds. Nothing has been written yet.
    ///
    /// - Throws: `DatasetError` with every unusable record, `RecipeFault`.
    init?(_ recipe: StudyRecipe) throws {
        guard recipe.folds > 0 else { return nil }
        self.recipe = recipe
        let file = try SplitFile(
            reading: URL(filePath: recipe.data), images: recipe.imageOrigin)
        do throws(SplitError) {
            folds = try DatasetFolds(
                file, by: recipe.foldBy.isEmpty ? nil : DatasetSplit.Grouping(recipe.foldBy),
                count: recipe.folds, seed: recipe.seed)
        } catch {
            var key = "folds"
            if case .noColumn = error { key = "fold_by" }
            throw RecipeFault(key: key, reason: "\(error)")
        }
    }

    /// Writes a file for each part of each fold, or finds the same ones there.
    ///
    /// - Throws: ``StudyError/changed(stage:folder:)`` where others are there: models may have been
    ///   trained on them. `FormatError` where a file cannot be written.
    func write(to study: URL) throws -> [StudySplit] {
        let (folder, made) = (study.appending(path: "folds"), study.appending(path: "folds.new"))
        let files = FileManager.default
        if files.fileExists(atPath: made.path) { try files.removeItem(at: made) }
        defer { try? files.removeItem(at: made) }
        let splits = try (0..<recipe.folds).map { number in
            let name = "fold\(number + 1)"
            try write(number, to: made.appending(path: name))
            return split(name, in: folder.appending(path: name))
        }
        if files.fileExists(atPath: folder.path) {
            guard try Self.contents(of: folder) == Self.contents(of: made) else {
                throw StudyError.changed(stage: "the set of folds", folder: study.path)
            }
        } else {
            try files.moveItem(at: made, to: folder)
        }
        return splits
    }

    private func write(_ fold: Int, to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let split = split("", in: folder)
        try folds.write(
            fold: fold,
            to: DatasetFolds.Files(
                training: URL(filePath: split.train),
                validation: split.validation.map { URL(filePath: $0) },
                test: URL(filePath: split.test)),
            validationShare: recipe.foldValidation, rebasing: recipe.imageOrigin.root == nil)
    }

    private func split(_ name: String, in folder: URL) -> StudySplit {
        StudySplit(
            name: name, train: folder.appending(path: "train.json").path,
            validation: recipe.foldValidation > 0
                ? folder.appending(path: "validation.json").path : nil,
            test: folder.appending(path: "test.json").path)
    }

    private static func contents(of folder: URL) throws(FormatError) -> [String: String] {
        var hashes: [String: String] = [:]
        for path in try FolderListing.regularFiles(below: folder) {
            hashes[path] = try Checksums.sha256(of: folder.appending(path: path))
        }
        return hashes
    }
}

import Datasets
import FileFormats
import Foundation
import Recipes

/// The folds of a study's data, and the files that they stand in: what a model was trained without
/// must still be what it is asked when the study goes on.
struct StudyFolds {
    private let data: SplitFile
    private let folds: DatasetFolds
    private let recipe: StudyRecipe

    /// Deals the data out; nil for a study without folds. Nothing has been written yet.
    ///
    /// - Throws: `DatasetError` with every unusable record, `RecipeFault`.
    init?(_ recipe: StudyRecipe) throws {
        guard recipe.folds > 0 else { return nil }
        self.recipe = recipe
        data = try SplitFile(reading: URL(filePath: recipe.data), images: recipe.imageOrigin)
        do throws(SplitError) {
            folds = try DatasetFolds(
                data, by: recipe.foldBy.isEmpty ? nil : DatasetSplit.Grouping(recipe.foldBy),
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
            guard try contents(of: folder) == contents(of: made) else {
                throw StudyError.changed(stage: "the set of folds", folder: study.path)
            }
        } else {
            try files.moveItem(at: made, to: folder)
        }
        return splits
    }

    /// What to say of files that every fold trains on besides its own, if they show what is asked.
    ///
    /// - Parameter home: the folder that the methods' files count from.
    /// - Throws: `DatasetError` where such a file cannot be read.
    func warnings(of methods: [StudyMethod], home: URL) throws(DatasetError) -> [String] {
        let others = methods.flatMap(\.trainings).flatMap { training in
            (training.overrides["train_files"]?.array ?? []).compactMap { $0["file"]?.string }
        }
        var warnings: [String] = []
        // What has a fold's name in it is the fold's own.
        for path in Set(others).sorted() where !path.contains("{") {
            let url = URL(filePath: home.resolved(path))
            let file = try SplitFile(scanning: url, images: ImageOrigin(root: recipe.images))
            let shared = SplitOverlap(training: file, test: data).sharedImages
            guard shared > 0 else { continue }
            warnings.append(
                "\(url.path): every fold trains on it, and it shows \(shared) of the images that "
                    + "are asked about")
        }
        return warnings
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

    /// A hash of each file that a folder of folds has; nil for one that is missing.
    private func contents(of folder: URL) throws(FormatError) -> [String?] {
        var hashes: [String?] = []
        for number in 0..<recipe.folds {
            let split = split("", in: folder.appending(path: "fold\(number + 1)"))
            for path in [split.train, split.validation ?? split.train, split.test] {
                let isThere = FileManager.default.fileExists(atPath: path)
                hashes.append(isThere ? try Checksums.sha256(of: URL(filePath: path)) : nil)
            }
        }
        return hashes
    }
}

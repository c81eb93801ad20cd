import Foundation
import Records

/// A file of records that are trained on, and how often they are drawn beside those of other files.
package struct TrainingFile: Sendable, Hashable {
    package let path: String
    /// Of an epoch's records, to any sum.
    package let weight: Double

    /// - Throws: the first element of `train_files` that is no mapping of `file` and `weight`.
    static func list(_ values: [JSONValue]) throws(RecipeFault) -> [TrainingFile] {
        var files: [TrainingFile] = []
        for (index, value) in values.enumerated() {
            guard let keys = value.object, let path = keys["file"]?.string, !path.isEmpty else {
                throw fault("number \(index + 1) is not a mapping of file and weight")
            }
            for key in keys.keys.sorted() where !["file", "weight"].contains(key) {
                throw fault("\(path): '\(key)' is not one of file, weight")
            }
            let weight = keys["weight"].map { $0.number ?? .nan } ?? 1
            guard (1e-6...1e6).contains(weight) else {
                throw fault("\(path): weight must be from 0.000001 to 1000000")
            }
            guard !files.contains(where: { $0.path == path }) else {
                throw fault("\(path) is named twice")
            }
            files.append(TrainingFile(path: path, weight: weight))
        }
        return files
    }

    /// A list with paths that count from a folder; what is no list of mappings as it is.
    static func resolved(_ value: JSONValue, in folder: URL) -> JSONValue {
        guard let list = value.array else { return value }
        return .array(
            list.map { element in
                guard var keys = element.object, let path = keys["file"]?.string, !path.isEmpty
                else { return element }
                keys["file"] = .string(folder.resolved(path))
                return .object(keys)
            })
    }

    private static func fault(_ reason: String) -> RecipeFault {
        RecipeFault(key: "train_files", reason: reason)
    }
}

extension TrainingSettings {
    /// What is trained on: `train_file` by itself, or the files of `train_files` mixed.
    ///
    /// - Throws: that there is none, or the first that cannot be used.
    package func files() throws(RecipeFault) -> [TrainingFile] {
        let mixed = try TrainingFile.list(trainFiles)
        guard mixed.isEmpty else {
            try RecipeFault.require(
                trainFile.isEmpty, "train_file", "cannot stand beside train_files")
            return mixed
        }
        try RecipeFault.require(!trainFile.isEmpty, "train_file", "is missing")
        return [TrainingFile(path: trainFile, weight: 1)]
    }
}

import Foundation
import Recipes
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

    private static func fault(_ reason: String) -> RecipeFault {
        RecipeFault(key: "matrix", reason: reason)
    }
}

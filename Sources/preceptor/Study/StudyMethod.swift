import Evaluation
import Recipes
import Records

/// A model of a study: a name, and the trainings that make it, one after the other.
struct StudyMethod {
    /// One training: a subcommand, its recipe and what is changed of it.
    struct Training {
        let method: TrainingMethod
        let recipe: String
        let overrides: [String: JSONValue]
    }

    let name: String
    let trainings: [Training]
    /// How its models are asked in a study of transfer; nil for the task's own way.
    let template: AnswerTemplate?
    /// A system prompt in the place of the template's words.
    let system: String?

    /// The model that all are compared with.
    static let baseName = "base"

    /// - Throws: the first element of `methods` that cannot be used, with its place or name.
    static func list(_ values: [JSONValue]) throws(RecipeFault) -> [StudyMethod] {
        var methods: [StudyMethod] = []
        for (index, value) in values.enumerated() {
            let method = try StudyMethod(value, place: index + 1)
            if methods.contains(where: { $0.name == method.name }) {
                throw fault("two are called '\(method.name)'")
            }
            methods.append(method)
        }
        if methods.isEmpty { throw fault("is missing or empty") }
        return methods
    }

    private init(_ value: JSONValue, place: Int) throws(RecipeFault) {
        guard let keys = value.object, let name = keys["name"]?.string else {
            throw Self.fault("number \(place) is not a mapping with a name")
        }
        guard Self.isName(name), name != Self.baseName else {
            throw Self.fault(
                "'\(name)' is no name: letters, digits, hyphens, underscores, and not 'base'")
        }
        let asking = ["template", "system"]
        template = try Self.template(keys, of: name)
        system = keys["system"]?.string
        let known = ["name", "stages"] + asking
        if let stages = keys["stages"] {
            try Self.refuse(keys, but: known, of: name)
            trainings = try (stages.array ?? []).map { stage throws(RecipeFault) in
                try Self.training(stage, of: name, extra: [])
            }
        } else {
            trainings = [try Self.training(value, of: name, extra: ["name"] + asking)]
        }
        self.name = name
        guard let last = trainings.last, last.method.writes == .policy else {
            throw Self.fault("\(name): the last stage must make a model that answers")
        }
        guard Set(trainings.map(\.method)).count == trainings.count else {
            throw Self.fault("\(name): two stages of one method need two models")
        }
    }

    /// Letters, digits, hyphens and underscores: a folder's name everywhere.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { nameBytes.contains($0) }
    }

    private static func template(
        _ keys: [String: JSONValue], of name: String
    ) throws(RecipeFault) -> AnswerTemplate? {
        guard let value = keys["template"] else { return nil }
        guard let template = value.string.flatMap(AnswerTemplate.init) else {
            let all = AnswerTemplate.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault("\(name): 'template' is none of \(all)")
        }
        return template
    }

    private static func training(
        _ value: JSONValue, of name: String, extra: [String]
    ) throws(RecipeFault) -> Training {
        guard let keys = value.object, let word = keys["method"]?.string,
            let recipe = keys["recipe"]?.string, !recipe.isEmpty
        else { throw fault("\(name): a stage needs 'method' and 'recipe'") }
        try refuse(keys, but: ["method", "recipe", "overrides"] + extra, of: name)
        guard let method = TrainingMethod(rawValue: word) else {
            let all = TrainingMethod.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault("\(name): '\(word)' is none of \(all)")
        }
        guard let overrides = (keys["overrides"] ?? .object([:])).object else {
            throw fault("\(name): 'overrides' is not a mapping of keys")
        }
        let own = [
            TrainingSettings.key(\.outputDir), TrainingSettings.key(\.model),
            TrainingSettings.key(\.dtype),
        ]
        for key in own where overrides[key] != nil {
            throw fault("\(name): '\(key)' is the study's to set")
        }
        return Training(method: method, recipe: recipe, overrides: overrides)
    }

    private static func refuse(
        _ keys: [String: JSONValue], but known: [String], of name: String
    ) throws(RecipeFault) {
        for key in keys.keys.sorted() where !known.contains(key) {
            throw fault("\(name): '\(key)' is not one of \(known.joined(separator: ", "))")
        }
    }

    private static func fault(_ reason: String) -> RecipeFault {
        RecipeFault(key: "methods", reason: reason)
    }

    private static let nameBytes = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
}

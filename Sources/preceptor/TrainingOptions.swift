import Alignment
import ArgumentParser

/// What every training subcommand takes.
struct TrainingOptions: ParsableArguments {
    @Argument(help: "The recipe, YAML.")
    var recipe: String

    @Flag(help: "Go on from the newest sound checkpoint of the run.")
    var resume = false

    @Flag(help: "With --resume: go on although what the run depends on has changed; tells what.")
    var acceptChanged = false

    @OptionGroup var engine: EngineOptions

    func validate() throws {
        if acceptChanged, !resume { throw ValidationError("--accept-changed needs --resume") }
    }

    var resumption: Resumption {
        resume ? acceptChanged ? .acceptsChanges : .goesOn : .begins
    }
}

/// Keys and values that no option took: `--key value` and `--key=value`.
enum RecipeOverrides {
    static func pairs(_ words: [String]) throws -> [(key: String, value: String)] {
        var result: [(key: String, value: String)] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                throw ValidationError("unexpected argument '\(word)'")
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = parts.first,
                let value = parts.dropFirst().first ?? rest.popFirst()?[...]
            else { throw ValidationError("\(word) needs a value") }
            result.append((String(key), String(value)))
        }
        return result
    }
}

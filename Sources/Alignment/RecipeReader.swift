import FileFormats
import Foundation
import Records

/// Reads recipes: the defaults, overlaid by the file, overlaid by the command line.
public enum RecipeReader {
    /// - Parameters:
    ///   - file: YAML, a flat mapping; unknown keys are refused.
    ///   - overrides: `key value` pairs from the command line; where no text is expected, the
    ///     value is read as YAML.
    /// - Throws: ``RecipeError`` naming file and key.
    public static func read<R: Recipe>(
        _: R.Type, file: URL?, overrides: [(key: String, value: String)]
    ) throws(RecipeError) -> R {
        let defaults = try object(R(), in: "defaults")
        var values = defaults
        let origin = file?.path ?? "command line"
        if let file {
            let texts = Set(defaults.filter { $0.value.string != nil }.keys)
            let given = try RecipeText.values(of: file, texts: texts)
            for (key, value) in given.sorted(by: { $0.key < $1.key }) {
                try check(key, value, R.self, defaults, file.path)
                values[key] = R.resolved(value, key, in: file.deletingLastPathComponent())
            }
        }
        let folder = URL(filePath: FileManager.default.currentDirectoryPath)
        for (key, text) in overrides {
            let key = key.replacingOccurrences(of: "-", with: "_")
            let value = try override(text, defaults[key], key)
            try check(key, value, R.self, defaults, "command line")
            values[key] = R.resolved(value, key, in: folder)
        }
        let given = Set(overrides.map { $0.key.replacingOccurrences(of: "-", with: "_") })
        do throws(RecipeFault) {
            return try decode(values, defaults)
        } catch {
            let file = error.key.map(given.contains) == true ? "command line" : origin
            throw RecipeError(file: file, key: error.key, reason: error.reason)
        }
    }

    /// The recipe as YAML, keys sorted.
    public static func yaml(_ recipe: some Recipe) throws -> String {
        try RecipeText.text(object(recipe, in: "recipe"))
    }

    /// A hash of everything a resumed run must not change.
    public static func fingerprint<R: Recipe>(_ recipe: R) throws -> String {
        let values = try object(recipe, in: "recipe").filter { !R.freeKeys.contains($0.key) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(values).withUnsafeBytes { Checksums.sha256(of: $0) }
    }

    /// Keys whose values differ from those of a file that an earlier run wrote, without those that
    /// a resumed run may change; none where the file cannot be read.
    static func changedKeys<R: Recipe>(of recipe: R, since file: URL) -> [String] {
        guard let before = try? read(R.self, file: file, overrides: []),
            let old = try? object(before, in: file.path),
            let new = try? object(recipe, in: "recipe")
        else { return [] }
        return new.keys.filter { !R.freeKeys.contains($0) && new[$0] != old[$0] }.sorted()
    }

    /// What a word of the command line means for a key with this default.
    private static func override(
        _ text: String, _ value: JSONValue?, _ key: String
    ) throws(RecipeError) -> JSONValue {
        if value?.string != nil { return .string(text) }
        // One name stands for a list of one, and a comma separates several.
        if value?.array != nil, !text.hasPrefix("[") {
            return .array(text.split(separator: ",").map { .string(String($0)) })
        }
        return try RecipeText.value(text, key)
    }

    private static func check<R: Recipe>(
        _ key: String, _ value: JSONValue, _: R.Type, _ defaults: [String: JSONValue],
        _ file: String
    ) throws(RecipeError) {
        guard defaults[key] != nil else {
            let close = Spelling.nearest(to: key, in: defaults.keys.sorted())
            throw RecipeError(
                file: file, key: key, reason: "is no key of this recipe; the nearest is '\(close)'")
        }
        if let choices = R.choices[key], !choices.contains(value.string ?? "") {
            let names = choices.joined(separator: " or ")
            throw RecipeError(file: file, key: key, reason: "must be \(names)")
        }
    }

    private static func object(
        _ recipe: some Recipe, in file: String
    ) throws(RecipeError) -> [String: JSONValue] {
        do {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            let data = try encoder.encode(recipe)
            return try JSONDecoder().decode([String: JSONValue].self, from: data)
        } catch {
            throw RecipeError(file: file, key: nil, reason: "cannot be encoded: \(error)")
        }
    }

    private static func decode<R: Recipe>(
        _ values: [String: JSONValue], _ defaults: [String: JSONValue]
    ) throws(RecipeFault) -> R {
        guard let recipe: R = decoded(values) else {
            // The decoder's own error does not always name the key.
            let key = values.keys.sorted().first { key in
                let one: R? = decoded(defaults.merging([key: values[key] ?? .null]) { $1 })
                return one == nil
            }
            throw RecipeFault(key: key, reason: "has a value of the wrong kind")
        }
        try recipe.check()
        return recipe
    }

    private static func decoded<R: Recipe>(_ values: [String: JSONValue]) -> R? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(R.self, from: JSONEncoder().encode(values))
    }
}

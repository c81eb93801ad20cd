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
        let defaults = try defaults(of: R.self)
        var values = defaults
        let origin = file?.path ?? "command line"
        if let file {
            let texts = Set(defaults.filter { $0.value.string != nil }.keys)
            let given = try RecipeText.values(of: file, texts: texts)
            for (name, value) in given.sorted(by: { $0.key < $1.key }) {
                let key = try key(name, value, R.self, file.path)
                values[name] = R.resolved(value, key, in: file.deletingLastPathComponent())
            }
        }
        let folder = URL(filePath: FileManager.default.currentDirectoryPath)
        for (name, text) in overrides {
            let name = name.replacingOccurrences(of: "-", with: "_")
            let value = try override(text, defaults[name], name)
            let key = try key(name, value, R.self, "command line")
            values[name] = R.resolved(value, key, in: folder)
        }
        let given = Set(overrides.map { $0.key.replacingOccurrences(of: "-", with: "_") })
        do throws(RecipeFault) {
            return try decode(values, defaults)
        } catch {
            let file = error.key.map(given.contains) == true ? "command line" : origin
            throw RecipeError(file: file, key: error.key, reason: error.reason)
        }
    }

    /// What every key is unless a file says otherwise.
    ///
    /// - Throws: ``RecipeError`` where the recipe cannot be encoded.
    static func defaults<R: Recipe>(of _: R.Type) throws(RecipeError) -> [String: JSONValue] {
        let defaults = try object(R(), in: "defaults")
        precondition(
            Set(R.descriptions.map(\.name)) == Set(defaults.keys),
            "\(R.self): keys and descriptions differ")
        return defaults
    }

    /// The recipe as YAML, keys sorted.
    ///
    /// - Parameter names: the keys that are written; nil for all.
    public static func yaml(
        _ recipe: some Recipe, only names: Set<String>? = nil
    ) throws(RecipeError) -> String {
        let values = try object(recipe, in: "recipe")
        return try RecipeText.text(values.filter { names?.contains($0.key) ?? true })
    }

    /// A hash of everything a resumed run must not change.
    public static func fingerprint<R: Recipe>(_ recipe: R) throws -> String {
        let free = freeKeys(of: R.self)
        let values = try object(recipe, in: "recipe").filter { !free.contains($0.key) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(values).withUnsafeBytes { Checksums.sha256(of: $0) }
    }

    /// Keys whose values differ from those of a file that an earlier run wrote, without those that
    /// a resumed run may change; none where the file cannot be read.
    package static func changedKeys<R: Recipe>(of recipe: R, since file: URL) -> [String] {
        guard let before = try? read(R.self, file: file, overrides: []),
            let old = try? object(before, in: file.path),
            let new = try? object(recipe, in: "recipe")
        else { return [] }
        let free = freeKeys(of: R.self)
        return new.keys.filter { !free.contains($0) && new[$0] != old[$0] }.sorted()
    }

    private static func freeKeys<R: Recipe>(of _: R.Type) -> Set<String> {
        Set(R.descriptions.filter(\.isFree).map(\.name))
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

    /// - Throws: where there is no such key, or its value is none of its words.
    private static func key<R: Recipe>(
        _ name: String, _ value: JSONValue, _: R.Type, _ file: String
    ) throws(RecipeError) -> KeyDescription {
        guard let key = R.descriptions.first(where: { $0.name == name }) else {
            let close = Spelling.nearest(to: name, in: R.descriptions.map(\.name).sorted())
            throw RecipeError(
                file: file, key: name, reason: "is no key of this recipe; the nearest is '\(close)'"
            )
        }
        if let reason = key.fault(of: value) {
            throw RecipeError(file: file, key: name, reason: reason)
        }
        return key
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

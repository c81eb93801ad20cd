import FileFormats
import Foundation
import Records
import Yams

/// A run's settings as a flat YAML file holds them.
public protocol Recipe: Codable, Sendable {
    associatedtype CodingKeys: CodingKey & CaseIterable & RawRepresentable<String>

    init()
    static var pathKeys: [String] { get }
    static var freeKeys: [String] { get }
    /// What keys with a fixed set of values may be.
    static var choices: [String: [String]] { get }
    /// - Throws: the first value out of its range.
    func check() throws(RecipeFault)
}

/// A key whose value cannot be used.
public struct RecipeFault: Error, Sendable, Hashable {
    public let key: String?
    public let reason: String
}

/// A recipe that cannot be used: file, key and reason.
public struct RecipeError: Error, Sendable, Hashable, CustomStringConvertible {
    public let file: String
    public let key: String?
    public let reason: String

    public var description: String {
        [file, key, reason].compactMap { $0 }.joined(separator: ": ")
    }
}

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
        var values = try object(R(), in: "defaults")
        let origin = file?.path ?? "command line"
        if let file {
            for (key, value) in try parse(file).sorted(by: { $0.key < $1.key }) {
                try check(key, value, R.self, file.path)
                values[key] = resolved(value, key, R.pathKeys, file.deletingLastPathComponent())
            }
        }
        let folder = URL(filePath: FileManager.default.currentDirectoryPath)
        for (key, text) in overrides {
            let key = key.replacingOccurrences(of: "-", with: "_")
            let value = try override(text, values[key], key)
            try check(key, value, R.self, "command line")
            values[key] = resolved(value, key, R.pathKeys, folder)
        }
        let given = Set(overrides.map { $0.key.replacingOccurrences(of: "-", with: "_") })
        do throws(RecipeFault) {
            return try decode(.object(values))
        } catch {
            let file = error.key.map(given.contains) == true ? "command line" : origin
            throw RecipeError(file: file, key: error.key, reason: error.reason)
        }
    }

    /// The recipe as YAML, keys sorted.
    public static func yaml(_ recipe: some Recipe) throws -> String {
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        return try encoder.encode(recipe)
    }

    /// A hash of everything a resumed run must not change.
    public static func fingerprint<R: Recipe>(_ recipe: R) throws -> String {
        let values = try object(recipe, in: "recipe").filter { !R.freeKeys.contains($0.key) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(values).withUnsafeBytes { Checksums.sha256(of: $0) }
    }

    private static func parse(_ file: URL) throws(RecipeError) -> [String: JSONValue] {
        do {
            let text = try String(contentsOf: file, encoding: .utf8)
            let value = try YAMLDecoder().decode(JSONValue?.self, from: text) ?? .object([:])
            guard let object = value.object else {
                throw RecipeError(file: file.path, key: nil, reason: "is not a mapping of keys")
            }
            return object
        } catch let error as RecipeError {
            throw error
        } catch DecodingError.dataCorrupted(let context) {
            let detail = context.underlyingError.map { ": \($0)" } ?? ""
            throw RecipeError(file: file.path, key: nil, reason: "is not valid YAML\(detail)")
        } catch {
            throw RecipeError(file: file.path, key: nil, reason: "cannot be read as YAML text")
        }
    }

    /// What a word of the command line means for a key with this value so far.
    private static func override(
        _ text: String, _ value: JSONValue?, _ key: String
    ) throws(RecipeError) -> JSONValue {
        if value?.string != nil { return .string(text) }
        // One name stands for a list of one, and a comma separates several.
        if value?.array != nil, !text.hasPrefix("[") {
            return .array(text.split(separator: ",").map { .string(String($0)) })
        }
        do {
            return try YAMLDecoder().decode(JSONValue.self, from: text)
        } catch {
            throw RecipeError(file: "command line", key: key, reason: "'\(text)' is no YAML value")
        }
    }

    private static func check<R: Recipe>(
        _ key: String, _ value: JSONValue, _: R.Type, _ file: String
    ) throws(RecipeError) {
        let known = R.CodingKeys.allCases.map(\.rawValue)
        guard known.contains(key) else {
            let close = known.min { distance($0, key) < distance($1, key) } ?? ""
            throw RecipeError(
                file: file, key: key, reason: "is no key of this recipe; the nearest is '\(close)'")
        }
        if let choices = R.choices[key], !choices.contains(value.string ?? "") {
            let names = choices.joined(separator: " or ")
            throw RecipeError(file: file, key: key, reason: "must be \(names)")
        }
    }

    /// Relative paths count from the recipe's folder, those of the command line from the current.
    private static func resolved(
        _ value: JSONValue, _ key: String, _ pathKeys: [String], _ folder: URL
    ) -> JSONValue {
        guard pathKeys.contains(key), let path = value.string, !path.isEmpty,
            !path.hasPrefix("/")
        else { return value }
        return .string(folder.appending(path: path).standardizedFileURL.path)
    }

    private static func object(
        _ recipe: some Recipe, in file: String
    ) throws(RecipeError) -> [String: JSONValue] {
        do {
            let data = try JSONEncoder().encode(recipe)
            return try JSONDecoder().decode([String: JSONValue].self, from: data)
        } catch {
            throw RecipeError(file: file, key: nil, reason: "cannot be encoded: \(error)")
        }
    }

    private static func decode<R: Recipe>(_ value: JSONValue) throws(RecipeFault) -> R {
        let recipe: R
        do {
            recipe = try JSONDecoder().decode(R.self, from: JSONEncoder().encode(value))
        } catch DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context), DecodingError.dataCorrupted(let context)
        {
            let key = context.codingPath.first?.stringValue
            throw RecipeFault(key: key, reason: "has a value of the wrong kind")
        } catch {
            throw RecipeFault(key: nil, reason: "cannot be read: \(error)")
        }
        try recipe.check()
        return recipe
    }

    /// Levenshtein's distance.
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let change = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}

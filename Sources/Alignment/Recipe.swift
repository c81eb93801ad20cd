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
    /// - Throws: the first value out of its range.
    func check() throws(RecipeFault)
}

/// A key whose value cannot be used.
public struct RecipeFault: Error, Sendable, Hashable {
    public let key: String
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
    ///   - overrides: `key value` pairs from the command line, read as YAML scalars.
    /// - Throws: ``RecipeError`` naming file and key.
    public static func read<R: Recipe>(
        _: R.Type, file: URL?, overrides: [(key: String, value: String)]
    ) throws(RecipeError) -> R {
        let known = R.CodingKeys.allCases.map(\.rawValue)
        var values = try object(R(), in: file?.path ?? "defaults")
        if let file {
            for (key, value) in try parse(file) {
                try expect(key, in: known, file.path)
                values[key] = resolved(value, key, R.pathKeys, file.deletingLastPathComponent())
            }
        }
        for (key, text) in overrides {
            let key = key.replacingOccurrences(of: "-", with: "_")
            try expect(key, in: known, "command line")
            let value = try scalar(text, key)
            // One name stands for a list of one, and a comma separates several.
            if case .array? = values[key], let names = value.string {
                values[key] = .array(names.split(separator: ",").map { .string(String($0)) })
            } else {
                values[key] = value
            }
        }
        return try decode(.object(values), file?.path ?? "command line")
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
        } catch let error as YamlError {
            throw RecipeError(file: file.path, key: nil, reason: "is not valid YAML: \(error)")
        } catch {
            throw RecipeError(file: file.path, key: nil, reason: "cannot be read as YAML text")
        }
    }

    private static func scalar(_ text: String, _ key: String) throws(RecipeError) -> JSONValue {
        do {
            return try YAMLDecoder().decode(JSONValue.self, from: text.isEmpty ? "''" : text)
        } catch {
            throw RecipeError(file: "command line", key: key, reason: "'\(text)' is no YAML value")
        }
    }

    private static func expect(_ key: String, in known: [String], _ file: String) throws(RecipeError) {
        if known.contains(key) { return }
        let close = known.min { distance($0, key) < distance($1, key) } ?? ""
        throw RecipeError(
            file: file, key: key, reason: "is no key of this recipe; the nearest is '\(close)'")
    }

    /// Relative paths in a file count from the file's folder.
    private static func resolved(
        _ value: JSONValue, _ key: String, _ pathKeys: [String], _ folder: URL
    ) -> JSONValue {
        guard pathKeys.contains(key), let path = value.string, !path.isEmpty,
            !path.hasPrefix("/")
        else { return value }
        return .string(folder.appending(path: path).standardizedFileURL.path)
    }

    private static func object(_ recipe: some Recipe, in file: String) throws(RecipeError) -> [String: JSONValue] {
        do {
            let data = try JSONEncoder().encode(recipe)
            return try JSONDecoder().decode([String: JSONValue].self, from: data)
        } catch {
            throw RecipeError(file: file, key: nil, reason: "cannot be encoded: \(error)")
        }
    }

    private static func decode<R: Recipe>(_ value: JSONValue, _ file: String) throws(RecipeError) -> R {
        let recipe: R
        do {
            recipe = try JSONDecoder().decode(R.self, from: JSONEncoder().encode(value))
        } catch DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context), DecodingError.dataCorrupted(let context)
        {
            let key = context.codingPath.first?.stringValue
            throw RecipeError(file: file, key: key, reason: "has a value of the wrong kind")
        } catch {
            throw RecipeError(file: file, key: nil, reason: "cannot be read: \(error)")
        }
        do {
            try recipe.check()
        } catch {
            throw RecipeError(file: file, key: error.key, reason: error.reason)
        }
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

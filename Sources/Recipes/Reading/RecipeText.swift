import Foundation
import Records
import Yams

/// Recipes as YAML text.
enum RecipeText {
    /// The keys of a file with their values.
    ///
    /// - Parameter texts: keys of text, whose scalars are taken as they stand, also where YAML
    ///   would read a number or a truth value.
    static func values(
        of file: URL, texts: Set<String>
    ) throws(RecipeError) -> [String: JSONValue] {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw RecipeError(file: file.path, key: nil, reason: "there is no such file")
        }
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw RecipeError(file: file.path, key: nil, reason: "cannot be read as text")
        }
        guard let root = try node(text, file.path), root.null == nil else { return [:] }
        guard let mapping = root.mapping else {
            throw RecipeError(file: file.path, key: nil, reason: "is not a mapping of keys")
        }
        var values: [String: JSONValue] = [:]
        for (key, node) in mapping {
            let key = key.string ?? ""
            values[key] = try value(node, isText: texts.contains(key), key, file.path)
        }
        return values
    }

    /// A value of the command line.
    static func value(_ text: String, _ key: String) throws(RecipeError) -> JSONValue {
        let file = "command line"
        return try node(text, file).map { node throws(RecipeError) in
            try value(node, isText: false, key, file)
        } ?? .null
    }

    /// A recipe's values, a line each; every value is JSON, which YAML can read.
    static func text(_ values: [String: JSONValue]) throws(RecipeError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try values.sorted { $0.key < $1.key }.map { key, value in
                "\(key): \(String(decoding: try encoder.encode(value), as: UTF8.self))\n"
            }.joined()
        } catch {
            throw RecipeError(file: "recipe", key: nil, reason: "cannot be encoded: \(error)")
        }
    }

    private static func value(
        _ node: Node, isText: Bool, _ key: String, _ file: String
    ) throws(RecipeError) -> JSONValue {
        if isText, let scalar = node.scalar { return .string(scalar.string) }
        do {
            return try YAMLDecoder().decode(JSONValue.self, from: node)
        } catch {
            throw RecipeError(file: file, key: key, reason: "has a value that cannot be read")
        }
    }

    private static func node(_ text: String, _ file: String) throws(RecipeError) -> Node? {
        do {
            return try compose(yaml: text)
        } catch {
            throw RecipeError(file: file, key: nil, reason: "is not valid YAML: \(reason(error))")
        }
    }

    /// The line and the problem, without the text around it.
    private static func reason(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let keys, let context):
            "line \(context.mark.line): \(keys.joined(separator: ", ")) stands there twice"
        case .reader(let problem, _, _, _): problem
        default: "it cannot be parsed"
        }
    }
}

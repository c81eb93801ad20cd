import Records

extension JSONText {
    /// A value as a file that people read too: two spaces a level, keys sorted.
    ///
    /// A number keeps its fraction, also one of zero: Python's readers of configurations tell `1.0`
    /// from `1` and refuse one where they want the other, and Foundation's encoder writes both as
    /// `1`. What is not finite, JSON has no word for; it becomes `null`.
    package static func pretty(_ value: JSONValue) -> String { pretty(value, indent: "") + "\n" }

    private static func pretty(_ value: JSONValue, indent: String) -> String {
        let inner = indent + "  "
        switch value {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .integer(let value): return "\(value)"
        case .number(let value): return value.isFinite ? "\(value)" : "null"
        case .string(let text): return quoted(text)
        case .array(let values):
            return list(values.map { pretty($0, indent: inner) }, "[", "]", indent)
        case .object(let members):
            let lines = members.sorted { $0.key < $1.key }.map { key, value in
                "\(quoted(key)): \(pretty(value, indent: inner))"
            }
            return list(lines, "{", "}", indent)
        }
    }

    private static func list(
        _ lines: [String], _ open: String, _ close: String, _ indent: String
    ) -> String {
        if lines.isEmpty { return open + close }
        let inner = "\n\(indent)  "
        return open + inner + lines.joined(separator: ",\(inner)") + "\n\(indent)\(close)"
    }
}

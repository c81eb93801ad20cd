import FileFormats

extension TemplateEvaluator {
    /// What the value writes: Python's `str`.
    func text(of value: TemplateValue) throws(TemplateError) -> String {
        switch value {
        case .string(let text): return text
        case .undefined: return ""
        default:
            try charge(value.size.weight)
            return Self.representation(value)
        }
    }

    /// Python's `repr`.
    private static func representation(_ value: TemplateValue) -> String {
        switch value {
        case .undefined: "Undefined"
        case .none: "None"
        case .bool(let value): value ? "True" : "False"
        case .integer(let value): "\(value)"
        case .float(let value): "\(value)"
        case .string(let text): quoted(text)
        case .list(let list):
            "[" + list.items.map(representation).joined(separator: ", ") + "]"
        case .dictionary(let dictionary):
            "{"
                + dictionary.members.map { "\(quoted($0.key)): \(representation($0.value))" }
                .joined(separator: ", ") + "}"
        case .namespace: "<Namespace>"
        case .macro(let macro): "<Macro '\(macro.name)'>"
        case .function(let name): "<function \(name)>"
        }
    }

    private static func quoted(_ text: String) -> String {
        let usesDouble =
            text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"")
        let quote: Unicode.Scalar = usesDouble ? "\"" : "'"
        var result = String(Character(quote))
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        result.unicodeScalars.append(quote)
        return result
    }
}

extension TemplateEvaluator {
    /// Python's `json.dumps` with `ensure_ascii=False`, as transformers sets it.
    func json(_ value: TemplateValue, indent: Int?) throws(TemplateError) -> String {
        let (weight, depth) = value.size
        try charge(weight * (1 + (indent ?? 0) * depth / 16))
        return try json(value, indent: indent, level: 0)
    }

    private func json(
        _ value: TemplateValue,
        indent: Int?,
        level: Int
    ) throws(TemplateError) -> String {
        switch value {
        case .none: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .integer(let value): return "\(value)"
        case .float(let value): return "\(value)"
        case .string(let text): return JSONText.quoted(text)
        case .list(let list):
            var parts: [String] = []
            for item in list.items {
                parts.append(try json(item, indent: indent, level: level + 1))
            }
            return Self.jsonBlock(parts, "[", "]", indent, level)
        case .dictionary(let dictionary):
            var parts: [String] = []
            for (key, value) in dictionary.members {
                let text = try json(value, indent: indent, level: level + 1)
                parts.append("\(JSONText.quoted(key)): \(text)")
            }
            return Self.jsonBlock(parts, "{", "}", indent, level)
        default:
            throw undefinedFault(value) ?? fault("\(value.typeName) cannot be written as JSON")
        }
    }

    private static func jsonBlock(
        _ parts: [String],
        _ open: String,
        _ close: String,
        _ indent: Int?,
        _ level: Int
    ) -> String {
        guard let indent, !parts.isEmpty else {
            return open + parts.joined(separator: ", ") + close
        }
        let margin = "\n" + String(repeating: " ", count: indent * (level + 1))
        let end = "\n" + String(repeating: " ", count: indent * level)
        return open + margin + parts.joined(separator: "," + margin) + end + close
    }
}

import Records

extension Schema {
    /// The shape in the words of JSON Schema 2020-12, as OpenAPI 3.1 uses it.
    package var openAPI: JSONValue {
        switch self {
        case .text(let lengths):
            Self.typed(
                "string", ["minLength": lengths.lowerBound, "maxLength": lengths.upperBound])
        case .choice(let words):
            .object(["type": .string("string"), "enum": .array(words.map { .string($0) })])
        case .integer(let range):
            Self.typed("integer", ["minimum": range.lowerBound, "maximum": range.upperBound])
        case .number(let range):
            .object([
                "type": .string("number"), "minimum": .number(range.lowerBound),
                "maximum": .number(range.upperBound),
            ])
        case .boolean: .object(["type": .string("boolean")])
        case .list(let element, let count):
            .object([
                "type": .string("array"), "items": element.openAPI,
                "minItems": .integer(count.lowerBound), "maxItems": .integer(count.upperBound),
            ])
        case .map(let element, let limit):
            .object([
                "type": .string("object"), "additionalProperties": element.openAPI,
                "maxProperties": .integer(limit),
            ])
        case .object(let fields): Self.object(fields)
        case .anything: .object([:])
        }
    }

    private static func typed(_ type: String, _ bounds: [String: Int]) -> JSONValue {
        .object(bounds.mapValues { .integer($0) }.merging(["type": .string(type)]) { $1 })
    }

    private static func object(_ fields: [Field]) -> JSONValue {
        let properties = fields.map { field in
            (field.name, field.isRequired ? field.schema.openAPI : field.schema.orNull)
        }
        return .object([
            "type": .string("object"),
            "properties": .object(Dictionary(properties) { first, _ in first }),
            "required": .array(fields.filter(\.isRequired).map { .string($0.name) }),
            "additionalProperties": .bool(false),
        ])
    }

    private var orNull: JSONValue {
        .object(["anyOf": .array([openAPI, .object(["type": .string("null")])])])
    }
}

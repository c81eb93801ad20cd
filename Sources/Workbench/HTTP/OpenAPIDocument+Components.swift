import Records

extension OpenAPIDocument {
    /// What the operations refer to.
    var components: JSONValue {
        .object([
            "securitySchemes": .object([
                "session": Self.key("cookie", SessionCookie.name),
                "csrf": Self.key("header", "X-CSRF-Token"),
            ]),
            "responses": .object(["Refusal": Self.refusal]),
            "schemas": .object(["Error": Self.error]),
        ])
    }

    private static func key(_ place: String, _ name: String) -> JSONValue {
        .object([
            "type": .string("apiKey"), "in": .string(place), "name": .string(name),
        ])
    }

    private static let refusal = JSONValue.object([
        "description": .string("What is wrong with the request"),
        "content": .object([
            "application/json": .object([
                "schema": .object(["$ref": .string("#/components/schemas/Error")])
            ])
        ]),
    ])

    private static let error = JSONValue.object([
        "type": .string("object"),
        "required": .array([.string("error")]),
        "properties": .object([
            "error": .object([
                "type": .string("object"),
                "required": .array([.string("code"), .string("message")]),
                "properties": .object([
                    "code": .object(["type": .string("string")]),
                    "message": .object(["type": .string("string")]),
                    "problems": problems,
                ]),
            ])
        ]),
    ])

    private static let problems = JSONValue.object([
        "type": .string("array"),
        "items": .object([
            "type": .string("object"),
            "properties": .object([
                "line": .object(["type": .string("integer")]),
                "reason": .object(["type": .string("string")]),
            ]),
        ]),
    ])
}

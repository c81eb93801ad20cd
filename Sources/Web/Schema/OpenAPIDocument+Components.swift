import Records

extension OpenAPIDocument {
    /// What the operations refer to.
    package var components: JSONValue {
        .object([
            "securitySchemes": .object(Access.schemes),
            "responses": .object(["Refusal": Refusal.response]),
            "schemas": .object(["Error": Refusal.schema]),
        ])
    }
}

/// What every refusal looks like.
private enum Refusal {
    static let response = JSONValue.object([
        "description": .string("What is wrong with the request"),
        "content": .object([
            "application/json": .object([
                "schema": .object(["$ref": .string("#/components/schemas/Error")])
            ])
        ]),
    ])

    static let schema = JSONValue.object([
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

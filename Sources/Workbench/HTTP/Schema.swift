/// The shape of a JSON value: what a request has to look like and, in the same words, what
/// `/openapi.json` says of it.
///
/// A request is checked against it before it is decoded, so that every refusal names the key.
indirect enum Schema: Sendable, Hashable {
    /// Lengths in Unicode scalars, as JSON Schema counts them.
    case text(ClosedRange<Int>)
    case choice([String])
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    case list(Schema, count: ClosedRange<Int>)
    /// An object with keys of the client's choosing.
    case map(Schema, atMost: Int)
    case object([Field])
    /// Any JSON value.
    case anything

    /// A member of an object.
    struct Field: Sendable, Hashable {
        let name: String
        let schema: Schema
        let isRequired: Bool
    }
}

extension Schema.Field {
    /// A member that has to be there.
    static func required(_ name: String, _ schema: Schema) -> Self {
        Self(name: name, schema: schema, isRequired: true)
    }

    /// A member that may be missing or null.
    static func optional(_ name: String, _ schema: Schema) -> Self {
        Self(name: name, schema: schema, isRequired: false)
    }
}

extension Schema {
    /// The id of a row.
    static let id = Schema.integer(1...Int(Int32.max))

    /// A name of a person, a version or a draft.
    static let name = Schema.text(1...64)

    /// A short free text, such as a reason.
    static let note = Schema.text(0...4_000)

    /// A question, an answer, a prompt.
    static let passage = Schema.text(1...20_000)
}

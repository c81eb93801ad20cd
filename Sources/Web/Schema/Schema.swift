/// The shape of a JSON value: what a request has to look like and, in the same words, what
/// `/openapi.json` says of it.
///
/// A request is checked against it before it is decoded, so that every refusal names the key.
package indirect enum Schema: Sendable, Hashable {
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
    package struct Field: Sendable, Hashable {
        package let name: String
        package let schema: Schema
        package let isRequired: Bool
    }
}

extension Schema.Field {
    /// A member that has to be there.
    package static func required(_ name: String, _ schema: Schema) -> Self {
        Self(name: name, schema: schema, isRequired: true)
    }

    /// A member that may be missing or null.
    package static func optional(_ name: String, _ schema: Schema) -> Self {
        Self(name: name, schema: schema, isRequired: false)
    }
}

import Foundation
import Records

/// A value that a reply holds as null rather than leaves out.
package struct OrNull<Value: Encodable & Sendable>: Encodable, Sendable {
    private let value: Value?

    package init(_ value: Value?) {
        self.value = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value {
            try container.encode(value)
        } else {
            try container.encodeNil()
        }
    }
}

extension JSONValue {
    /// What a value is encoded as.
    package init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(
            JSONValue.self, from: Data(try JSONReply.text(value).utf8))
    }
}

import Foundation
import Records

/// A value that a reply holds as null rather than leaves out.
struct OrNull<Value: Encodable & Sendable>: Encodable, Sendable {
    let value: Value?

    init(_ value: Value?) {
        self.value = value
    }

    func encode(to encoder: any Encoder) throws {
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
    init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(
            JSONValue.self, from: Data(try JSONReply.text(value).utf8))
    }
}

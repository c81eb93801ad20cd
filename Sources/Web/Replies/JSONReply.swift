import Foundation
import Hummingbird
import Records

/// Replies with a JSON body.
package enum JSONReply {
    /// - Throws: What `value`'s encoding throws.
    package static func make(
        _ value: some Encodable, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        make(data: try encoder.encode(value), status: status)
    }

    /// A JSON value cannot fail to be encoded.
    package static func make(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        make(data: (try? encoder.encode(value)) ?? Data("null".utf8), status: status)
    }

    /// The text of a value, for an event's data line.
    package static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func make(data: Data, status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder.line
        // JSON has no such numbers; JavaScript's Number() reads these texts.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return encoder
    }
}

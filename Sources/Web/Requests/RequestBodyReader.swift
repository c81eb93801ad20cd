import FileFormats
import Foundation
import Hummingbird
import NIOCore
import Records

/// Reads a request's body within its limit.
package enum RequestBodyReader {
    /// The bytes of the body.
    ///
    /// - Throws: 413 beyond `limit` bytes.
    package static func bytes(_ request: Request, limit: Int) async throws -> ByteBuffer {
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard announced <= limit else { throw APIError.tooLarge(limit: limit) }
        do {
            return try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw APIError.tooLarge(limit: limit)
        }
    }

    /// The body as JSON of the given shape, as a value and as it was written.
    ///
    /// - Throws: 415 for another content type, 400 for what is no JSON, 413, and 422 for what
    ///   deviates from `schema`.
    package static func json(
        _ request: Request, schema: Schema, limit: Int
    ) async throws -> (value: JSONValue, text: ByteBuffer) {
        guard isJSON(request.headers[.contentType]) else {
            throw APIError(
                .unsupportedMediaType, "not_json", "The body must be application/json.")
        }
        let buffer = try await bytes(request, limit: limit)
        let value = try parse(buffer)
        try schema.check(value)
        return (value, buffer)
    }

    /// Decodes what has been checked.
    ///
    /// - Throws: 422 where the type asks for more than the schema, such as a smaller number.
    package static func decode<Body: Decodable>(
        _ type: Body.Type, from value: JSONValue
    ) throws(APIError) -> Body {
        do {
            return try value.decoded(as: type)
        } catch {
            throw .invalid("The body does not fit: \(DecodingFault.describe(error)).")
        }
    }

    private static func parse(_ buffer: ByteBuffer) throws(APIError) -> JSONValue {
        do {
            return try buffer.withUnsafeReadableBytes { bytes in
                try JSONDocument.parse(bytes, file: "body")
            }
        } catch let error as FormatError {
            throw .badRequest("The body is not JSON: \(error.reason).")
        } catch {
            throw .badRequest("The body is not JSON.")
        }
    }

    private static func isJSON(_ contentType: String?) -> Bool {
        let type = contentType?.prefix { $0 != ";" } ?? ""
        return type.trimmingCharacters(in: .whitespaces).lowercased() == "application/json"
    }
}

/// Says why a value could not be decoded, without quoting it.
package enum DecodingFault {
    package static func describe(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            "\"\(path(context.codingPath + [key]))\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            "\"\(path(context.codingPath))\" has a value of the wrong kind"
        default: "it cannot be decoded"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
            .joined(separator: ".")
    }
}

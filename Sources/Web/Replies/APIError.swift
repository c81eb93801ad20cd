import Hummingbird
import Records

/// What a client is told when its request is refused.
///
/// Never holds the text of a case, an answer or a password: it is sent and may be logged.
package struct APIError: Error, Sendable {
    /// One malformed row of an upload.
    package struct Problem: Encodable, Sendable, Hashable {
        /// From 1.
        package let line: Int
        package let reason: String

        package init(line: Int, reason: String) {
            self.line = line
            self.reason = reason
        }
    }

    package let status: HTTPResponse.Status
    /// A short word for programs, such as `conflict`.
    package let code: String
    /// A sentence for people.
    package let message: String
    /// The malformed rows of an upload.
    package var problems: [Problem] = []
    /// Seconds until another attempt makes sense; sent as `Retry-After`.
    package var retryAfter: Int?
    /// Further members of the reply, beside `error`.
    package var details: [String: JSONValue] = [:]

    package init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}

extension APIError {
    package static func badRequest(_ message: String) -> APIError {
        APIError(.badRequest, "bad_request", message)
    }

    package static func invalid(_ message: String) -> APIError {
        APIError(.unprocessableContent, "invalid", message)
    }

    package static func notFound(_ what: String) -> APIError {
        APIError(.notFound, "not_found", "There is no \(what).")
    }

    package static func conflict(_ message: String) -> APIError {
        APIError(.conflict, "conflict", message)
    }

    package static let signInNeeded = APIError(.unauthorized, "sign_in", "Sign in first.")

    package static func tooLarge(limit: Int) -> APIError {
        APIError(
            .contentTooLarge, "too_large", "The request is larger than \(limit / 1024) KiB.")
    }
}

extension APIError: CustomStringConvertible {
    package var description: String { "\(status.code) \(code): \(message)" }
}

import Foundation
import Hummingbird
import Records

extension APIError {
    /// The reply: `{"error":{"code","message"[,"problems"]}}` and the details.
    package func reply() -> Response {
        var response = JSONReply.make(.object(body), status: status)
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        return response
    }

    private var body: [String: JSONValue] {
        var error: [String: JSONValue] = ["code": .string(code), "message": .string(message)]
        if !problems.isEmpty {
            error["problems"] = .array(problems.map(\.json))
        }
        return details.merging(["error": .object(error)]) { _, error in error }
    }
}

extension APIError.Problem {
    fileprivate var json: JSONValue {
        .object(["line": .integer(line), "reason": .string(reason)])
    }
}

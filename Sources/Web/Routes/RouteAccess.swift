import Hummingbird
import Records

/// Who may use a route. Each server has its own kinds, such as roles or a key.
package protocol RouteAccess: Sendable {
    /// What the server knows of a request beside its bytes.
    associatedtype Context: RequestContext

    /// - Throws: 401 when nobody is known, 403 when whoever asks may not.
    func check(_ request: Request, _ context: Context) throws(APIError)

    /// Which of the ``schemes`` a request by this method needs; none where everybody may.
    func security(of method: HTTPRequest.Method) -> [String]

    /// OpenAPI's security schemes by name.
    static var schemes: [String: JSONValue] { get }
}

extension RouteAccess {
    /// A scheme whose key travels in a cookie or a header.
    package static func key(in place: String, _ name: String) -> JSONValue {
        .object(["type": .string("apiKey"), "in": .string(place), "name": .string(name)])
    }
}

import Foundation
import Hummingbird

/// One request to a route, with what every handler needs.
package struct RouteCall<Context: RequestContext>: Sendable {
    package let request: Request
    package let context: Context
    package let query: RequestQuery

    /// A parameter of the path, percent-decoded.
    ///
    /// - Throws: 400 where it is empty, longer than 200 characters or no UTF-8.
    package func text(_ name: String) throws(APIError) -> String {
        let raw = context.parameters.get(name) ?? ""
        guard let text = raw.removingPercentEncoding, !text.isEmpty,
            text.unicodeScalars.count <= 200, !text.unicodeScalars.contains("\0")
        else { throw .badRequest("\"\(name)\" in the address cannot be read.") }
        return text
    }

    /// The id of a row in the path.
    ///
    /// - Throws: 404 where it is no number, as for an id that does not exist.
    package func id(_ name: String = "id") throws(APIError) -> Int64 {
        guard let id = Int64(try text(name)), id > 0 else { throw .notFound("such id") }
        return id
    }
}

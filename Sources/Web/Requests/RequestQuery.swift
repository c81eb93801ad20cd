import Foundation
import Records

/// The parameters behind the question mark, decoded as forms write them and checked against what
/// the route declares.
package struct RequestQuery: Sendable {
    private let values: [String: JSONValue]

    /// - Throws: 400 for what cannot be decoded or is given twice, 422 for a name the route does
    ///   not know or a value out of its range.
    package init(_ text: String, fields: [Schema.Field]) throws(APIError) {
        var values: [String: JSONValue] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]),
                let value = Self.decoded(parts.count > 1 ? parts[1] : "")
            else { throw .badRequest("The query is not percent-encoded UTF-8.") }
            let schema = fields.first { $0.name == name }?.schema
            guard values.updateValue(Self.typed(value, as: schema), forKey: name) == nil else {
                throw .badRequest("A parameter of the query is given twice.")
            }
        }
        try Schema.object(fields).check(.object(values))
        self.values = values
    }

    package func text(_ name: String) -> String? { values[name]?.string }

    package func integer(_ name: String) -> Int? { values[name]?.integer }

    package func number(_ name: String) -> Double? { values[name]?.number }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    /// A query has only texts; numbers are read where the route expects one.
    private static func typed(_ text: String, as schema: Schema?) -> JSONValue {
        switch schema {
        case .integer: Int(text).map { .integer($0) } ?? .string(text)
        case .number: Double(text).map { .number($0) } ?? .string(text)
        default: .string(text)
        }
    }
}

/// Says why a value could not be decoded, without quoting the value.
enum DecodingReason {
    static func describe(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            "\"\(path(context, key))\" is missing"
        case .typeMismatch(let type, let context):
            "\"\(path(context))\" is not of type \(type)"
        case .valueNotFound(let type, let context):
            "\"\(path(context))\" is null, not of type \(type)"
        case .dataCorrupted(let context):
            "\"\(path(context))\" has a value that is not accepted"
        default: "cannot be decoded"
        }
    }

    private static func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil)
        -> String
    {
        (context.codingPath + [last].compactMap { $0 }).map { key in
            key.intValue.map { "[\($0)]" } ?? key.stringValue
        }.joined(separator: ".")
    }
}

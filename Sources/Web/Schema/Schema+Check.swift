import Records

extension Schema {
    /// Compares a value with the shape.
    ///
    /// - Parameter path: Where the value stands in the request, such as `axes.12`; empty for all
    ///   of it.
    /// - Throws: The first deviation, as a 422 that names its place and never quotes the value.
    package func check(_ value: JSONValue, at path: String = "") throws(APIError) {
        switch self {
        case .text(let lengths): try Self.checkText(value, lengths, path)
        case .choice(let words):
            let isOneOfThem = value.string.map { words.contains($0) } ?? false
            try Self.require(isOneOfThem, path, "must be one of \(words.joined(separator: ", "))")
        case .integer(let range):
            let isInRange = value.integer.map { range.contains($0) } ?? false
            try Self.require(isInRange, path, "must be a whole number from \(Self.words(range))")
        case .number(let range):
            let isInRange = value.number.map { range.contains($0) } ?? false
            try Self.require(isInRange, path, "must be a number from \(Self.words(range))")
        case .boolean: try Self.require(value.bool != nil, path, "must be true or false")
        case .list(let element, let count): try Self.checkList(value, element, count, path)
        case .map(let element, let limit): try Self.checkMap(value, element, limit, path)
        case .object(let fields): try Self.checkObject(value, fields, path)
        case .anything: return
        }
    }

    private static func checkText(
        _ value: JSONValue, _ lengths: ClosedRange<Int>, _ path: String
    ) throws(APIError) {
        guard let text = value.string else { throw fault(path, "must be a text") }
        try require(
            lengths.contains(text.unicodeScalars.count), path,
            "must have \(words(lengths)) characters")
        // SQLite ends a text at the first of them.
        try require(!text.unicodeScalars.contains("\0"), path, "must not hold a null character")
    }

    private static func checkList(
        _ value: JSONValue, _ element: Schema, _ count: ClosedRange<Int>, _ path: String
    ) throws(APIError) {
        guard let values = value.array else { throw fault(path, "must be a list") }
        try require(
            count.contains(values.count), path, "must have \(words(count)) elements")
        for (index, value) in values.enumerated() {
            try element.check(value, at: "\(path)[\(index)]")
        }
    }

    private static func checkMap(
        _ value: JSONValue, _ element: Schema, _ limit: Int, _ path: String
    ) throws(APIError) {
        guard let members = value.object else { throw fault(path, "must be an object") }
        try require(members.count <= limit, path, "must have at most \(limit) members")
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            try element.check(value, at: join(path, key))
        }
    }

    private static func checkObject(
        _ value: JSONValue, _ fields: [Field], _ path: String
    ) throws(APIError) {
        guard let members = value.object else { throw fault(path, "must be an object") }
        try refuseStrangers(members.keys, fields, path)
        for field in fields {
            let place = join(path, field.name)
            guard let value = members[field.name], field.isRequired || value != .null else {
                try require(!field.isRequired, place, "is missing")
                continue
            }
            try field.schema.check(value, at: place)
        }
    }

    private static func refuseStrangers(
        _ keys: some Sequence<String>, _ fields: [Field], _ path: String
    ) throws(APIError) {
        let known = fields.map(\.name)
        guard let stranger = keys.sorted().first(where: { !known.contains($0) }) else { return }
        let nearest = Spelling.nearest(to: String(stranger.prefix(64)), in: known)
        throw fault(
            join(path, stranger),
            "is not known here" + (nearest.isEmpty ? "" : "; \"\(nearest)\" may be meant"))
    }
}

extension Schema {
    private static func require(
        _ condition: Bool, _ path: String, _ reason: String
    ) throws(APIError) {
        guard condition else { throw fault(path, reason) }
    }

    private static func fault(_ path: String, _ reason: String) -> APIError {
        .invalid(path.isEmpty ? "The body \(reason)." : "\"\(path)\" \(reason).")
    }

    /// Keys are the client's own text, so only their beginning is repeated.
    private static func join(_ path: String, _ key: String) -> String {
        let key = String(key.prefix(64))
        return path.isEmpty ? key : "\(path).\(key)"
    }

    private static func words<Bound>(_ range: ClosedRange<Bound>) -> String {
        "\(range.lowerBound) to \(range.upperBound)"
    }
}

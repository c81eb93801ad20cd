/// A mapping whose entries keep the order of the file, which carries meaning here.
struct OrderedMap<Value: Decodable>: Decodable {
    let pairs: [(key: String, value: Value)]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        pairs = try container.allKeys.map { key in
            (key.stringValue, try container.decode(Value.self, forKey: key))
        }
    }
}

/// A key that is only known when the file is read.
struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Marks a key that the format does not have.
struct UnknownKey: Error {}

extension Decoder {
    /// A keyed container; throws `UnknownKey` below the first key that `Keys` does not list.
    func strictContainer<Keys: CodingKey & CaseIterable>(
        keyedBy type: Keys.Type
    ) throws -> KeyedDecodingContainer<Keys> {
        let known = Set(Keys.allCases.map(\.stringValue))
        let found = try container(keyedBy: AnyKey.self).allKeys
        if let stranger = found.first(where: { !known.contains($0.stringValue) }) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: codingPath + [stranger],
                    debugDescription: "unknown key",
                    underlyingError: UnknownKey()
                )
            )
        }
        return try container(keyedBy: type)
    }
}

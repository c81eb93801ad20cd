extension JSONValue {
    /// The value of a type that has this JSON form.
    ///
    /// As `JSONDecoder` reads it from text, without the text: numbers must fit, and nothing is
    /// converted.
    ///
    /// - Throws: `DecodingError`, whose coding path says where this deviates.
    package func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try ValueDecoder(value: self, codingPath: []).decode(type)
    }
}

/// Reads one value; what it holds is read by others of these.
private struct ValueDecoder: Decoder, SingleValueDecodingContainer {
    let value: JSONValue
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let members = value.object else { throw mismatch([String: JSONValue].self) }
        return KeyedDecodingContainer(Members(members: members, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = value.array else { throw mismatch([JSONValue].self) }
        return Elements(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { value == .null }

    /// Every other `decode` that the container has to have is this one.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let simple: Any?
        switch type {
        case is JSONValue.Type: simple = value
        case is Bool.Type: simple = value.bool
        case is String.Type: simple = value.string
        case is Double.Type: simple = value.number
        case is Float.Type: simple = value.number.map { Float($0) }
        case let integer as any FixedWidthInteger.Type: simple = exactly(integer)
        default: return try Value(from: self)
        }
        guard let simple = simple as? Value else { throw mismatch(type) }
        return simple
    }

    private func exactly<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
        switch value {
        case .integer(let value): Integer(exactly: value)
        // One that is beyond `Int`, or was written with a fraction of zero.
        case .number(let value): Integer(exactly: value)
        default: nil
        }
    }

    private func mismatch(_ type: Any.Type) -> DecodingError {
        let reason = value == .null ? "null" : "another kind of value"
        return .typeMismatch(
            type,
            .init(codingPath: codingPath, debugDescription: "\(type) expected, \(reason) found"))
    }
}

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [String: JSONValue]
    let codingPath: [any CodingKey]

    var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoder(Step(stringValue: "super")) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: some CodingKey) throws -> ValueDecoder {
        guard let value = members[key.stringValue] else {
            throw DecodingError.keyNotFound(
                key, .init(codingPath: codingPath, debugDescription: "it is missing"))
        }
        return ValueDecoder(value: value, codingPath: codingPath + [key])
    }
}

private struct Elements: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(elements: [JSONValue], codingPath: [any CodingKey]) {
        (self.elements, self.codingPath) = (elements, codingPath)
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    /// Passes over an element only if it is null.
    mutating func decodeNil() throws -> Bool {
        guard try decoder().decodeNil() else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try next { try $0.decode(type) }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try next { $0 } }

    private mutating func next<Value>(_ read: (ValueDecoder) throws -> Value) throws -> Value {
        let value = try read(try decoder())
        currentIndex += 1
        return value
    }

    private func decoder() throws -> ValueDecoder {
        let path = codingPath + [Step(intValue: currentIndex)]
        guard currentIndex < elements.count else {
            throw DecodingError.valueNotFound(
                JSONValue.self, .init(codingPath: path, debugDescription: "the list has ended"))
        }
        return ValueDecoder(value: elements[currentIndex], codingPath: path)
    }
}

/// A step of a coding path that no type has named.
private struct Step: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }

    init(intValue: Int) { (stringValue, self.intValue) = ("Index \(intValue)", intValue) }
}

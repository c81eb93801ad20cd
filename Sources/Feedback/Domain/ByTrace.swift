/// Values by the id of a trace; as JSON an object whose keys are the ids.
package struct ByTrace<Value: Codable & Sendable & Hashable>: Sendable, Hashable {
    package var values: [Int64: Value]

    package init(_ values: [Int64: Value] = [:]) {
        self.values = values
    }

    package subscript(id: Int64) -> Value? {
        get { values[id] }
        set { values[id] = newValue }
    }
}

extension ByTrace: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (Int64, Value)...) {
        values = Dictionary(elements, uniquingKeysWith: { _, last in last })
    }
}

extension ByTrace: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        values = [:]
        for (key, value) in try container.decode([String: Value].self) {
            guard let id = Int64(key), String(id) == key else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "a key is not the id of a trace")
            }
            values[id] = value
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(
            Dictionary(uniqueKeysWithValues: values.map { (String($0.key), $0.value) }))
    }
}

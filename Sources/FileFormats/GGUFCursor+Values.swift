extension GGUFCursor {
    /// The types of metadata values (`enum gguf_metadata_value_type`).
    private enum ValueType: UInt32 {
        case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array
        case uint64, int64, float64

        /// The least that one value takes in the file.
        var minimumBytes: Int {
            switch self {
            case .uint8, .int8, .bool: 1
            case .uint16, .int16: 2
            case .uint32, .int32, .float32: 4
            case .string, .uint64, .int64, .float64: 8
            case .array: 12
            }
        }
    }

    /// A metadata value with the type that stands before it.
    mutating func value(key: String) throws(FormatError) -> GGUFValue {
        try value(try valueType(key), key, nesting: 0)
    }

    private mutating func valueType(_ key: String) throws(FormatError) -> ValueType {
        let code = try integer(UInt32.self, key)
        guard let type = ValueType(rawValue: code) else {
            throw failure(key, "unknown value type \(code)")
        }
        return type
    }

    private mutating func value(
        _ type: ValueType,
        _ key: String,
        nesting: Int
    ) throws(FormatError) -> GGUFValue {
        switch type {
        case .uint8: .unsigned(UInt64(try integer(UInt8.self, key)))
        case .int8: .signed(Int64(try integer(Int8.self, key)))
        case .uint16: .unsigned(UInt64(try integer(UInt16.self, key)))
        case .int16: .signed(Int64(try integer(Int16.self, key)))
        case .uint32: .unsigned(UInt64(try integer(UInt32.self, key)))
        case .int32: .signed(Int64(try integer(Int32.self, key)))
        case .uint64: .unsigned(try integer(UInt64.self, key))
        case .int64: .signed(try integer(Int64.self, key))
        case .float32: .float(Double(Float(bitPattern: try integer(UInt32.self, key))))
        case .float64: .float(Double(bitPattern: try integer(UInt64.self, key)))
        case .bool: .bool(try bool(key))
        case .string: .string(try string(key))
        case .array: .array(try array(key, nesting: nesting + 1))
        }
    }

    private mutating func bool(_ key: String) throws(FormatError) -> Bool {
        let byte = try integer(UInt8.self, key)
        guard byte <= 1 else { throw failure(key, "a bool is \(byte), neither 0 nor 1") }
        return byte == 1
    }

    private mutating func array(_ key: String, nesting: Int) throws(FormatError) -> [GGUFValue] {
        guard nesting <= Self.maximumNesting else {
            throw failure(key, "arrays are nested deeper than \(Self.maximumNesting)")
        }
        let type = try valueType(key)
        let count = try count(of: "elements", minimumBytes: type.minimumBytes, key)
        try spendElements(count, key)
        var values: [GGUFValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try value(type, key, nesting: nesting)) }
        return values
    }
}

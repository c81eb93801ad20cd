/// The few kinds of fields that TensorBoard's events are made of, in Protocol Buffers' wire format.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    /// A message of the fields that `body` writes.
    static func message(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        body(&writer)
        return writer.bytes
    }

    mutating func varint(_ value: Int, field: UInt64) {
        key(field, wireType: 0)
        append(varint: UInt64(bitPattern: Int64(value)))
    }

    mutating func double(_ value: Double, field: UInt64) {
        key(field, wireType: 1)
        bytes += littleEndian(value.bitPattern)
    }

    mutating func float(_ value: Float, field: UInt64) {
        key(field, wireType: 5)
        bytes += littleEndian(value.bitPattern)
    }

    mutating func bytes(_ value: [UInt8], field: UInt64) {
        key(field, wireType: 2)
        append(varint: UInt64(value.count))
        bytes += value
    }

    mutating func string(_ value: String, field: UInt64) {
        bytes(Array(value.utf8), field: field)
    }

    private mutating func key(_ field: UInt64, wireType: UInt64) {
        append(varint: field << 3 | wireType)
    }

    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// The bytes of an integer, the lowest first.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

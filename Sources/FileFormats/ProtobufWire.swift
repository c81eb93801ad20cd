// The wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), without schemas:
// a message is a row of fields, each a number and a value of one of five kinds.

/// Writes the fields of a message.
package struct ProtobufWriter {
    private var bytes: [UInt8] = []

    /// A message of the fields that `body` writes.
    package static func message(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        body(&writer)
        return writer.bytes
    }

    package mutating func varint(_ value: Int, field: UInt64) {
        key(field, wireType: 0)
        append(varint: UInt64(bitPattern: Int64(value)))
    }

    package mutating func double(_ value: Double, field: UInt64) {
        key(field, wireType: 1)
        bytes += value.bitPattern.littleEndianBytes
    }

    package mutating func float(_ value: Float, field: UInt64) {
        key(field, wireType: 5)
        bytes += value.bitPattern.littleEndianBytes
    }

    package mutating func bytes(_ value: [UInt8], field: UInt64) {
        key(field, wireType: 2)
        append(varint: UInt64(value.count))
        bytes += value
    }

    package mutating func string(_ value: String, field: UInt64) {
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

/// Reads the fields of a message.
package struct ProtobufReader {
    package enum Value {
        case integer(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A text, bytes or a message in this one.
        case bytes(UnsafeRawBufferPointer)

        package var integer: UInt64? { if case .integer(let value) = self { value } else { nil } }

        package var bool: Bool? { integer.map { $0 != 0 } }

        package var double: Double? {
            if case .fixed64(let bits) = self { Double(bitPattern: bits) } else { nil }
        }

        package var float: Float? {
            if case .fixed32(let bits) = self { Float(bitPattern: bits) } else { nil }
        }

        package var bytes: UnsafeRawBufferPointer? {
            if case .bytes(let bytes) = self { bytes } else { nil }
        }
    }

    /// Why bytes are not a message.
    package enum Fault: Error, Hashable {
        case fieldWithoutNumber
        /// The byte before this place begins a field of no kind that there is.
        case unknownKind(position: Int)
        /// A number of more than ten bytes.
        case longNumber
        /// The bytes end inside a field.
        case truncated
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// - Parameter bytes: The message, which must outlive the reader.
    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next field; nil behind the last.
    package mutating func next() throws(Fault) -> (number: Int, value: Value)? {
        guard position < bytes.count else { return nil }
        let tag = try varint()
        guard tag >> 3 >= 1, tag >> 3 < 1 << 29 else { throw .fieldWithoutNumber }
        return (Int(tag >> 3), try value(ofType: tag & 7))
    }

    private mutating func value(ofType type: UInt64) throws(Fault) -> Value {
        switch type {
        case 0: return .integer(try varint())
        case 1: return .fixed64(UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self)))
        case 2:
            let count = try varint()
            return .bytes(try take(Int(exactly: count) ?? .max))
        case 5: return .fixed32(UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self)))
        default: throw .unknownKind(position: position)
        }
    }

    /// Seven bits a byte, the lowest first, at most ten bytes.
    private mutating func varint() throws(Fault) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            let byte = try take(1)[0]
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte & 0x80 == 0 { return value }
        }
        throw .longNumber
    }

    private mutating func take(_ count: Int) throws(Fault) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - position else { throw .truncated }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}

extension FixedWidthInteger {
    /// Its bytes, the lowest first.
    package var littleEndianBytes: [UInt8] {
        withUnsafeBytes(of: littleEndian) { Array($0) }
    }
}
